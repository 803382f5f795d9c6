"""Labels away from the minima: geometries, levels, and how they are put together."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from atomlens.chem.connections import small_rings
from atomlens.chem.smiles import read_smiles, without_stereochemistry
from atomlens.explain.relaxation import way_downhill
from atomlens.networks.checkpoint import load
from atomlens.networks.protocol import Batch
from atomlens.training.accelerated.problems import totals_count
from atomlens.training.datasets import TEST, TRAIN
from atomlens.training.displaced_fit import chances
from atomlens.training.labels import displace
from atomlens.training.labels.anchors import Anchor, Plan
from atomlens.training.labels.assemble import assemble, presentable
from atomlens.training.labels.dft import energy, label_small
from atomlens.training.labels.displaced import label_all
from atomlens.training.labels.downhill import label_downhill
from atomlens.training.labels.kinds import KINDS
from atomlens.training.labels.plan import _simple, caged_molecules
from atomlens.training.labels.recipe import Relaxed, read_label_recipe
from atomlens.training.labels.xtb import label, relaxed
from atomlens.training.openff import Conformers, split_of
from atomlens.units import EV_KCAL_PER_MOL, HARTREE_EV

ROOT = Path(__file__).parents[2]
COUNTS = {
    "stretched_bonds": 2,
    "stretches": 4,
    "turns": 2,
    "bends": 2,
    "shakes": 2,
    "frames": 2,
    "dimers": 1,
    "angles": 3,
    "hetero_turns": 1,
}


def anchor(smiles: str, source: str = "small", energy: float = np.nan) -> Anchor:
    molecule = read_smiles(smiles, 100)
    bonds = np.array([row[:2] for row in molecule.bonds], dtype=np.int64).reshape(-1, 2)
    return Anchor(source, without_stereochemistry(smiles), molecule.numbers, molecule.positions, bonds, energy)


def test_a_pulled_bond_has_its_length_and_the_rest_is_rigid():
    ethanol = anchor("CCO")
    for side in displace.open_bonds(len(ethanol.numbers), ethanol.bonds):
        fixed, moved, atoms = side
        new = displace.stretched(ethanol.positions, side, 2.5)
        assert np.linalg.norm(new[moved] - new[fixed]) == pytest.approx(2.5)
        rest = np.setdiff1d(np.arange(len(new)), atoms)
        assert np.array_equal(new[rest], ethanol.positions[rest])
        assert 2 * len(atoms) <= len(new)
        before = np.linalg.norm(ethanol.positions[atoms] - ethanol.positions[atoms[0]], axis=1)
        assert np.linalg.norm(new[atoms] - new[atoms[0]], axis=1) == pytest.approx(before)


def test_turning_keeps_the_bond_and_bending_its_length():
    ethanol = anchor("CCO")
    side = next(s for s in displace.open_bonds(9, ethanol.bonds) if len(s[2]) > 1)
    fixed, moved, _ = side
    length = np.linalg.norm(ethanol.positions[moved] - ethanol.positions[fixed])
    turned = displace.turned(ethanol.positions, side, 1.0)
    assert turned[[fixed, moved]] == pytest.approx(ethanol.positions[[fixed, moved]])
    bent = displace.bent(ethanol.positions, side, np.array([0.3, -0.2, 0.9]), 0.4)
    assert np.linalg.norm(bent[moved] - bent[fixed]) == pytest.approx(length)
    cosine = (bent[moved] - bent[fixed]) @ (ethanol.positions[moved] - ethanol.positions[fixed]) / length**2
    assert np.arccos(cosine) == pytest.approx(0.4)


def test_a_bond_in_a_ring_has_no_sides():
    ring = anchor("C1CC1")
    assert displace.smaller_side(9, ring.bonds, 0, 1) is None
    assert len(displace.open_bonds(9, ring.bonds)) == 6


def test_two_molecules_meet_at_the_distance_asked_for():
    rng = np.random.default_rng(0)
    water = anchor("O").positions
    both = displace.met(water, water, rng, 1.9)
    assert np.linalg.norm(both[:3, None] - both[None, 3:], axis=2).min() == pytest.approx(1.9, abs=1e-6)
    assert np.linalg.norm(both[4] - both[3]) == pytest.approx(np.linalg.norm(water[1] - water[0]))


def test_xtb_gives_forces_of_its_energy_and_a_minimum():
    water = anchor("O")
    positions = relaxed(water.numbers, water.positions + 0.1 * np.eye(3))
    assert np.abs(label(water.numbers, positions).forces).max() < 0.02
    step = np.zeros((3, 3))
    step[1, 2] = 1e-3
    moved = displace.shaken(positions, np.random.default_rng(0), 0.1)
    ahead, behind = (label(water.numbers, moved + sign * step).energy for sign in (1.0, -1.0))
    assert label(water.numbers, moved).forces[1, 2] == pytest.approx(-(ahead - behind) / 2e-3, abs=1e-4)


def test_dft_is_of_the_level_of_the_set():
    path = ROOT.parent / "shared" / "data" / "openff_industry_b3lypd3bj_dzvp.npz"
    if not path.is_file():
        pytest.fail(f"{path} is not there: it is part of the data for tests")
    with np.load(path) as file:
        sizes, charge = file["n_atoms"].astype(int), file["total_charge"]
        numbers, positions, energies = file["numbers"], file["positions"], file["energy_hartree"]
    offsets = np.concatenate([[0], np.cumsum(sizes)])
    for k in np.flatnonzero((sizes <= 6) & (charge == 0))[:2].tolist():
        atoms = slice(offsets[k], offsets[k + 1])
        found = energy(numbers[atoms].astype(np.int64), positions[atoms].astype(float))
        assert abs(found - energies[k] * HARTREE_EV) * EV_KCAL_PER_MOL < 0.05


@pytest.fixture(scope="module")
def labelled(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("labels")
    plan = Plan([anchor("O"), anchor("CO", "piece"), anchor("CC", "conformer", energy=-2171.0)])
    plan.write(folder / "plan.npz")
    label_all(folder / "plan.npz", folder / "displaced", 0, dict.fromkeys(("small", "piece", "conformer"), COUNTS), 1)
    return folder


def test_chunks_are_the_same_again_and_not_made_twice(labelled: Path, tmp_path: Path):
    (chunk,) = sorted((labelled / "displaced").glob("*.npz"))
    written = chunk.stat().st_mtime_ns
    counts = dict.fromkeys(("small", "piece", "conformer"), COUNTS)
    label_all(labelled / "plan.npz", labelled / "displaced", 0, counts, 1)
    assert chunk.stat().st_mtime_ns == written
    label_all(labelled / "plan.npz", tmp_path, 0, counts, 1)
    with np.load(chunk) as first, np.load(tmp_path / chunk.name) as second:
        assert np.abs(first["positions"] - second["positions"]).max() < 1e-4
        assert first["difference"] == pytest.approx(second["difference"], abs=1e-6)


def test_where_a_network_leads_is_labelled_by_xtb(labelled: Path, tmp_path: Path):
    network = ROOT / "models" / "organic-bp-energy"
    asked = Relaxed((network,), atoms=6, frames=2)
    (chunk,) = label_downhill(labelled / "plan.npz", tmp_path, asked, way_downhill, 1)
    with np.load(chunk) as found:
        assert {KINDS[k] for k in found["kind"]} == {"relaxed"}
        assert sorted(set(found["anchor"])) == [0, 1]  # ethane has eight atoms
        assert found["anchor"].tolist()[-2:] == [1, 1]
        first, end = slice(-12, -6), slice(-6, None)
        numbers, positions = found["numbers"][end].astype(np.int64), found["positions"].astype(float)
        labels = [label(numbers, positions[atoms]) for atoms in (first, end)]
        assert found["forces"][end] == pytest.approx(labels[1].forces, abs=1e-3)
        assert np.diff(found["difference"])[-1] == pytest.approx(labels[1].energy - labels[0].energy, abs=1e-4)
    model = load(network)
    batch = Batch(numbers, positions[end], np.array([0, 6]), np.zeros(1, dtype=np.int64))
    assert np.abs(model.forces(batch)).max() < 0.05
    written = chunk.stat().st_mtime_ns
    assert label_downhill(labelled / "plan.npz", tmp_path, asked, way_downhill, 1) == [chunk]
    assert chunk.stat().st_mtime_ns == written


def test_totals_are_the_anchors_plus_what_xtb_says_of_the_difference(labelled: Path):
    plan = Plan.read(labelled / "plan.npz")
    none = np.zeros(0, dtype=np.int64)
    conformers = Conformers(
        numbers=np.array([6, 1, 1, 1, 1]),
        positions=np.eye(5, 3),
        offsets=np.array([0, 5]),
        energies=np.array([-1102.0]),
        molecule=np.array([0]),
        smiles=["C"],
        split=np.array([split_of("C")]),
        ids=np.array([7]),
        bonds=none.reshape(0, 3),
        bond_offsets=np.array([0, 0]),
        formal_charges=none,
    )
    chunks = sorted((labelled / "displaced").glob("*.npz"))
    data, counts = assemble(plan, conformers, chunks, {"O": -2080.0}, {1: -13.6})
    with np.load(chunks[0]) as raw:
        difference, anchors, partner = raw["difference"], raw["anchor"], raw["partner"]
    rows = np.flatnonzero(data["kind"] < KINDS.index("conformer"))
    assert len(rows) == len(difference)  # none was too high
    for row, d, a, b in zip(rows, difference, anchors, partner, strict=True):
        zero = {0: -2080.0, 1: np.nan, 2: -2171.0}[a] + (0.0 if b < 0 else {0: -2080.0}.get(b, np.nan))
        assert data["absolute"][row] == np.isfinite(zero)
        assert data["energy"][row] == pytest.approx(d + (zero if np.isfinite(zero) else 0.0))
    # what was displaced about one anchor is one group, with the anchor itself
    assert len(np.unique(data["group"][rows][partner < 0])) == 3
    assert data["energy"][0] == -1102.0
    assert counts["conformer"] == 1
    assert counts["stretch"] >= 12


def test_turned_bonds_minima_and_the_smallest_are_met_in_every_epoch():
    kind = np.array([KINDS.index(name) for name in ("turn", "conformer", "anchor", "stretch", "stretch", "shake")])
    assert chances(kind, np.array([9, 9, 9, 9, 3, 9]), 0.25).tolist() == [1.0, 1.0, 1.0, 0.25, 1.0, 0.25]


def test_totals_of_small_molecules_count_more_at_their_minima_alone():
    absolute, cost, sizes = np.array([True, True, True, False]), np.array([0.0, 0.2, 0.0, 0.0]), np.array([5, 5, 40, 5])
    assert totals_count(absolute, cost, sizes, 20.0).tolist() == [20.0, 1.0, 1.0, 0.0]


def test_energies_of_small_molecules_are_kept(labelled: Path, tmp_path: Path):
    plan = Plan.read(labelled / "plan.npz")
    (tmp_path / "000000.json").write_text(json.dumps({"energy": -5.0}))
    assert label_small(plan, tmp_path, 1) == {"O": -5.0}


def test_the_recipe_has_the_simplest_molecules_of_every_element():
    recipe = read_label_recipe(ROOT / "recipes" / "labels" / "organic.toml")
    assert {"[HH]", "F", "Cl", "Br", "S", "P"} <= set(recipe.molecules)
    assert set(recipe.counts) == {"small", "simple", "piece", "qm9", "conformer", "large", "cage"}
    assert all((network / "card.json").is_file() for network in recipe.relaxed.networks)


def test_the_simplest_molecules_come_once_more_with_every_length_of_their_bonds():
    plan = [anchor("O"), anchor("CO"), anchor("O", "qm9"), anchor("FF")]
    assert [(a.source, a.smiles) for a in _simple(plan)] == [("simple", "O"), ("simple", "FF")]
    fluorine = displace.sample(
        plan[3].numbers,
        plan[3].positions,
        plan[3].bonds,
        np.random.default_rng(0),
        {"stretched_bonds": 3, "stretches": 60},
    )
    lengths = np.sort([np.linalg.norm(r[0] - r[1]) for _, r in fluorine])
    # no gap in which a curve could have a dent of its own
    assert np.diff(lengths).max() < 0.25
    assert lengths[0] < 0.8
    assert lengths[-1] > 2.8


def test_cages_are_other_molecules_with_rings_of_three(tmp_path: Path):
    found = [anchor(smiles, "qm9") for smiles in ("C1CO1", "CCO", "C1CC1C", "C1CCC1", "C1C2OC12", "c1ccccc1")]
    arrays = {
        "ids": np.arange(len(found)) + 10,
        "n_atoms": np.array([len(a.numbers) for a in found]),
        "numbers": np.concatenate([a.numbers for a in found]),
        "positions": np.concatenate([a.positions for a in found]),
        "smiles_derived": np.array([a.smiles for a in found]),
    }
    np.savez(tmp_path / "qm9.npz", **arrays)
    cages = list(caged_molecules(tmp_path, [found[0]], np.random.default_rng(0)))
    assert {(a.source, a.smiles, a.identifier) for a in cages} == {
        ("cage", found[2].smiles, 12),
        ("cage", found[4].smiles, 14),
    }


@pytest.mark.parametrize(
    ("smiles", "held"),
    [
        ("C=C", [(0, 1)]),
        ("NC=O", [(0, 1)]),
        ("CN=NC", [(1, 2)]),
        ("CC", []),
        ("CCOC", []),
        ("C=CC=C", [(0, 1), (1, 2), (2, 3)]),
    ],
)
def test_bonds_of_more_than_one_pair_are_turned_by_themselves(smiles, held):
    one = anchor(smiles)
    found = list(displace.sample(one.numbers, one.positions, one.bonds, np.random.default_rng(0), {"stiff_turns": 12}))
    assert len(found) == (12 if held else 0)
    sides = [s for s in displace.open_bonds(len(one.numbers), one.bonds) if len(s[2]) > 1]
    assert [tuple(sorted(s[:2])) for s in displace.stiff(one.numbers, one.positions, sides)] == held
    if smiles == "C=C":
        zero = label(one.numbers, one.positions).energy
        costs = [EV_KCAL_PER_MOL * (label(one.numbers, positions).energy - zero) for _, positions in found]
        assert 30 < max(costs) < 110


@pytest.mark.parametrize(("smiles", "corner"), [("O", (1, 0, 2)), ("O=C=O", (0, 1, 2)), ("CCO", (0, 1, 2))])
@pytest.mark.parametrize("angle", [50.0, 120.0, 180.0])
def test_an_angle_has_what_was_asked_and_both_its_bonds_their_lengths(smiles, corner, angle):
    one = anchor(smiles)
    first, middle, last = corner
    atoms = displace.side_of(len(one.numbers), one.bonds, middle, last)
    new = displace.at_angle(one.positions, (*corner, atoms), np.radians(angle))
    arms, before = (p[[first, last]] - p[middle] for p in (new, one.positions))
    assert np.linalg.norm(arms, axis=1) == pytest.approx(np.linalg.norm(before, axis=1))
    cosine = arms[0] @ arms[1] / np.prod(np.linalg.norm(arms, axis=1))
    assert cosine == pytest.approx(np.cos(np.radians(angle)), abs=1e-6)


def test_angles_are_opened_until_they_are_straight():
    """A hydrogen sulfide that is swung by up to 50 degrees never is: networks had it cost 9 kcal/mol for 70."""
    one = anchor("S")
    found = list(
        displace.sample_corners(one.numbers, one.positions, one.bonds, np.random.default_rng(0), {"angles": 80})
    )
    assert {kind for kind, _ in found} == {"angle"}
    arms = [p[1:] - p[0] for _, p in found]
    cosines = [a @ b / np.linalg.norm(a) / np.linalg.norm(b) for a, b in arms]
    degrees = np.sort(np.degrees(np.arccos(cosines)))
    assert degrees[0] < 52
    assert degrees[-1] > 170
    assert np.diff(degrees).max() < 12


def test_bonds_of_heteroatoms_are_turned_by_themselves():
    one = anchor("CSSC")
    found = displace.sample_corners(
        one.numbers, one.positions, one.bonds, np.random.default_rng(0), {"hetero_turns": 9}
    )
    for kind, positions in found:
        assert kind == "turn"
        assert np.linalg.norm(positions[1] - positions[2]) == pytest.approx(
            np.linalg.norm(one.positions[1] - one.positions[2]), abs=0.15
        )
    butane = anchor("CCCC")
    assert not list(
        displace.sample_corners(
            butane.numbers, butane.positions, butane.bonds, np.random.default_rng(0), {"hetero_turns": 9}
        )
    )


def test_angles_and_bonds_of_sulfur_and_double_bonds_near_their_plane_are_moved_by_themselves():
    def made(smiles, counts):
        one = anchor(smiles)
        rng = np.random.default_rng(0)
        return one, list(displace.sample_rare(one.numbers, one.positions, one.bonds, rng, counts))

    sulfoxide, found = made("CS(C)=O", {"heavy_angles": 40, "heavy_turns": 5})
    assert [kind for kind, _ in found] == ["angle"] * 40 + ["turn"] * 5
    at_rest = _angles(sulfoxide.positions, sulfoxide.bonds, 1)
    moved = np.array([np.abs(_angles(positions, sulfoxide.bonds, 1) - at_rest).max() for _, positions in found[:40]])
    assert 20 < moved.max() < np.degrees(displace.SLIGHT) + 8
    assert made("CCC", {"heavy_angles": 4, "heavy_turns": 4, "slight_turns": 4})[1] == []
    butene, found = made("CC=CC", {"slight_turns": 30})
    planes = [_torsion(positions, (0, 1, 2, 3)) - _torsion(butene.positions, (0, 1, 2, 3)) for _, positions in found]
    away = np.abs((np.array(planes) + 180.0) % 360.0 - 180.0)
    assert 30 < away.max() < np.degrees(displace.SLIGHT) + 8


def _angles(positions, bonds, middle):
    arms = [positions[a if b == middle else b] - positions[middle] for a, b in bonds.tolist() if middle in (a, b)]
    arms = [arm / np.linalg.norm(arm) for arm in arms]
    return np.degrees([np.arccos(arms[i] @ arms[j]) for i in range(len(arms)) for j in range(i)])


def _torsion(positions, atoms):
    a, b, c, d = positions[list(atoms)]
    along = (c - b) / np.linalg.norm(c - b)
    one, other = a - b, d - c
    one, other = one - along * (one @ along), other - along * (other @ along)
    return float(np.degrees(np.arctan2(np.cross(one, other) @ along, one @ other)))


def test_flat_rings_are_puckered_with_what_hangs_on_them_and_others_are_left():
    toluene = anchor("Cc1ccccc1")
    rng = np.random.default_rng(0)
    made = list(displace.sample_rings(toluene.positions, toluene.bonds, rng, {"puckers": 60}))
    assert [kind for kind, _ in made] == ["bend"] * 60
    (ring,) = small_rings(len(toluene.numbers), toluene.bonds.tolist())
    centred = toluene.positions[ring] - toluene.positions[ring].mean(0)
    normal = np.linalg.svd(centred)[2][2]
    for _, places in made:
        heights = (places - toluene.positions) @ normal
        moved = np.sqrt((heights[ring] ** 2).sum())
        assert displace.PUCKERED[0] - 0.03 < moved < displace.PUCKERED[1] + 0.03
        # neither shifted nor tilted: that costs nothing, and bends nothing
        assert abs(heights[ring].sum()) < 0.15
        for first, second in toluene.bonds.tolist():
            if (first in ring) != (second in ring):
                assert heights[first] == pytest.approx(heights[second], abs=0.08), "hydrogens go with their carbon"
    cyclohexane = anchor("C1CCCCC1")
    assert list(displace.sample_rings(cyclohexane.positions, cyclohexane.bonds, rng, {"puckers": 5})) == []


def test_the_simplest_molecules_are_never_held_out():
    """Each of them is unlike any other: what is held out is not learned, and everybody asks for them."""
    for smiles in ("[HH]", "FF", "N#N", "O=S=O", "C", "CCO", "O=C=O", "ClBr", "C1CO1"):
        assert split_of(smiles) == TRAIN, smiles
    larger = [f"C{'C' * n}O{'C' * m}" for n in range(2, 30) for m in range(1, 20)]
    shares = np.bincount([split_of(smiles) for smiles in larger], minlength=3) / len(larger)
    assert shares[TEST] == pytest.approx(0.058, abs=0.03)


def test_small_molecules_alone_are_labelled_where_they_are_pressed_to_nothing():
    cost = np.array([10.0, 500.0, 500.0, 5000.0, 10.0])
    steepest = np.array([50.0, 900.0, 900.0, 60_000.0, 2000.0])
    n_atoms = np.array([30, 30, 2, 2, 30])
    assert presentable(cost, steepest, n_atoms).tolist() == [True, False, True, False, False]
