"""`atomlens explain` writes files of other programs: a drawing, extended XYZ, a page without a server."""

import base64
import json
import re
import xml.etree.ElementTree as ET

import ase.io
import numpy as np
import pytest

from atomlens.service.offline import _json


def test_several_files_at_once_hold_what_json_says(atomlens, tmp_path):
    files = {name: tmp_path / f"ethanol.{name}" for name in ("json", "csv", "extxyz", "svg")}
    answer = atomlens("explain", "CCO", *(part for name, path in files.items() for part in (f"--{name}", str(path))))
    assert answer.out == ""
    said = json.loads(files["json"].read_text())
    atoms = ase.io.read(files["extxyz"])
    bp = said["predictions"][0]
    np.testing.assert_array_equal(atoms.arrays["qm9_bp_energy_contribution"], bp["contributions"])
    assert atoms.arrays["qm9_bp_energy_forces"].shape == (9, 3)
    assert "qm9_bp_dipole_forces" not in atoms.arrays
    values = [float(one.get("data-value")) for one in ET.parse(files["svg"]).iter() if one.get("data-value")]
    assert values == [v for p in said["predictions"] if p["property"] == "energy" for v in p["contributions"]]
    assert "kcal/mol" in files["svg"].read_text("utf-8")


def test_the_drawing_takes_quantity_unit_and_limit(atomlens):
    svg = atomlens(
        "explain", "CCO", "--svg", "-", "--quantity", "charges", "--model", "qm9-bp-dipole", "--limit", "0.3"
    ).out
    root = ET.fromstring(svg)
    texts = [one.text for one in root.iter() if one.tag.endswith("text")]
    assert "Latent charges, e" in texts
    assert "+0.3" in texts
    free = atomlens("explain", "CCO", "--svg", "-", "--quantity", "atomization", "--unit", "kJ/mol").out
    assert "relative to free atoms, kJ/mol" in free


@pytest.mark.parametrize(
    "wrong",
    [
        ("--svg", "-", "--limit", "-1"), ("--svg", "-", "--limit", "nan"),
        ("--svg", "-", "--quantity", "charges", "--model", "qm9-bp-energy"), ("--html", "nowhere/x.html"),
    ],
)  # fmt: skip
def test_what_cannot_be_written_is_said_in_one_message(refused, wrong):
    refused("explain", "CCO", *wrong)


def test_the_page_of_a_file_holds_everything_and_names_nothing_else(atomlens):
    page = atomlens("explain", "CCO", "--html", "-").out
    data = json.loads(re.search(r'id="explanation">(.*?)</script>', page, re.DOTALL)[1])
    assert [p["model"] for p in data["predictions"]] == [m["name"] for m in data["models"]]
    assert set(data["surfaces"]) == {"potential", "probe_charge"}
    for kept in data["surfaces"].values():
        for (surface,) in kept["drawn"].values():
            raw = base64.b64decode(surface["mesh"])
            n_vertices, n_triangles = np.frombuffer(raw[:8], "<i4")
            assert len(raw) == 8 + 28 * n_vertices + 12 * n_triangles
            assert n_triangles > 500
    assert set(data["pairs"]) == {"qm9-bp-energy", "qm9-schnet-energy"}
    modules = json.loads(re.search(r'<script type="importmap">(.*?)</script>', page, re.DOTALL)[1])["imports"]
    assert {"js/offline.js", "js/viewer.js", "vendor/3Dmol.js"} <= set(modules)
    assert not {"js/api.js", "js/main.js"} & set(modules)
    for path, address in modules.items():
        code = base64.b64decode(address.removeprefix("data:text/javascript;base64,")).decode()
        # a module of a data address has no folder: every import is by its name in the map
        assert not re.search(r"""^(?:import|export)\b[^;'"]*\bfrom\s*["']\.""", code, re.MULTILINE), path
        for named in re.findall(r"""^(?:import|export)\b[^;'"]*?\bfrom\s*["']([^"']+)["']""", code, re.MULTILINE):
            assert named in modules, f"{path} imports {named}"
    without = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert not re.search(r"""(?:src|href)=["'](?!#|data:)|url\(\s*["']?https?:|@import""", without)
    assert "default-src 'none'" in page


def test_text_in_the_data_cannot_end_their_element():
    odd = {"name": "</script><script>alert(1)</script><!--"}
    assert "<" not in _json(odd)
    assert json.loads(_json(odd)) == odd
