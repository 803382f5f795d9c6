"""Crystals on the command line."""

import shutil
from pathlib import Path

import numpy as np
import pytest

from tiny import tiny_materials, tiny_models_dir

PEROVSKITE = """5
Lattice="3.9 0 0 0 3.9 0 0 0 3.9" Properties=species:S:1:pos:R:3 pbc="T T T"
K 0 0 0
Mg 1.95 1.95 1.95
Cl 1.95 1.95 0
Cl 1.95 0 1.95
Cl 0 1.95 1.95
"""


@pytest.fixture(scope="module")
def models_dir(tmp_path_factory):
    return tiny_materials(tiny_models_dir(tmp_path_factory.mktemp("models")))


def test_a_crystal_is_explained_by_models_of_crystals(atomlens, tmp_path):
    (tmp_path / "kmgcl3.xyz").write_text(PEROVSKITE)
    answer = atomlens("explain", "kmgcl3.xyz", "--json", "-").json()
    assert [p["model"] for p in answer["predictions"]] == ["materials-salts"]
    assert np.shape(answer["molecule"]["cell"]) == (3, 3)
    first, second, third = answer["predictions"][0]["contributions"][2:]
    assert first == pytest.approx(second)
    assert first == pytest.approx(third)
    assert "materials-salts" in atomlens("explain", "kmgcl3.xyz").out


def test_other_commands_refuse_it(atomlens, tmp_path):
    (tmp_path / "kmgcl3.xyz").write_text(PEROVSKITE)
    for command in (
        ("pairs", "kmgcl3.xyz"),
        ("alchemy", "kmgcl3.xyz", "--change", "0:Na"),
        ("probe", "kmgcl3.xyz", "--model", "materials-salts", "--element", "O", "--out", "x.cube"),
    ):
        ran = atomlens(*command)
        assert ran.code == 2
        assert "contributions alone" in ran.err


def test_a_model_of_crystals_refuses_a_molecule(atomlens):
    ran = atomlens("explain", "O", "--model", "materials-salts")
    assert ran.code == 2
    assert "no cell" in ran.err


def test_many_crystals_are_predicted_from_one_file(atomlens, tmp_path):
    numbers = np.array([11, 17, 12, 8])
    cells = np.array([np.eye(3) * 3.4, np.eye(3) * 2.6])
    positions = np.concatenate([[[0, 0, 0], cell.diagonal() / 2] for cell in cells])
    sizes = np.array([2, 2])
    np.savez(tmp_path / "in.npz", n_atoms=sizes, numbers=numbers, positions=positions, cell=cells)
    assert atomlens("predict", "--model", "materials-salts", "--in", "in.npz", "--out", "out.npz").code == 0
    with np.load(tmp_path / "out.npz") as found:
        assert np.isfinite(found["total"]).all()
    np.savez(tmp_path / "bad.npz", n_atoms=sizes, numbers=numbers, positions=positions, cell=cells[:1])
    assert (
        "cell has the shape"
        in atomlens("predict", "--model", "materials-salts", "--in", "bad.npz", "--out", "o.npz").err
    )
    np.savez(tmp_path / "flat.npz", n_atoms=sizes, numbers=numbers, positions=positions, cell=cells * [1, 1, 0])
    assert (
        "cannot be that" in atomlens("predict", "--model", "materials-salts", "--in", "flat.npz", "--out", "o.npz").err
    )


def test_the_order_in_element_vectors_is_printed_where_there_are_enough(atomlens):
    # six elements, one of which is rare
    assert "so few elements" in atomlens("embeddings", "materials-salts").out
    found = atomlens("embeddings", "materials-salts", "--json", "-").json()
    assert found["measured"] == [True, True, True, True, True, False]
    assert len(found["members"]) == 2
    assert atomlens("embeddings", "qm9-bp-energy").code == 2


def test_released_vectors_of_the_elements_show_the_periodic_table(atomlens, monkeypatch):
    monkeypatch.setenv("ATOMLENS_MODELS_DIR", str(Path(__file__).resolve().parents[2] / "models"))
    found = atomlens("embeddings", "materials-elpasolites", "--json", "-").json()
    for member in found["members"]:
        share = member["same_group"]["euclidean"]
        assert share["share"] > 0.75
        assert share["share"] > found["additive"]["euclidean"]["share"] + 0.3
        assert share["p"] == pytest.approx(1e-4)
        best = {c["property"]: c["adjusted"] for c in sorted(member["correlations"], key=lambda c: -c["adjusted"])}
        assert all(adjusted < 0.05 for adjusted in best.values())
    assert found["agreement"] > 0.9
    assert "additive model" in atomlens("embeddings", "materials-elpasolites").out


def test_what_is_of_molecules_is_refused_where_there_are_models_of_crystals_alone(
    refused, monkeypatch, models_dir, tmp_path
):
    assert "materials-salts is a model of crystals: rings are of molecules." in refused("rings", "materials-salts")
    shutil.copytree(models_dir / "materials-salts", tmp_path / "crystals" / "materials-salts")
    monkeypatch.setenv("ATOMLENS_MODELS_DIR", str(tmp_path / "crystals"))
    (tmp_path / "two.smi").write_text("O water\nC methane\n")
    assert "no models of molecules" in refused("batch", "two.smi")


def test_pairs_are_refused_where_no_model_is_of_the_energy(refused, monkeypatch, models_dir, tmp_path):
    [dipole] = [card.parent for card in models_dir.glob("*/card.json") if '"dipole"' in card.read_text()][:1]
    shutil.copytree(dipole, tmp_path / "dipoles" / dipole.name)
    monkeypatch.setenv("ATOMLENS_MODELS_DIR", str(tmp_path / "dipoles"))
    assert "no models of the energy" in refused("pairs", "O")


def test_a_molecule_in_a_box_is_explained_with_a_note(atomlens, tmp_path):
    lattice = 'Lattice="12 0 0 0 12 0 0 0 12" Properties=species:S:1:pos:R:3 pbc="T T T"'
    (tmp_path / "box.xyz").write_text(f"2\n{lattice}\nNa 0 0 0\nCl 2.36 0 0\n")
    ran = atomlens("explain", "box.xyz")
    assert ran.code == 0
    assert "one molecule, more than 5 Å" in " ".join((ran.out + ran.err).split())
