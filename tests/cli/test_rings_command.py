"""`atomlens rings`, and the table of atoms that `atomlens explain` writes."""

import csv
import io

import pytest


def test_rings_are_printed_and_written_the_most_stable_first(atomlens):
    found = atomlens("rings", "qm9-schnet-energy", "--json", "-").json()
    assert (found["model"], found["unit"]) == ("qm9-schnet-energy", "eV")
    values = [ring["versus_free_atoms"] for ring in found["rings"]]
    assert values == sorted(values)
    assert "thiophene" not in {ring["name"] for ring in found["rings"]}, "the model knows no sulfur"
    table = atomlens("rings", "qm9-schnet-energy").out
    assert table.index(found["rings"][0]["name"]) < table.index(found["rings"][-1]["name"])
    assert f"{values[0]:.4f}" in table


def test_rings_of_charges_are_refused(atomlens):
    done = atomlens("rings", "qm9-bp-dipole")
    assert done.code == 2
    assert "stability is of energies" in done.err


def test_the_table_of_atoms_has_the_numbers_of_the_json_to_the_last_digit(atomlens, tmp_path):
    file = tmp_path / "atoms.csv"
    assert atomlens("explain", "CCO", "--csv", str(file)).code == 0
    rows = list(csv.DictReader(io.StringIO(file.read_text())))
    predictions = atomlens("explain", "CCO", "--json", "-").json()["predictions"]
    assert [row["element"] for row in rows] == ["C", "C", "O"] + ["H"] * 6
    for prediction in predictions:
        name = prediction["model"]
        kind = "contribution_eV" if prediction["property"] == "energy" else "charge_e"
        assert [float(row[f"{name}_{kind}"]) for row in rows] == prediction["contributions"]
        assert {float(row[f"{name}_total_{prediction['unit']}"]) for row in rows} == {prediction["total"]}
        assert {row[f"{name}_trust"] for row in rows} == {""}, "these models keep no statistics"


def test_two_files_cannot_both_go_to_stdout(atomlens):
    done = atomlens("explain", "CCO", "--csv", "-", "--json", "-")
    assert (done.code, done.out) == (2, "")
    assert "Only one of the files" in done.err


@pytest.mark.parametrize("option", ["--csv", "--json"])
def test_a_file_that_cannot_be_written_is_refused_before_the_work(atomlens, tmp_path, option):
    done = atomlens("explain", "CCO", option, str(tmp_path / "none" / "x"))
    assert done.code == 2
    assert "no folder" in done.err
