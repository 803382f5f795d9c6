"""Explanations as files of other programs, read by others: extended XYZ by ASE, drawings by an XML parser."""

import io
import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import ase.io
import numpy as np
import pytest

from atomlens.chem.depiction import flat_positions
from atomlens.chem.read import read_molecule
from atomlens.errors import InputError
from atomlens.explain.colors import diverging, hex_colors
from atomlens.explain.drawing import DECIMALS, LIMITS, WORDS, drawing, free_atoms, panels
from atomlens.explain.extxyz_file import explanation_extxyz
from atomlens.units import ENERGY_UNITS_PER_EV

SVG = {"svg": "http://www.w3.org/2000/svg"}
FRONTEND = Path(__file__).parents[2] / "frontend" / "js"


def predictions(n_atoms: int) -> list[dict]:
    rng = np.random.default_rng(3)
    energy = {
        "model": "x-bp-energy", "checkpoint": "a1" * 32, "property": "energy", "unit": "eV", "contribution_unit": "eV",
        "total": -5693.606548876, "uncertainty": 0.0072, "vector": None,
        "contributions": rng.normal(0, 0.3, n_atoms).tolist(),
        "references": rng.normal(-500, 300, n_atoms).tolist(), "contribution_spread": rng.random(n_atoms).tolist(),
        "trust": ["inside"] * (n_atoms - 1) + ["outside"], "trust_reasons": [None] * (n_atoms - 1) + ["spread"],
    }  # fmt: skip
    dipole = energy | {
        "model": "x-schnet-dipole", "property": "dipole", "unit": "debye", "contribution_unit": "e", "total": 3.5,
        "uncertainty": None, "vector": [1.5, -2.5, 2.0], "references": None, "contribution_spread": None, "trust": None,
    }  # fmt: skip
    return [energy, dipole]


@pytest.fixture(scope="module")
def acetamide():
    return read_molecule("acetamide", "name", max_atoms=20)


def test_ase_reads_every_value_of_extended_xyz(acetamide):
    found = predictions(len(acetamide))
    forces = np.random.default_rng(1).normal(size=(len(acetamide), 3))
    text = explanation_extxyz(acetamide, found, {"x-bp-energy": forces.tolist()})
    atoms = ase.io.read(io.StringIO(text), format="extxyz")
    assert tuple(atoms.get_chemical_symbols()) == acetamide.symbols
    np.testing.assert_array_equal(atoms.positions, acetamide.positions)
    energy, dipole = found
    for name, values in {
        "x_bp_energy_contribution": energy["contributions"],
        "x_bp_energy_spread": energy["contribution_spread"],
        "x_bp_energy_reference": energy["references"],
        "x_bp_energy_forces": forces,
        "x_schnet_dipole_charge": dipole["contributions"],
    }.items():
        np.testing.assert_array_equal(atoms.arrays[name], values, err_msg=name)
    assert list(atoms.arrays["x_bp_energy_trust"]) == energy["trust"]
    assert set(atoms.arrays["x_schnet_dipole_trust"]) == {"unknown"}
    assert "x_schnet_dipole_spread" not in atoms.arrays
    info = atoms.info
    assert (info["x_bp_energy_total"], info["x_bp_energy_uncertainty"], info["x_bp_energy_unit"]) == (
        energy["total"], energy["uncertainty"], "eV",
    )  # fmt: skip
    np.testing.assert_array_equal(info["x_schnet_dipole_vector"], dipole["vector"])
    assert info["x_bp_energy_checkpoint"] == energy["checkpoint"]
    assert (info["name"], info["smiles"], info["charge"]) == ("acetamide", "CC(N)=O", 0)
    assert not atoms.pbc.any()


def test_a_name_of_any_kind_stays_in_its_place(acetamide):
    name = 'odd "name"\nwith a line, \\ and é=1'
    text = explanation_extxyz(replace(acetamide, name=name, smiles="F/C=C\\F"), [], {})
    atoms = ase.io.read(io.StringIO(text), format="extxyz")
    assert atoms.info["name"] == name.replace("\n", " ")
    assert atoms.info["smiles"] == "F/C=C\\F"
    assert len(atoms) == len(acetamide)
    # and the program reads its own files
    np.testing.assert_array_equal(read_molecule(text, "extxyz", max_atoms=20).positions, acetamide.positions)


def drawn(molecule, quantity="contributions", unit="kcal/mol", limit=None):
    found = panels(predictions(len(molecule)), quantity, {"x-bp-energy": np.full(len(molecule), -600.0)})
    text = drawing(molecule, flat_positions(molecule), found, quantity, unit=unit, limit=limit)
    return ElementTree.fromstring(text), found


@pytest.mark.parametrize(
    ("quantity", "unit"),
    [("contributions", "kcal/mol"), ("contributions", "Ha"), ("atomization", "kJ/mol"), ("charges", "eV")],
)
def test_a_drawing_has_every_value_in_its_colour_and_a_legend_with_unit_and_limits(acetamide, quantity, unit):
    tree, (panel,) = drawn(acetamide, quantity, unit)
    shown = "e" if quantity == "charges" else unit
    factor = 1.0 if quantity == "charges" else ENERGY_UNITS_PER_EV[unit]
    atoms = tree.findall(".//svg:g[@class='atom']", SVG)
    assert [int(atom.get("data-atom")) for atom in atoms] == list(range(len(acetamide)))
    expected = hex_colors(panel.values / LIMITS[quantity])
    for atom, symbol, value, color in zip(atoms, acetamide.symbols, panel.values, expected, strict=True):
        assert float(atom.get("data-value")) == value
        assert atom.find("svg:circle", SVG).get("fill") == color
        written = [text.text for text in atom.findall(".//svg:text", SVG)]
        assert written[0] == symbol
        number = float(written[1].replace("\u2212", "-").replace(",", ""))
        assert number == pytest.approx(value * factor, abs=0.5001 * 10.0 ** -DECIMALS[shown])
    legend = tree.find(".//svg:g[@class='legend']", SVG)
    words = [text.text for text in legend.findall("svg:text", SVG)]
    assert words[0] == f"{WORDS['en'].names[quantity]}, {shown}"
    end = LIMITS[quantity] * factor
    assert float(words[1].replace("\u2212", "-")) == pytest.approx(-end, rel=1e-3)
    assert float(words[5]) == pytest.approx(end, rel=1e-3)
    assert "trained" in words[-1]
    stops = [stop.get("stop-color") for stop in tree.findall(".//svg:stop", SVG)]
    assert stops == hex_colors(np.linspace(-1, 1, len(stops)))


def test_a_limit_and_free_atoms_change_colours_and_values(acetamide):
    _, (plain,) = drawn(acetamide)
    _, (free,) = drawn(acetamide, "atomization")
    energy = predictions(len(acetamide))[0]
    np.testing.assert_allclose(free.values - plain.values, np.array(energy["references"]) + 600.0)
    tree, _ = drawn(acetamide, limit=0.1)
    fills = [circle.get("fill") for circle in tree.findall(".//svg:circle", SVG)]
    assert fills == hex_colors(plain.values / 0.1)
    assert len(set(hex_colors([-1.0, -2.0]))) == 1
    known = free_atoms(acetamide, {"a": {"H": -13.0, "C": -1.0, "N": -2.0, "O": -3.0}, "b": {"H": -13.0}, "c": None})
    assert set(known) == {"a"}
    assert known["a"][0] == -1.0


def test_discs_neither_cover_one_another_nor_leave_the_drawing():
    molecule = read_molecule("cholesterol", "name", max_atoms=100)
    tree, _ = drawn(molecule)
    circles = [[float(circle.get(key)) for key in ("cx", "cy", "r")] for circle in tree.findall(".//svg:circle", SVG)]
    x, y, r = np.array(circles).T
    apart = np.hypot(x[:, None] - x, y[:, None] - y) - r[:, None] - r
    np.fill_diagonal(apart, 1.0)
    assert apart.min() >= -0.2
    width, height = float(tree.get("width")), float(tree.get("height"))
    assert (x - r).min() > 0
    assert (x + r).max() < width
    assert (y - r).min() > 58
    assert (y + r).max() < height - 100
    # every number is large enough to be read
    assert min(float(t.get("font-size")) for t in tree.findall(".//svg:text", SVG)) >= 9


def test_what_cannot_be_drawn_says_why_and_names_are_escaped(acetamide):
    with pytest.raises(InputError) as caught:
        panels(predictions(9)[1:], "contributions", {})
    assert caught.value.code == "no_values"
    odd = replace(acetamide, name='<script>"&\x00')
    found = panels(predictions(len(odd)), "charges", {})
    text = drawing(odd, flat_positions(odd), found, "charges", unit="eV")
    assert "<script" not in text
    assert ElementTree.fromstring(text).find("svg:title", SVG).text.startswith('<script>"&: latent charges')


def test_a_german_drawing_has_the_same_values_in_german(acetamide):
    trees = []
    for language in ("en", "de"):
        found = panels(predictions(len(acetamide)), "contributions", {})
        text = drawing(acetamide, flat_positions(acetamide), found, "contributions", unit="eV", language=language)
        trees.append(ElementTree.fromstring(text))
    english, german = ([text.text for text in tree.iter("{http://www.w3.org/2000/svg}text")] for tree in trees)
    assert len(english) == len(german)
    for own, theirs in zip(english, german, strict=True):
        if re.fullmatch(r"[+\u2212]?[\d,]+\.\d+", own):
            assert theirs == own.translate(str.maketrans(",.", ".,"))
    assert "Beiträge zur Energie, eV" in german
    assert not {text for text in german if re.search(r"\b(the|sum|each)\b", text)}
    assert [tree.find("svg:title", SVG).text.partition(":")[0] for tree in trees] == ["acetamide", "Acetamid"]
    assert trees[1].find("svg:title", SVG).text.endswith(": Beiträge zur Energie, eV")
    assert trees[1].get("{http://www.w3.org/XML/1998/namespace}lang") == "de"


def test_limits_and_colours_are_those_of_the_page():
    scale = (FRONTEND / "lib" / "scale.js").read_text("utf-8")
    kcal = ENERGY_UNITS_PER_EV["kcal/mol"]
    for name, quantity in (("output", "contributions"), ("atomization", "atomization")):
        written = re.search(rf"\b{name}: kcalPerMol\(([\d.]+)\)", scale)[1]
        assert float(written) == pytest.approx(LIMITS[quantity] * kcal)
    assert float(re.search(r"\bcharge: ([\d.]+)", scale)[1]) == LIMITS["charges"]
    linear = diverging([0.5])[0]
    encoded = [round(255 * (1.055 * c ** (1 / 2.4) - 0.055)) for c in linear]
    assert hex_colors([0.5]) == ["#" + "".join(f"{c:02x}" for c in encoded)]
