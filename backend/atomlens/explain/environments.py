"""Where an atom stands among those that a model knows: its environment by name (`chem.atom_groups`), the place of its
contribution among test atoms of its element and of its environment, and the training atoms whose environment is
nearest.

Near is meant in the model's own representation: the Euclidean distance along the kept principal axes of the element
(`networks.environments.reduced`), in units of the spread along the first. Weighted so, the nearest of some thousand
training atoms is in the same chemical environment for 92 to 99 % of QM9's test atoms, more often than where all
axes count the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from atomlens.chem.atom_groups import groups_of_atoms
from atomlens.chem.elements import SYMBOLS
from atomlens.chem.molecule import Molecule, check_atom
from atomlens.networks.atlas import Atlas
from atomlens.networks.charges import neutralized
from atomlens.networks.environments import reduced
from atomlens.networks.protocol import AtomicModel, Batch


@dataclass(frozen=True, eq=False)
class Surroundings:
    """One atom of a molecule in a model's atlas.

    groups: environment of every atom; contribution: eV or e; percentile: per cent of the test atoms of its element with
    a lower contribution, group_percentile: of those in the same environment, None where the atlas has none; test_atoms,
    group_test_atoms: how many those are, for of three atoms a percentile tells little; nearest: training atoms, the
    nearest first.
    """

    model: str
    checkpoint: str
    unit: str
    atom: int
    element: str
    groups: tuple[str, ...]
    contribution: float
    percentile: float | None
    group_percentile: float | None
    test_atoms: int
    group_test_atoms: int
    nearest: tuple[dict[str, Any], ...]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready form (docs/http.md, Environments)."""
        return {**vars(self), "groups": list(self.groups), "nearest": list(self.nearest)}


def surroundings(model: AtomicModel, atlas: Atlas, molecule: Molecule, atom: int, n: int) -> Surroundings:
    """atom: counted from 0; n: training atoms to find. Raises `MalformedInput` where there is no such atom."""
    check_atom(atom, len(molecule))
    batch = Batch.of([molecule])
    outputs = model.outputs(batch)
    values = outputs.mean if model.quantity == "energy" else outputs.weights @ neutralized(outputs.outputs, batch)
    groups = groups_of_atoms(molecule.numbers, molecule.bonds)
    z, value = int(molecule.numbers[atom]), float(values[atom])
    place = reduced(model.environments, batch.numbers[[atom]], outputs.representation[[atom]])[0]
    return Surroundings(
        model=model.name,
        checkpoint=model.checkpoint_hash,
        unit=atlas.meta["unit"],
        atom=atom,
        element=SYMBOLS[z],
        groups=tuple(groups),
        contribution=value,
        percentile=atlas.percentile(SYMBOLS[z], value),
        group_percentile=atlas.percentile(SYMBOLS[z], value, groups[atom]),
        test_atoms=atlas.count(SYMBOLS[z]),
        group_test_atoms=atlas.count(SYMBOLS[z], groups[atom]),
        nearest=tuple(_neighbour(atlas, *found) for found in atlas.nearest(z, place, n)),
    )


def _neighbour(atlas: Atlas, index: int, distance: float) -> dict[str, Any]:
    z, group, molecule, place = atlas.atoms[index].tolist()
    return {
        "molecule": atlas.molecule(molecule),
        "atom": place,
        "group": atlas.meta["groups"][SYMBOLS[z]][group],
        "distance": round(distance, 4),
        "contribution": float(atlas.values[index]),
    }
