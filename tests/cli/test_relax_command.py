"""`atomlens relax`: down to a minimum, as a table, a file, or JSON."""

from pathlib import Path

import pytest

from atomlens.chem.read import read_file


def test_the_json_is_the_whole_way_and_the_file_its_end(atomlens, tmp_path):
    found = atomlens(
        "relax", "water", "--model", "qm9-schnet-energy", "--json", "-", "--out", "w.xyz", "--steps", "5"
    ).json()
    assert found["model"] == "qm9-schnet-energy"
    assert len(found["energies"]) == len(found["positions"]) == found["steps"] + 1 <= 6
    assert found["energies"][-1] < found["energies"][0]
    assert found["unit"] == "eV"
    kept = read_file(tmp_path / "w.xyz")
    assert kept.symbols == ("O", "H", "H")
    assert kept.positions.tolist() == [pytest.approx(row, abs=1e-7) for row in found["positions"][-1]]
    assert "relaxed with qm9-schnet-energy" in (tmp_path / "w.xyz").read_text().splitlines()[1]


def test_the_table_tells_the_way_and_whether_it_converged(atomlens):
    ran = atomlens("relax", "water", "--model", "qm9-schnet-energy", "--steps", "2", "--fmax", "0.0001")
    assert ran.code == 0, ran.err
    assert "not converged after 2 steps" in ran.out
    assert "stopped before it had converged" in ran.out
    assert "largest force, eV/Å" in ran.out


def test_an_end_that_the_network_knows_nothing_of_is_said(atomlens, monkeypatch):
    monkeypatch.setenv("ATOMLENS_MODELS_DIR", str(Path(__file__).resolve().parents[2] / "models"))
    # of bonds away from rest QM9's networks learned nothing: theirs lead to a false minimum, far below
    ran = atomlens("relax", "OC(C1CC1)C1CC1", "--model", "qm9-schnet-energy")
    assert "The geometry at the end: outside the training data" in ran.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("water", "--model", "qm9-bp-dipole"), "has no forces"),
        (("CCl",), "knows Cl"),
        (("water", "--steps", "0"), "give 1 to 1000"),
        (("water", "--fmax", "nan"), "give 0.0001 to 10"),
        (("water", "--out", "water.sdf"), "does not end in .xyz"),
        (("water", "--out", "nowhere/x.xyz"), "no folder nowhere"),
    ],
)
def test_what_cannot_be_relaxed_is_refused(refused, arguments, said):
    assert said in refused("relax", *arguments)
