"""An explanation as extended XYZ: the molecule with what every model gives each atom as columns, and the totals in the
comment line (libatoms' extxyz; ASE reads columns as `atoms.arrays` and the comment as `atoms.info`)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from atomlens.chem.molecule import Molecule

#: Stands where a model says nothing of an atom: a column of words has no empty places.
NOTHING = "unknown"


def explanation_extxyz(
    molecule: Molecule,
    predictions: Sequence[Mapping[str, Any]],
    forces: Mapping[str, Sequence[Sequence[float]]],
) -> str:
    """One frame. predictions: in their JSON form; forces: by model, (n_atoms, 3) eV/Å, of those that have some.

    Columns of a model begin with its name, with _ for every -: `_contribution` (eV) or `_charge` (e), `_spread` and
    `_reference` where there are some, `_trust`, `_forces`. In the comment: `_total`, `_uncertainty`, `_vector` (debye,
    of dipoles), `_unit`, `_checkpoint`, and the molecule's name, charge, SMILES and where its geometry is from.
    """
    columns: list[Column] = [
        ("species", "S", 1, [[symbol] for symbol in molecule.symbols]),
        _reals("pos", molecule.positions.tolist()),
    ]
    for p in predictions:
        columns += _columns(p, len(molecule), forces.get(p["model"]))
    properties = ":".join(f"{name}:{kind}:{width}" for name, kind, width, _ in columns)
    comment = [f"Properties={properties}", *_of_molecule(molecule)]
    comment += [pair for p in predictions for pair in _of_model(p)]
    lines = [str(len(molecule)), " ".join(comment)]
    lines += [" ".join(cell for *_, cells in columns for cell in cells[atom]) for atom in range(len(molecule))]
    return "\n".join(lines) + "\n"


Column = tuple[str, str, int, list[list[str]]]


def _reals(name: str, rows: Sequence[Sequence[float]]) -> Column:
    """All digits: what is read back is the same number."""
    return name, "R", len(rows[0]), [[repr(float(value)) for value in row] for row in rows]


def _columns(p: Mapping[str, Any], n_atoms: int, forces: Sequence[Sequence[float]] | None) -> Iterator[Column]:
    stem = _stem(p)
    for name, values in (
        ("contribution" if p["property"] == "energy" else "charge", p["contributions"]),
        ("spread", p["contribution_spread"]),
        ("reference", p["references"]),
    ):
        if values is not None:
            yield _reals(f"{stem}_{name}", [[value] for value in values])
    yield f"{stem}_trust", "S", 1, [[grade] for grade in p["trust"] or [NOTHING] * n_atoms]
    if forces is not None:
        yield _reals(f"{stem}_forces", forces)


def _stem(p: Mapping[str, Any]) -> str:
    """Not every reader takes hyphens in names."""
    return str(p["model"]).replace("-", "_")


def _of_molecule(molecule: Molecule) -> Iterator[str]:
    if molecule.cell is not None:
        yield f'Lattice="{" ".join(repr(x) for x in molecule.cell.ravel().tolist())}"'
    yield f'pbc="{"F F F" if molecule.cell is None else "T T T"}"'
    yield f"charge={molecule.charge}"
    for key, value in (
        ("name", molecule.name),
        ("smiles", molecule.smiles),
        ("geometry", " ".join(filter(None, (molecule.geometry.source, molecule.geometry.method)))),
    ):
        if value:
            yield f"{key}={_quoted(value)}"


def _of_model(p: Mapping[str, Any]) -> Iterator[str]:
    stem = _stem(p)
    yield f"{stem}_total={float(p['total'])!r}"
    if p["uncertainty"] is not None:
        yield f"{stem}_uncertainty={float(p['uncertainty'])!r}"
    if p["vector"] is not None:
        yield f'{stem}_vector="{" ".join(repr(float(x)) for x in p["vector"])}"'
    yield f"{stem}_unit={p['unit']}"
    yield f"{stem}_checkpoint={_quoted(p['checkpoint'])}"


def _quoted(value: str) -> str:
    """In double quotes, escaped; a line of the file stays one line."""
    plain = "".join(c if c.isprintable() else " " for c in value)
    return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
