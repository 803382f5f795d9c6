"""The energy of a reaction: what the products have more than the reactants, ΔE = Σ ν E(products) − Σ ν E(reactants).

Electronic energies, as the networks learned them: neither zero-point nor thermal parts, no entropy, no solvent. The
uncertainty is the spread of ΔE among the members of the ensemble, each of which gives a difference of its own: errors
that all molecules share cancel there as they do in ΔE. The split of ΔE among atoms, Δe_i of an atom that becomes
another, is as arbitrary as that of the energies; it sums to ΔE, for references of elements cancel in what balances.

A network answers for molecules unlike all that it has learned from, too: one that is smaller than the smallest of its
training molecules (H2, N2 among those of QM9), or that has unpaired electrons (O2), counts as ``outside`` whatever its
own signs say. The uncertainty of a reaction that is outside means nothing: members may agree where all are wrong.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from atomlens.chem.molecule import Molecule
from atomlens.explain.choice import choose
from atomlens.explain.prediction import explain_all
from atomlens.networks.card import Card
from atomlens.networks.grades import GRADES
from atomlens.networks.protocol import AtomicModel, Batch

#: Why a molecule lies outside, beside what the network's own signs hold against it.
Why = Literal["spread", "distance", "small", "open_shell"]


def reaction_energy(model: AtomicModel, molecules: Sequence[Molecule], coefficients: Sequence[int]) -> dict[str, Any]:
    """ΔE of one energy model, and what it makes of each molecule; JSON-ready (docs/http.md, Reactions).

    coefficients: of the molecules, negative for reactants. Raises `UnknownElement`.
    """
    nu = np.asarray(coefficients, dtype=np.float64)
    found = explain_all(model, molecules)
    totals = np.array([one.total for one in found])
    return {
        "model": model.name,
        "checkpoint": model.checkpoint_hash,
        "unit": "eV",
        "energy": float(nu @ totals),
        "uncertainty": _uncertainty(model, molecules, nu),
        "species": [
            {
                "total": one.total,
                "uncertainty": one.uncertainty,
                "contributions": one.contributions.tolist(),
                "molecule_trust": None if one.trust is None else one.trust.of_molecule(),
            }
            for one in found
        ],
    }


def _uncertainty(model: AtomicModel, molecules: Sequence[Molecule], nu: np.ndarray) -> float | None:
    """Calibrated standard deviation of ΔE among the members, eV; None for a single one."""
    if model.n_members < 2:
        return None
    batch = Batch.of(molecules)
    # references are every member's, and cancel
    members = np.add.reduceat(model.outputs(batch).outputs, batch.offsets[:-1], axis=1)
    return model.spread_factor * float((members @ nu).std(ddof=1))


def judged(found: dict[str, Any], open_shell: Sequence[bool]) -> dict[str, Any]:
    """The same with a grade of each molecule and of the reaction, and why: `grade`, `reason` beside each.

    open_shell: of each molecule, whether it has unpaired electrons. The reaction is as its worst molecule.
    """
    graded = []
    for one, unpaired in zip(found["species"], open_shell, strict=True):
        trust: Mapping[str, Any] = one["molecule_trust"] or {"grade": GRADES[2], "reason": None}
        grade, reason = trust["grade"], trust["reason"]
        if unpaired:
            grade, reason = GRADES[2], "open_shell"
        graded.append({**one, "grade": grade, "reason": reason})
    return {**found, "species": graded, "grade": max((one["grade"] for one in graded), key=GRADES.index)}


def changes_of_atoms(found: Mapping[str, Any], matches: Sequence[tuple[Sequence[int], Sequence[int]]]) -> list[float]:
    """Δe of every pair of atoms (species, copy, atom) that become one another, eV."""
    contributions = [one["contributions"] for one in found["species"]]
    return [contributions[b[0]][b[2]] - contributions[a[0]][a[2]] for a, b in matches]


def chosen_models(
    found: Sequence[Mapping[str, Any]], cards: Sequence[Card], numbers: Sequence[int]
) -> list[dict[str, Any]]:
    """Of each family the model to show, by the grade of the whole reaction (`explain.choice`).

    Where no set has the reaction inside, that whose worst molecule it expects to be off least is closest: one smaller
    than all training molecules is off by nobody knows how much, and no test error speaks for it.
    """
    announced = {one["model"]: _announced_error(one["species"]) for one in found}
    as_predictions = [
        {
            "model": one["model"],
            "total": one["energy"],
            "molecule_trust": {"grade": one["grade"], "expected_error": announced[one["model"]]},
        }
        for one in found
    ]
    expected = {
        one["model"]: _worst_error(one["species"])
        for one in found
        if one["grade"] == GRADES[2] or (one["grade"] == GRADES[1] and announced[one["model"]] is not None)
    }
    return choose(as_predictions, cards, numbers, expected)


def _announced_error(species: Sequence[Mapping[str, Any]]) -> float | None:
    """The largest error expected of what is unusual, eV; None where none of that is told by more than its distance."""
    trusts = [one["molecule_trust"] or {} for one in species]
    found = [trust.get("expected_error") for trust in trusts if trust.get("grade") == GRADES[1]]
    return max((float(sigma) for sigma in found if sigma is not None), default=None)


def _worst_error(species: Sequence[Mapping[str, Any]]) -> float:
    """The largest error expected of a molecule, eV; infinite where there is one of which none can be told."""
    found = [(one["molecule_trust"] or {}).get("expected_error") for one in species]
    return max(math.inf if sigma is None else float(sigma) for sigma in found)
