"""Trust: whether a molecule, and each of its atoms, is like what the model has learned from.

An energy model whose card says how its error is to be expected (`networks.trust`: ensemble spread and distance of the
environments together, fitted on molecules of another kind) is judged by the probability that its error is beyond
5 kcal/mol:

- ``inside``: at most 5 %;
- ``unusual``: at most 25 %;
- ``outside``: more.

The molecule is graded by its own expected error; an atom by that of a molecule of usual size all of whose atoms were
like it, so that one threshold holds for both. Where an environment has no statistics, the atom and the molecule are
``outside``. So is, with all its atoms, a molecule of fewer atoms than any that trained: no sign was measured on such
ones. And so are atoms whose bond is torn, or turned though double or conjugated, and their molecule, for a model that
has learned geometries at rest alone: pieces of a molecule look like other molecules at rest, to every sign, and
networks of such data say nothing at all of what it costs to turn ethylene's bond. Where the geometry is a force
field's, or was moved, edited or relaxed, their expected error is that much larger (c of `networks.trust`) and the
molecule graded by it; its atoms are not, for this is an error of the whole. Atoms of an aromatic ring that is bent out
of its plane are no better than ``unusual``, and ``outside`` where it is bent by much, for every model: there networks
are wrong without a sign, and relaxing by their forces bends rings. Nor are those, of a model that has learned displaced
geometries, whose double or conjugated bond is turned (``twisted``), of which it knows a part of the cost alone; and
those whose bond is longer than any that it learned from are outside (``pulled``): to it, too, pieces far apart look
like other molecules.

A model of crystals is judged by what is worse of two things: the probability that its error is beyond 5 kcal/mol an
atom, by the calibrated spread of its ensemble alone; and the distance of the environments, as below. Distances alone
say little of crystals: networks trained on one kind of composition see nothing strange in the sites of another. So a
crystal is outside whose composition is none of those that the model has learned from, where these are few (ABO3), or
whose volume per atom is beyond them; and no better than its volume is usual for its elements (`networks.volumes`), and
its sites stand to their neighbours as theirs do (`networks.sites`), for networks of relaxed crystals agree about any
other. `training.crystal_trust` measures these grades.

Other models (dipole moments, of which no reference of another kind is at hand; models nobody fitted this for) are
judged by the distance of the environments alone, against held-out atoms of the same element: ``inside`` up to their
99 % quantile, ``unusual`` up to 1.5 × their 99.9 % quantile, ``outside`` beyond; the molecule is as its worst atom. A
molecule larger than any that trained is unusual at least, and outside beyond twice as many atoms: errors of dipole
moments grow with the lever, which no environment knows. A dipole moment is no better, either, than the probability of
an error beyond 2 debye by the calibrated spread of its ensemble alone, by the same shares. The largest held-out
distance is no measure: one hydrogen molecule among the test molecules puts it at twenty times the 99 % quantile, and
every torn molecule below it.

A grade says nothing about the error of one prediction: a familiar environment may be predicted badly, and an unfamiliar
one well by chance.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from atomlens.chem.connections import PULLED_ANGSTROM, Departures
from atomlens.chem.elements import stoichiometry
from atomlens.networks.environments import distances, elements, held_out_distance
from atomlens.networks.protocol import AtomicModel
from atomlens.networks.trust import ERROR, FAMILIAR, LIKELY, ExpectedError, beyond
from atomlens.units import EV_KCAL_PER_MOL

GRADES = ("inside", "unusual", "outside")
#: What may speak against an atom or the whole.
TrustReason = Literal[
    "spread",
    "distance",
    "small",
    "large",
    "composition",
    "torn",
    "turned",
    "distorted",
    "geometry",
    "volume",
    "sites",
    "bent",
    "pulled",
    "twisted",
]
REASONS: tuple[TrustReason, ...] = get_args(TrustReason)
#: Ways in which an atom may be as in no molecule at rest, the plainest first.
_MOVED = ("torn", "turned", "distorted")
#: By distance alone, up to so many times this quantile of held-out distances an environment is unusual.
STRETCH, RARE = 1.5, 0.999
#: Share by which the volume of a crystal per atom may lie beyond those of the training crystals.
VOLUME_SLACK = 0.05
#: Degrees of a torsion within an aromatic ring from which on it is bent, and bent by much: in minima it is a few.
BENT_DEGREES = (15.0, 25.0)
#: Degrees from which on a double and a conjugated bond are twisted, and by much: by less they cost a few kcal/mol.
TWISTED_DEGREES, CONJUGATED_DEGREES = (20.0, 60.0), (45.0, 181.0)
#: Debye beyond which an error of a dipole moment is one: as much as all of water's.
ERROR_DEBYE = 2.0
#: Times the atoms of the largest training molecule up to which a larger one is unusual, where distances alone judge.
FAR_LARGER = 2


@dataclass(frozen=True)
class Trust:
    """grades: of every atom; reasons: what speaks most against each, one of `REASONS`, None where nothing does; grade
    and reason: of the molecule; expected_error: σ of the total in eV, None where it is not known; among: atoms by which
    it is divided to be judged, of crystals all.
    """

    grades: tuple[str, ...]
    reasons: tuple[str | None, ...]
    grade: str
    reason: str | None
    expected_error: float | None
    among: int = 1

    def of_molecule(self) -> dict[str, Any]:
        """JSON-ready form of the molecule's part (docs/http.md, Predictions)."""
        sigma = self.expected_error
        chance = None if sigma is None else float(beyond(sigma / self.among * EV_KCAL_PER_MOL, ERROR))
        return {"grade": self.grade, "reason": self.reason, "expected_error": sigma, "probability": chance}


def judge(
    model: AtomicModel,
    numbers: NDArray[np.int64],
    representation: NDArray[np.float64],
    spread: float = 0.0,
    spreads: NDArray[np.float64] | None = None,
    cell: NDArray[np.float64] | None = None,
    moved: Sequence[str | None] = (),
    at_rest: bool = True,
    positions: NDArray[np.float64] | None = None,
    departures: Departures | None = None,
) -> Trust | None:
    """Of one molecule; None where the model keeps no statistics of its training environments.

    numbers: (n_atoms,); representation: (n_atoms, n_features), as `AtomicModel.outputs` gives it; spread: of the total,
    calibrated, eV or debye; spreads: (n_atoms,) of the contributions, eV or e; None and zero for one member. All sites
    of a crystal are outside whose `cell` (3, 3) is smaller or larger per atom than any of the training data: where
    those have one cell, a representation cannot tell another from other elements. So are those of a composition that
    none of these has, where they have few. moved: of every atom ``torn``, ``turned``, ``distorted`` or None, as it is
    (`chem.connections`); empty for none. at_rest: whether the geometry may be a quantum-chemical minimum. positions:
    (n_atoms, 3) Å, where there is a cell, by which the neighbours of its sites are looked at. departures: how far each
    atom is from how it is in a molecule at rest.
    """
    found = _judge(model, numbers, representation, spread, spreads, cell, at_rest)
    if found is not None and cell is not None and positions is not None:
        found = _standing(model, found, numbers, positions, cell)
    if found is None:
        return None
    if departures is not None:
        found = _departed(found, departures, model.knows_displaced)
    if not any(moved) or model.knows_displaced:
        return found
    grades = tuple(GRADES[2] if how else grade for grade, how in zip(found.grades, moved, strict=True))
    reasons = tuple(how or why for why, how in zip(found.reasons, moved, strict=True))
    return Trust(grades, reasons, GRADES[2], next(how for how in _MOVED if how in moved), None)


def _departed(found: Trust, departures: Departures, knows_displaced: bool) -> Trust:
    """The same, no atom better than how far it is from molecules at rest."""
    places = {"bent": np.digitize(departures.ring, BENT_DEGREES)}
    if knows_displaced:
        double = np.digitize(departures.double, TWISTED_DEGREES)
        places["twisted"] = np.maximum(double, np.digitize(departures.conjugated, CONJUGATED_DEGREES))
        places["pulled"] = 2 * (departures.pulled > PULLED_ANGSTROM)
    for reason, place in places.items():
        found = _each_no_better(found, place.tolist(), reason)
    return found


def _standing(
    model: AtomicModel,
    found: Trust,
    numbers: NDArray[np.int64],
    positions: NDArray[np.float64],
    cell: NDArray[np.float64],
) -> Trust:
    """The same of a crystal, no better than its volume is usual, nor it or a site than sites stand to neighbours."""
    if model.volumes is not None:
        found = _no_better(found, GRADES[model.volumes.grade(numbers, positions, cell)], "volume")
    if model.sites is None:
        return found
    return _each_no_better(found, model.sites.grades(numbers, positions, cell).tolist(), "sites")


def _each_no_better(found: Trust, places: Sequence[int], reason: str) -> Trust:
    """The same, every atom no better than the grade at its place in `GRADES`, and the whole no better than these."""
    worse = [place > GRADES.index(grade) for place, grade in zip(places, found.grades, strict=True)]
    grades = tuple(GRADES[p] if w else grade for w, p, grade in zip(worse, places, found.grades, strict=True))
    reasons = tuple(reason if w else why for w, why in zip(worse, found.reasons, strict=True))
    return _no_better(replace(found, grades=grades, reasons=reasons), GRADES[max(places)], reason)


def _judge(
    model: AtomicModel,
    numbers: NDArray[np.int64],
    representation: NDArray[np.float64],
    spread: float,
    spreads: NDArray[np.float64] | None,
    cell: NDArray[np.float64] | None,
    at_rest: bool,
) -> Trust | None:
    """The same without a look at bonds."""
    if not elements(model.environments):
        return None
    reason = _strange(model, numbers, cell)
    if reason is not None:
        return _outside(len(numbers), reason)
    distance = distances(model.environments, numbers, representation)
    familiar = held_out_distance(model.environments, numbers, FAMILIAR)
    if model.error_scales is None:
        by_distance = _by_distance(distance, familiar, STRETCH * held_out_distance(model.environments, numbers, RARE))
        if cell is None:
            sized = _of_its_size(by_distance, model.most_atoms_trained)
            if model.quantity == "energy":
                return sized
            (grade,) = _by_chances(beyond(np.array([spread]), ERROR_DEBYE))
            return _no_better(sized, grade, "spread")
        return by_distance if spreads is None else _with_spread(by_distance, spread, spreads)
    known = np.isfinite(distance)
    ratios = np.where(known, distance / familiar, 0.0)
    scales = model.error_scales
    spreads = np.zeros(len(numbers)) if spreads is None else spreads
    found = ExpectedError.of(scales, spread, spreads, ratios, at_rest)
    atoms = _grades(found.atoms * np.sqrt(scales.atoms))
    atoms = tuple(grade if there else GRADES[2] for grade, there in zip(atoms, known, strict=True))
    (whole,) = _grades(np.array([found.total])) if known.all() else GRADES[2:]
    leaning = np.where(known & (found.spread > found.distance), "spread", "distance").tolist()
    by_spread = found.announced < found.least or found.spread.sum() > found.distance.sum()
    reason = "spread" if known.all() and by_spread else "distance"
    if known.all() and found.strain > max(found.announced, found.least):
        reason = "geometry"
    return Trust(
        atoms,
        tuple(None if grade == GRADES[0] else why for grade, why in zip(atoms, leaning, strict=True)),
        whole,
        None if whole == GRADES[0] else reason,
        found.total if known.all() else None,
    )


def _strange(model: AtomicModel, numbers: NDArray[np.int64], cell: NDArray[np.float64] | None) -> str | None:
    """Why it is outside at first sight: ``composition``, ``volume`` or ``small``; None where it is not."""
    if cell is not None:
        kinds, volumes = model.stoichiometries_trained, model.volumes_trained
        if kinds is not None and stoichiometry(numbers) not in kinds:
            return "composition"
        volume = abs(float(np.linalg.det(cell))) / len(numbers)
        slack = (1.0 - VOLUME_SLACK, 1.0 + VOLUME_SLACK)
        if kinds is None and model.volumes is not None:
            # of many kinds the densest is no limit for others, such as diamond: lengths of bonds say more
            volumes = None
        if volumes is not None and not slack[0] * volumes[0] <= volume <= slack[1] * volumes[1]:
            return "volume"
    return "small" if len(numbers) < model.atoms_trained else None


def _outside(atoms: int, reason: str) -> Trust:
    return Trust((GRADES[2],) * atoms, (reason,) * atoms, GRADES[2], reason, None)


def _grades(sigma: NDArray[np.float64]) -> tuple[str, ...]:
    """By an expected error in eV."""
    return _by_chances(beyond(sigma * EV_KCAL_PER_MOL, ERROR))


def _by_chances(chances: NDArray[np.float64]) -> tuple[str, ...]:
    """By probabilities that an error is large."""
    return tuple(GRADES[place] for place in np.searchsorted(LIKELY, chances, side="left").tolist())


def _no_better(found: Trust, grade: str, reason: str) -> Trust:
    """The same, or of this grade and for this reason where that is worse."""
    return replace(found, grade=grade, reason=reason) if GRADES.index(grade) > GRADES.index(found.grade) else found


def _of_its_size(found: Trust, largest: int | None) -> Trust:
    """The same of a molecule that may have more atoms than the `largest` that trained, where that is known."""
    atoms = len(found.grades)
    grade = GRADES[0 if largest is None or atoms <= largest else 1 if atoms <= FAR_LARGER * largest else 2]
    return _no_better(found, grade, "large")


def _by_distance(distance: NDArray[np.float64], near: NDArray[np.float64], far: NDArray[np.float64]) -> Trust:
    # comparisons with NaN are false: an element without statistics falls through to the last
    grades = tuple(GRADES[0 if d <= a else 1 if d <= b else 2] for d, a, b in zip(distance, near, far, strict=True))
    worst = max(grades, key=GRADES.index)
    reasons = tuple(None if grade == GRADES[0] else "distance" for grade in grades)
    return Trust(grades, reasons, worst, None if worst == GRADES[0] else "distance", None)


def _with_spread(near: Trust, spread: float, spreads: NDArray[np.float64]) -> Trust:
    """Of a crystal, the worse of its grades by distance and by the probability of an error beyond 5 kcal/mol an atom.

    A site is judged as a crystal all of whose sites were like it.
    """
    n = len(spreads)
    shares = spreads / max(float(np.sqrt((spreads**2).mean())), 1e-300)
    (whole,) = _grades(np.array([spread / n]))
    grades = tuple(max(pair, key=GRADES.index) for pair in zip(near.grades, _grades(spread / n * shares), strict=True))
    reasons = tuple(
        why if grade == before else "spread"
        for grade, before, why in zip(grades, near.grades, near.reasons, strict=True)
    )
    worse = GRADES.index(whole) > GRADES.index(near.grade)
    return Trust(grades, reasons, whole if worse else near.grade, "spread" if worse else near.reason, spread, n)
