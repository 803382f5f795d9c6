"""`atomlens batch` and `atomlens reaction`: tables, files and refusals."""

import csv
import io
import json

import pytest

from atomlens.cli.options import EnergyUnit
from atomlens.cli.tables import print_batch

ENERGY = "qm9-schnet-energy"
TABLE = "name,SMILES\nspirit,CCO\n,c1ccccc1\nbroken,C((\nsalt,CCl\n"


@pytest.fixture
def table(tmp_path):
    (tmp_path / "in.csv").write_text(TABLE)
    return tmp_path


def test_the_table_has_a_row_for_each_and_says_what_failed(atomlens, table):
    ran = atomlens("batch", "in.csv", "--unit", "kcal/mol")
    assert ran.code == 0, ran.err
    assert "2 of 4 molecules have no prediction" in ran.err
    for part in ("spirit", "C2H6O", "benzene", "C6H6", "cannot be", "No network", "kcal/mol", "debye"):
        assert part in ran.out


def test_a_row_has_the_worst_grade_of_what_it_shows_and_says_of_which_value(capfd):
    def one(model: str, grade: str) -> dict:
        quantity, unit = ("energy", "eV") if model.endswith("energy") else ("dipole", "debye")
        trust = {"grade": grade, "reason": None}
        return {
            "model": model, "property": quantity, "unit": unit, "total": 1.0, "uncertainty": None,
            "molecule_trust": trust,
        }  # fmt: skip

    def row(*predictions: dict, hidden: dict) -> dict:
        named = {"record": 1, "name": "x", "smiles": "", "input": "", "formula": "C", "atoms": 1, "error": None}
        return {**named, "predictions": [*predictions, hidden], "shown": [found["model"] for found in predictions]}

    hidden = one("b-bp-dipole", "outside")
    energy, dipole = one("a-schnet-energy", "inside"), one("a-bp-dipole", "unusual")
    print_batch([row(energy, dipole, hidden=hidden), row(energy, hidden=hidden)], EnergyUnit.EV)
    head, *lines = [line for line in capfd.readouterr().out.splitlines() if "│" in line or "┃" in line]
    said = [line.split("│")[-2].strip() for line in lines if line.startswith("│")]
    assert "trust" in head
    assert said == ["unusual (bp dipole)", "inside"]


def test_every_file_has_the_numbers_of_explain(atomlens, table):
    for name in ("out.csv", "out.json", "out.sdf"):
        ran = atomlens("batch", "in.csv", "--out", name)
        assert (ran.code, ran.out) == (0, ""), ran.err
    rows = json.loads((table / "out.json").read_text())["rows"]
    assert [row["error"] and row["error"]["code"] for row in rows] == [None, None, "bad_smiles", "unknown_element"]
    alone = atomlens("explain", "CCO", "--model", ENERGY, "--json", "-").json()["predictions"][0]
    own = next(one for one in rows[0]["predictions"] if one["model"] == ENERGY)
    assert own["total"] == pytest.approx(alone["total"], abs=1e-9)
    line = next(csv.DictReader(io.StringIO((table / "out.csv").read_text())))
    assert float(line[f"{ENERGY}_total_eV"]) == own["total"]
    from rdkit import Chem

    molecules = list(Chem.SDMolSupplier(str(table / "out.sdf"), removeHs=False))
    # that of which no model knows the elements is there too, without values
    assert [mol.GetProp("_Name") for mol in molecules] == ["spirit", "benzene", "salt"]
    assert [mol.GetNumAtoms() for mol in molecules] == [9, 12, 5]
    assert float(molecules[0].GetProp(f"{ENERGY}_total_eV")) == own["total"]


def test_what_it_writes_as_sdf_it_reads(atomlens, table):
    atomlens("batch", "in.csv", "--out", "out.sdf", "--model", ENERGY)
    atomlens("batch", "out.sdf", "--out", "again.json", "--model", ENERGY)
    atomlens("batch", "in.csv", "--out", "first.json", "--model", ENERGY)
    first, again = (json.loads((table / name).read_text())["rows"] for name in ("first.json", "again.json"))
    for one, other in zip((first[0], first[1]), again, strict=False):
        assert (one["name"], one["smiles"]) == (other["name"], other["smiles"])
        # positions have four decimals there
        assert one["predictions"][0]["total"] == pytest.approx(other["predictions"][0]["total"], abs=0.01)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("nothing.csv",), "cannot be read"),
        (("in.pdf",), "not read as many molecules"),
        (("in.csv", "--out", "out.pdf"), "none of .csv, .json, .sdf"),
        (("in.csv", "--out", "nowhere/out.csv"), "no folder nowhere"),
        (("in.csv", "--model", "nothing"), "nothing"),
        (("no-smiles.csv",), "no column of SMILES"),
    ],
)
def test_what_cannot_be_done_is_refused(refused, table, arguments, said):
    (table / "no-smiles.csv").write_text("a,b\n1,2\n")
    assert said in refused("batch", *arguments)


def test_a_table_of_a_western_spreadsheet_keeps_its_letters(atomlens, table):
    (table / "western.csv").write_text("Name,SMILES\nÄthanol,CCO\nMüll,c1ccccc1\n", encoding="cp1252")
    rows = atomlens("batch", "western.csv", "--out", "out.json")
    assert rows.code == 0, rows.err
    assert [row["name"] for row in json.loads((table / "out.json").read_text())["rows"]] == ["Äthanol", "Müll"]


def test_a_reaction_is_told_with_its_doubts(atomlens):
    ran = atomlens("reaction", "C=C + [HH] -> CC", "--unit", "kcal/mol")
    assert ran.code == 0, ran.err
    for part in ("C=C + [HH] -> CC", ENERGY, "energy of reaction, kcal/mol", "no zero-point", "change most"):
        assert part in " ".join(ran.out.split())


def test_of_what_looks_like_a_formula_it_is_said_what_it_was_read_as(atomlens, refused):
    remark = "CO was read as SMILES: methanol; carbon monoxide is [C-]#[O+]."
    assert remark in " ".join(refused("reaction", "CO + 2 H2 -> methanol").split())
    balanced = " ".join(atomlens("reaction", "2 CO -> COC + H2O").out.split())
    assert f"note: {remark}" in balanced
    assert "note:" not in balanced.replace(f"note: {remark}", "")


def test_outside_of_the_training_data_a_reaction_has_no_uncertainty(atomlens, monkeypatch):
    monkeypatch.setattr("atomlens.explain.reaction._uncertainty", lambda *_: 0.25)
    inside = atomlens("reaction", "cyclopropane -> propene").out
    # unpaired electrons are outside, whatever the networks say
    outside = atomlens("reaction", "CH4 + 2 O2 -> CO2 + 2 H2O").out
    assert ("± 0.250" in inside, "± 0.250" in outside, "no ±" in outside) == ("outside" not in inside, False, True)


def test_the_json_of_a_reaction_sums_up(atomlens):
    found = atomlens("reaction", "CH4 + O2 -> CO2 + H2O", "--balance", "--json", "-").json()
    assert found["equation"] == "CH4 + 2 O2 -> CO2 + 2 H2O"
    for one in found["predictions"]:
        totals = [species["total"] for species in one["species"]]
        assert one["energy"] == pytest.approx(totals[2] + 2 * totals[3] - totals[0] - 2 * totals[1], abs=1e-7)
        assert one["energy"] == pytest.approx(sum(one["changes"]), abs=1e-7)
        assert one["species"][1]["reason"] == "open_shell"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("H2 + O2 -> H2O",), "Balanced: 2 H2 + O2 -> 2 H2O"),
        (("C -> O",), "No coefficients balance it"),
        (("C + O",), "An arrow"),
        (("O -> O", "--model", "qm9-bp-dipole"), "needs models of the energy"),
        (("CCl -> CCl",), "knows Cl"),
    ],
)
def test_what_is_no_reaction_is_refused(refused, arguments, said):
    assert said in refused("reaction", *arguments)
