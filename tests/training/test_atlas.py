"""The atlas of a model: what is kept, what is found in it, and the released ones."""

import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from safetensors.numpy import load as load_arrays
from safetensors.numpy import save as save_arrays

from atomlens.chem import minima
from atomlens.chem.atom_groups import groups_of_atoms
from atomlens.chem.elements import NUMBERS, SYMBOLS
from atomlens.chem.molecule import Molecule
from atomlens.chem.smiles import read_smiles
from atomlens.errors import CheckpointError, InputError, NotFound
from atomlens.explain.environments import surroundings
from atomlens.explain.rings import rank_rings
from atomlens.networks import environments
from atomlens.networks.atlas import ATLAS, STEP, read_atlas
from atomlens.networks.card import CARD, Card
from atomlens.networks.charges import neutralized
from atomlens.networks.checkpoint import load
from atomlens.networks.protocol import Batch
from atomlens.networks.registry import ModelRegistry
from atomlens.training.atlas import _thinned, write_atlas
from tiny import SMILES, tiny_models_dir, tiny_source, with_statistics

RELEASED = ModelRegistry(Path(__file__).resolve().parents[2] / "models")
OF_MOLECULES = [card.name for card in RELEASED.cards.values() if not card.periodic]
#: Those of `tiny_source` whose constitution is known, by their place in it.
KNOWN = {m: read_smiles(smiles, 100) for m, smiles in enumerate(SMILES) if tiny_source().train.smiles[m]}
MOLECULES = list(KNOWN.values())


@pytest.fixture(scope="module")
def tiny(tmp_path_factory) -> Path:
    folder = tiny_models_dir(tmp_path_factory.mktemp("atlas"), members=2)
    for name in ("qm9-bp-energy", "qm9-schnet-dipole"):
        with_statistics(folder / name)
        write_atlas(folder / name, tiny_source())
    return folder


@pytest.mark.parametrize("name", ["qm9-bp-energy", "qm9-schnet-dipole"])
def test_distributions_are_of_the_models_own_answers(tiny, name):
    model, atlas = load(tiny / name), read_atlas(tiny / name, Card.read(tiny / name))
    batch = Batch.of(MOLECULES)
    outputs = model.outputs(batch)
    values = outputs.mean if model.quantity == "energy" else outputs.weights @ neutralized(outputs.outputs, batch)
    groups = np.array([group for m in MOLECULES for group in groups_of_atoms(m.numbers, m.bonds)])
    table = atlas.distribution("C")
    assert table["n"] == (batch.numbers == 6).sum() == sum(group["n"] for group in table["groups"])
    assert sum(table["counts"]) == table["n"]
    for group in table["groups"]:
        mine = values[(batch.numbers == 6) & (groups == group["name"])]
        assert group["n"] == len(mine) == sum(group["counts"])
        assert group["mean"] == pytest.approx(mine.mean(), abs=1e-4)
        assert group["quantiles"][50] == pytest.approx(np.median(mine), abs=1e-4)
    assert table["unit"] == ("eV" if model.quantity == "energy" else "e")


def test_a_training_atom_finds_itself_with_its_molecule(tiny):
    model, atlas = load(tiny / "qm9-bp-energy"), read_atlas(tiny / "qm9-bp-energy", Card.read(tiny / "qm9-bp-energy"))
    found_itself = 0
    for m, molecule in KNOWN.items():
        found = surroundings(model, atlas, molecule, 0, 2)
        first = found.nearest[0]
        assert first["distance"] < 0.01
        assert first["contribution"] == pytest.approx(found.contribution, abs=1e-3)
        kept = first["molecule"]
        assert kept["symbols"][first["atom"]] == found.element
        if kept["id"] == f"tiny_{m}":
            found_itself += 1
            assert kept["smiles"] == molecule.smiles
            assert kept["symbols"] == list(molecule.symbols)
            moved = np.array(kept["positions"]) + molecule.positions.mean(0)
            assert np.abs(moved - molecule.positions).max() <= STEP
            assert [tuple(bond) for bond in kept["bonds"]] == list(molecule.bonds)
        assert found.nearest[0]["distance"] <= found.nearest[1]["distance"]
    assert found_itself > 5


def test_percentiles_lie_where_the_value_lies(tiny):
    atlas = read_atlas(tiny / "qm9-bp-energy", Card.read(tiny / "qm9-bp-energy"))
    table = atlas.distribution("H")
    assert atlas.percentile("H", table["quantiles"][0] - 1.0) == 0.0
    assert atlas.percentile("H", table["quantiles"][-1] + 1.0) == 100.0
    assert atlas.percentile("H", table["quantiles"][25]) == pytest.approx(
        25.0, abs=100.0 / 15
    )  # steps of few hydrogens
    assert atlas.percentile("H", 0.0, "of thiol") is None
    assert atlas.percentile("Xe", 0.0) is None
    assert atlas.count("H") == table["n"] > 0
    assert [atlas.count("H", group["name"]) for group in table["groups"]] == [group["n"] for group in table["groups"]]
    assert (atlas.count("H", "of thiol"), atlas.count("Xe"), atlas.count("Xe", "other")) == (0, 0, 0)


def test_an_atom_that_is_not_there_and_an_element_without_atoms_are_errors(tiny):
    model, atlas = load(tiny / "qm9-bp-energy"), read_atlas(tiny / "qm9-bp-energy", Card.read(tiny / "qm9-bp-energy"))
    with pytest.raises(InputError, match="no atom 99"):
        surroundings(model, atlas, MOLECULES[0], 99, 2)
    with pytest.raises(NotFound, match="no atoms of S"):
        atlas.distribution("S")


def test_rings_are_ranked_by_the_mean_of_their_atoms_against_free_atoms(tiny):
    model, card = load(tiny / "qm9-bp-energy"), Card.read(tiny / "qm9-bp-energy")
    atlas = read_atlas(tiny / "qm9-bp-energy", card)
    rows = rank_rings(model, card.free_atom_energies, atlas)
    values = [row["versus_free_atoms"] for row in rows]
    assert values == sorted(values)
    names = [row["name"] for row in rows]
    assert "thiophene" not in names, "these models know no sulfur"
    assert {"benzene", "pyridine", "pyrrole", "furan", "cyclohexane", "cyclopropane"} <= set(names)
    benzene = next(row for row in rows if row["name"] == "benzene")
    molecule = read_smiles("c1ccccc1", 100)
    carbons = model.outputs(Batch.of([molecule])).mean[molecule.numbers == 6]
    assert benzene["force_field"]["contribution"] == pytest.approx(carbons.mean())
    shift = card.reference_energies[6] - card.free_atom_energies["C"]
    assert benzene["versus_free_atoms"] == pytest.approx(benzene["contribution"] + shift)
    assert benzene["geometry"] == "tiny tiny_2", "the data set has it"
    assert next(row for row in rows if row["name"] == "furan")["geometry"] == "MMFF94"
    without = rank_rings(model, None, None)
    assert all(row["versus_free_atoms"] is None for row in without)
    values = [row["contribution"] for row in without]
    assert values == sorted(values)
    with pytest.raises(InputError, match="stability is of energies"):
        rank_rings(load(tiny / "qm9-schnet-dipole"), None, None)


def test_common_environments_do_not_crowd_out_rare_ones():
    typed = SimpleNamespace(
        numbers=np.array([6] * 700 + [8] * 3),
        groups=np.array(["methyl"] * 700 + ["water"] * 3),
        molecule=np.concatenate([np.arange(700) // 2, [0, 1, 2]]),
        molecules=list(range(350)),
    )
    kept = _thinned(typed)
    assert (typed.numbers[kept] == 6).sum() == 250, "one of a molecule, and no more of a kind than there may be"
    assert (typed.numbers[kept] == 8).sum() == 3
    methyls = kept[typed.numbers[kept] == 6]
    assert len(np.unique(typed.molecule[methyls])) == len(methyls)


def test_another_file_and_an_earlier_checkpoint_are_refused(tiny, tmp_path):
    source = tiny / "qm9-bp-energy"
    card = Card.read(source)
    arrays = load_arrays((source / ATLAS).read_bytes())
    (tmp_path / ATLAS).write_bytes(save_arrays({**arrays, "values": arrays["values"] + 1.0}))
    with pytest.raises(CheckpointError, match="not the file that its card names"):
        read_atlas(tmp_path, card)
    with pytest.raises(NotFound, match="no atlas"):
        read_atlas(tiny / "qm9-schnet-energy", Card.read(tiny / "qm9-schnet-energy"))
    older = Card({**card.raw, "atlas": {**card.raw["atlas"], "checkpoint": "0" * 64}})
    with pytest.raises(NotFound, match="earlier checkpoint"):
        read_atlas(source, older)


def test_a_model_without_statistics_gets_none(tmp_path):
    with pytest.raises(InputError, match="no statistics"):
        write_atlas(tiny_models_dir(tmp_path) / "qm9-bp-energy", tiny_source())


@pytest.mark.parametrize("name", OF_MOLECULES)
def test_every_released_model_has_a_small_atlas_of_its_checkpoint(name):
    card = RELEASED.card(name)
    assert card.has_atlas, f"atomlens atlas {name}"
    atlas = RELEASED.atlas(name)
    assert (RELEASED.folder / name / ATLAS).stat().st_size < 2e6
    groups = [group for table in atlas.meta["elements"].values() for group in table["groups"]]
    assert len(groups) >= 25
    assert list(atlas.meta["elements"]) == card.raw["elements"]
    told = {
        "model",
        "checkpoint",
        "unit",
        "data",
        "licence",
        "molecules",
        "groups",
        "elements",
        "ids",
        "smiles",
        "rings",
    }
    assert set(atlas.meta) == told, "no reference energies"
    assert len(np.unique(atlas.atoms[:, :2], axis=0)) >= 25
    assert np.isfinite(atlas.reduced.astype(float)).all()


@pytest.mark.parametrize("name", OF_MOLECULES)
def test_what_is_kept_of_training_atoms_is_what_the_model_says_of_their_molecules(name):
    """Also that molecule, identifier, SMILES and place belong together."""
    model, atlas = RELEASED.load(name), RELEASED.atlas(name)
    for k in range(0, len(atlas.atoms), len(atlas.atoms) // 12):
        z, group, m, place = atlas.atoms[k].tolist()
        kept = atlas.molecule(m)
        numbers = np.array([NUMBERS[symbol] for symbol in kept["symbols"]])
        molecule = Molecule(numbers, np.array(kept["positions"]), tuple((i, j, order) for i, j, order in kept["bonds"]))
        assert numbers[place] == z
        assert groups_of_atoms(numbers, molecule.bonds)[place] == atlas.meta["groups"][SYMBOLS[z]][group]
        assert read_smiles(kept["smiles"], 100).formula == kept["formula"]
        batch = Batch.of([molecule])
        outputs = model.outputs(batch)
        values = outputs.mean if model.quantity == "energy" else outputs.weights @ neutralized(outputs.outputs, batch)
        # positions are kept to a thousandth of an Å
        assert atlas.values[k] == pytest.approx(values[place], abs=0.02)


@pytest.mark.parametrize("name", [name for name in OF_MOLECULES if RELEASED.card(name).quantity == "energy"])
def test_the_nearest_environments_are_of_the_same_kind(name):
    """Of molecules that everybody knows, most of whose atoms a chemist would match at once, at their minima."""
    model, atlas = RELEASED.load(name), RELEASED.atlas(name)
    same = []
    for known in ("acetamide", "pyridine", "methyl acetate", "cyclopropane", "glycolaldehyde", "acetonitrile"):
        molecule = minima.find(known)
        for atom in range(len(molecule)):
            found = surroundings(model, atlas, molecule, atom, 1)
            same.append(found.nearest[0]["group"] == found.groups[atom])
    assert np.mean(same) > 0.8


def test_reduced_representations_keep_distances_along_the_kept_axes():
    rng = np.random.default_rng(0)
    numbers, x = np.full(500, 6), rng.normal(size=(500, 5)) * [4.0, 2.0, 1.0, 1.0, 0.5]
    statistics = environments.fit(numbers, x, numbers, x)
    found = environments.reduced(statistics, numbers, x)
    assert found.shape == (500, environments.COMPONENTS)
    assert found[:, 0].std() == pytest.approx(1.0, rel=0.01)
    scale = statistics["environments.Z6.scales"][0]
    whole = np.linalg.norm(x[:50, None] - x[None, :50], axis=2)
    kept = np.linalg.norm(found[:50, None] - found[None, :50], axis=2)
    assert kept * scale == pytest.approx(whole, abs=1e-4), "five features fit into the kept axes"
    assert np.isnan(environments.reduced(statistics, np.array([8]), x[:1])).all()


def test_the_card_names_the_file_and_keeps_all_else(tiny):
    raw = json.loads((tiny / "qm9-bp-energy" / CARD).read_text())
    assert raw["atlas"]["bytes"] == (tiny / "qm9-bp-energy" / ATLAS).stat().st_size
    assert raw["description"] == "Random weights."
