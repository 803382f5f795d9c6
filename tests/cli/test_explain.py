"""`atomlens explain`: the JSON contract, its sums, its invariances, its inputs."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from atomlens.cli import main
from atomlens.networks.grades import REASONS, Trust
from atomlens.units import ENERGY_UNITS_PER_EV

sys.path.insert(0, str(Path(__file__).parents[1] / "chem"))
from samples import METHANOL_MOL, METHANOL_V3000, WATER_EXTXYZ, WATER_XYZ

KCAL = ENERGY_UNITS_PER_EV["kcal/mol"]


def write_xyz(path: Path, symbols, positions) -> str:
    rows = [f"{symbol} {x!r} {y!r} {z!r}" for symbol, (x, y, z) in zip(symbols, positions.tolist(), strict=True)]
    path.write_text("\n".join([str(len(symbols)), "", *rows, ""]))
    return str(path)


def test_four_predictions_whose_parts_sum_to_their_totals(atomlens):
    answer = atomlens("explain", "CCO", "--json", "-").json()
    assert set(answer) == {"molecule", "predictions", "choice"}
    assert [one["model"] for one in answer["choice"]] == [p["model"] for p in answer["predictions"]]
    assert {one["reason"] for one in answer["choice"]} == {"only"}
    assert answer["molecule"]["symbols"] == ["C", "C", "O"] + 6 * ["H"]
    assert answer["molecule"]["numbers"] == [6, 6, 8] + 6 * [1]
    assert np.shape(answer["molecule"]["positions"]) == (9, 3)
    assert [p["model"] for p in answer["predictions"]] == [
        "qm9-bp-energy", "qm9-schnet-energy", "qm9-bp-dipole", "qm9-schnet-dipole",
    ]  # fmt: skip
    for p in answer["predictions"]:
        assert len(p["contributions"]) == 9
        assert p["uncertainty"] is None
        if p["property"] == "energy":
            assert p["unit"] == "eV"
            assert sum(p["contributions"]) + sum(p["references"]) == pytest.approx(p["total"], abs=1e-6)
        else:
            assert (p["unit"], p["references"]) == ("debye", None)
            assert sum(p["contributions"]) == pytest.approx(answer["molecule"]["charge"], abs=1e-9)
            assert np.linalg.norm(p["vector"]) == pytest.approx(p["total"], abs=1e-9)


def test_rotation_translation_and_permutation_change_nothing(atomlens, tmp_path):
    before = atomlens("explain", "glycine", "--json", "-").json()
    symbols, positions = before["molecule"]["symbols"], np.array(before["molecule"]["positions"])
    rng = np.random.default_rng(7)
    rotation, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    order = rng.permutation(len(symbols))
    moved = (positions @ rotation.T + [3.0, -170.0, 900.0])[order]
    path = write_xyz(tmp_path / "moved.xyz", [symbols[k] for k in order], moved)
    after = atomlens("explain", path, "--json", "-").json()
    for one, other in zip(before["predictions"], after["predictions"], strict=True):
        factor = KCAL if one["unit"] == "eV" else 1.0
        assert abs(one["total"] - other["total"]) * factor < 1e-4
        shift = np.abs(np.array(one["contributions"])[order] - other["contributions"]) * factor
        assert shift.max() < 1e-4


@pytest.mark.parametrize(
    ("name", "text", "formula"),
    [
        ("a.xyz", WATER_XYZ, "H2O"),
        ("a.XYZ", WATER_XYZ.replace("\n", "\r\n"), "H2O"),
        ("a.extxyz", WATER_EXTXYZ, "H2O"),
        ("a.mol", METHANOL_MOL, "CH4O"),
        ("a b.sdf", METHANOL_V3000 + "$$$$\n", "CH4O"),
    ],
)
def test_every_kind_of_file_is_explained_in_its_own_geometry(atomlens, tmp_path, name, text, formula):
    (tmp_path / name).write_text(text, newline="")
    molecule = atomlens("explain", name, "--model", "qm9-bp-energy", "--json", "-").json()["molecule"]
    assert (molecule["formula"], molecule["geometry"]["source"]) == (formula, "file")


def test_json_goes_to_a_file_and_nothing_to_the_screen(atomlens, tmp_path):
    ran = atomlens("explain", "O", "--json", "water.json")
    assert (ran.code, ran.out, ran.err) == (0, "", "")
    assert json.loads((tmp_path / "water.json").read_text()) == atomlens("explain", "O", "--json", "-").json()


def test_only_the_models_named_answer_in_that_order(atomlens):
    models = ["qm9-schnet-dipole", "qm9-bp-energy"]
    answer = atomlens("explain", "O", "--model", models[0], "--model", models[1], "--json", "-").json()
    assert [p["model"] for p in answer["predictions"]] == models


def test_the_table_shows_every_atom_in_the_unit_asked_for(atomlens):
    exact = atomlens("explain", "O", "--model", "qm9-bp-energy", "--json", "-").json()["predictions"][0]
    ran = atomlens("explain", "O", "--model", "qm9-bp-energy", "--unit", "kcal/mol")
    assert ran.code == 0
    whole = atomlens("explain", "O").out.splitlines()
    # where no terminal says how wide it is, nothing is cut: columns of two models looked alike
    assert not any("…" in line for line in whole)
    for value in exact["contributions"]:
        assert f"{value * KCAL:.4f}" in ran.out
    assert f"{exact['total'] * KCAL:.6f} kcal/mol" in ran.out
    assert "Only the sum is trained" in ran.out
    assert "force field MMFF94" in ran.out


def test_brackets_of_a_smiles_are_not_taken_for_markup(atomlens):
    ran = atomlens("explain", "[bold]", "--model", "qm9-bp-energy")
    assert "'[bold]' is neither a known name nor a readable SMILES" in ran.err
    assert "C[N+](=O)[O-]" in atomlens("explain", "C[N+](=O)[O-]", "--model", "qm9-bp-energy").out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("C1CC", "unclosed ring"),
        ("cafeine", "Did you mean caffeine"),
        ("O=O", "triplet"),
        ("[Na+].[Cl-]", "No network of molecules here knows Na, Cl;"),
        ("CCO.O", "2 separate molecules"),
        ("C[NH3+]", "+1 e"),
        ("CCCl", "No network of molecules here knows Cl; they know H, C, N, O"),
        ("none.xyz", "No such file"),
        ("note.txt", "Files of the kind '.txt' are not read"),
        ("picture.xyz", "not text but binary data"),
        ("folder.xyz", "cannot be read"),
        ("large.xyz", "10,000,002 bytes"),
        ("nan.xyz", "Line 3: the x coordinate is nan"),
    ],
)
def test_what_cannot_be_explained_is_refused_with_its_reason(refused, tmp_path, text, says):
    (tmp_path / "note.txt").write_text("C")
    (tmp_path / "picture.xyz").write_bytes(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR")
    (tmp_path / "folder.xyz").mkdir()
    (tmp_path / "large.xyz").write_text("3\n" + 10_000_000 * "x")
    (tmp_path / "nan.xyz").write_text("1\n\nHe nan 0 0\n")
    assert says in refused("explain", text)


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--json", "none/a.json"), "there is no folder none"),
        (("--json", "."), "it is a folder"),
        (("--model", "gpt"), "There are qm9-bp-energy"),
    ],
)
def test_what_cannot_be_done_is_refused_before_any_work(refused, arguments, says):
    assert says in refused("explain", "CCO", *arguments)


def test_an_element_that_the_named_model_does_not_know_is_an_error(refused):
    assert "qm9-bp-dipole does not know F" in refused("explain", "CF", "--model", "qm9-bp-dipole")


def test_ctrl_c_ends_a_molecule_that_takes_long(models_dir, tmp_path):
    environment = {"ATOMLENS_MODELS_DIR": str(models_dir), "PATH": "/usr/bin:/bin"}
    # compiled code holds this one for many seconds, and hides the signal from Python
    command = [
        *("env", "--default-signal=INT"),  # what a shell runs in the background ignores it, and hands that on
        str(Path(sys.executable).with_name("atomlens")),
        "explain",
        "C" * 98,
        "--json",
        str(tmp_path / "long.json"),
    ]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True)
    child = f"/proc/{process.pid}/task/{process.pid}/children"
    while len(Path(child).read_text().split()) < 1:
        assert process.poll() is None
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert process.returncode == 130
    assert "Traceback" not in err
    assert not (tmp_path / "long.json").exists()


def test_the_entry_point_is_the_tested_function():
    from importlib.metadata import entry_points

    (script,) = entry_points(group="console_scripts", name="atomlens")
    assert script.load() is main


@pytest.mark.parametrize("reason", REASONS)
def test_whatever_speaks_against_a_molecule_or_a_crystal_is_told(atomlens, monkeypatch, reason):
    def outside(model, numbers, *_, **__):
        return Trust(("outside",) * len(numbers), (reason,) * len(numbers), "outside", reason, None)

    monkeypatch.setattr("atomlens.explain.prediction.judge", outside)
    ran = atomlens("explain", "O")
    assert ran.code == 0
    assert "outside the training data (" in ran.out
