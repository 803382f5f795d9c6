"""What the repository may not hold: a machine's own paths, hosts of registries and networks, data, pickles."""

import json
import re

import pytest
from repository import ROOT, kept_files

# written in parts, so that this file passes its own test
HOSTS = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("pytorch", "org"),
        ("anaconda", "org"),
        ("debian", "org"),
        ("docker", "io"),
        ("jsdelivr", "net"),
        ("unpkg", "com"),
        ("cdnjs", "com"),
        ("googleapis", "com"),
        ("gstatic", "com"),
    )
]
MACHINE_PATH = re.compile(r"(?<![\w.~-])/(?:work|root|Users)/|(?<![\w.~-])/home/\w")
BINARY = {".safetensors", ".png", ".jpg", ".ico", ".webp", ".woff2"}
REFUSED = {".npz", ".npy", ".pt", ".pth", ".pkl", ".pickle", ".joblib", ".sqlite3", ".whl"}


def texts():
    for path in kept_files():
        if path.suffix not in BINARY | REFUSED:
            yield path, (ROOT / path).read_text(encoding="utf-8")


def test_no_file_names_a_package_registry_or_a_content_network():
    found = [f"{path}: {host}" for path, text in texts() for host in HOSTS if host in text]
    assert found == []


def test_no_file_holds_a_path_of_the_machine_that_it_was_written_on():
    found = [f"{path}: {match[0]}" for path, text in texts() if (match := MACHINE_PATH.search(text))]
    assert found == []


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('"/' + 'work/main/x"', True),
        ("(/" + "root/.cache)", True),
        ("/" + "home/anna", True),
        ("../work/main", False),
        ("frontend/work/x", False),
    ],
)
def test_a_path_is_told_from_a_folder_of_that_name(text, found):
    assert bool(MACHINE_PATH.search(text)) is found


def test_the_package_lock_names_no_download_address():
    lock = json.loads((ROOT / "frontend" / "package-lock.json").read_text(encoding="utf-8"))
    packages = {name: entry for name, entry in lock["packages"].items() if name}
    assert packages, "the lock pins nothing"
    assert [name for name, entry in packages.items() if "resolved" in entry] == []
    assert [name for name, entry in packages.items() if "integrity" not in entry] == []


def test_no_training_data_and_no_pickle_is_kept():
    assert [str(path) for path in kept_files() if path.suffix in REFUSED] == []


def test_no_file_is_large_enough_to_be_a_data_set():
    limit = 16 * 2**20
    assert [str(path) for path in kept_files() if (ROOT / path).stat().st_size > limit] == []
