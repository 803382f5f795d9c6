"""A skipped test fails the run, unless it needs the training data; then the run says so at its end."""

import os
import subprocess
import sys

import pytest
from repository import ROOT

SKIPPED = "SKIPPED, WHICH FAILS THE RUN"
NOT_TESTED = "NOT TESTED: the training data is not beside the repository"


@pytest.fixture
def run_pytest(tmp_path):
    def run(*codes: str, processes: int = 0, **environment: str) -> subprocess.CompletedProcess[str]:
        for number, code in enumerate(codes):
            (tmp_path / f"test_{number}.py").write_text(f"import pytest\n{code}\n")
        (tmp_path / "pytest.ini").write_text("[pytest]\nxfail_strict = true\n")
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-p",
            "conftest",
            "-p",
            "no:cacheprovider",
            *(("-p", "xdist.plugin", "-n", str(processes)) if processes else ()),
            *sorted(tmp_path.glob("test_*")),
        ]
        variables = (
            os.environ | {"PYTHONPATH": str(ROOT / "tests"), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"} | environment
        )
        return subprocess.run(command, cwd=tmp_path, env=variables, capture_output=True, text=True, check=False)

    return run


def test_a_run_without_skips_passes(run_pytest):
    result = run_pytest("def test_a(): pass")
    assert result.returncode == 0, result.stdout
    assert SKIPPED not in result.stdout
    assert NOT_TESTED not in result.stdout


def test_a_single_skip_fails_the_run(run_pytest):
    assert run_pytest("def test_a(): pytest.skip('later')\ndef test_b(): pass").returncode == 1


@pytest.mark.parametrize("processes", [0, 2])
def test_skips_of_every_kind_are_named(run_pytest, processes):
    codes = [
        "@pytest.mark.skip(reason='reason 0')\ndef test_a(): pass",
        "@pytest.mark.skipif(True, reason='reason 1')\ndef test_a(): pass",
        "def test_a(): pytest.skip('reason 2')",
        "pytest.skip('reason 3', allow_module_level=True)",
        "pytest.importorskip('no_such_library', reason='reason 4')",
        "@pytest.fixture\ndef thing(): pytest.skip('reason 5')\ndef test_a(thing): pass",
        "class TestA:\n    def test_a(self): pytest.skip('reason 6')",
    ]
    result = run_pytest(*codes, processes=processes)
    assert result.returncode == 1, result.stdout
    named = result.stdout.split(SKIPPED)[1]
    for number in range(len(codes)):
        assert f"test_{number}.py" in named
        assert named.count(f"reason {number}") == 1


def test_a_module_that_one_of_two_processes_left_out_fails_the_run(run_pytest):
    codes = ["def test_a(): pass", "pytest.skip('later', allow_module_level=True)"]
    assert run_pytest(*codes, processes=2).returncode == 1


def test_without_the_training_data_the_run_passes_and_says_so(run_pytest, tmp_path):
    code = "def test_a(shared_data): pass\ndef test_b(): pass"
    result = run_pytest(code, ATOMLENS_SHARED=str(tmp_path / "nowhere"))
    assert result.returncode == 0, result.stdout
    assert "test_0.py::test_a" in result.stdout.split(NOT_TESTED)[1]
    assert "1 passed, 1 skipped" in result.stdout


def test_the_training_data_is_found_where_the_setting_says(run_pytest, tmp_path):
    (tmp_path / "elsewhere" / "data").mkdir(parents=True)
    (tmp_path / "elsewhere" / "data" / "qm9.npz").touch()
    code = "def test_a(shared_data): assert shared_data.parent.name == 'elsewhere'"
    result = run_pytest(code, ATOMLENS_SHARED=str(tmp_path / "elsewhere"))
    assert result.returncode == 0, result.stdout
    assert NOT_TESTED not in result.stdout


def test_settings_of_the_person_who_runs_the_tests_do_not_reach_them(run_pytest):
    code = "import os\ndef test_a(): assert 'ATOMLENS_PORT' not in os.environ"
    assert run_pytest(code, ATOMLENS_PORT="1").returncode == 0


def test_an_expected_failure_is_no_skip_and_fails_when_it_passes(run_pytest):
    result = run_pytest("@pytest.mark.xfail(reason='known')\ndef test_a(): assert False")
    assert result.returncode == 0, result.stdout
    result = run_pytest("@pytest.mark.xfail(reason='known')\ndef test_a(): pass")
    assert result.returncode == 1, result.stdout
