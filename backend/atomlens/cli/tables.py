"""What commands print for people: tables, what is said below them, bars of progress."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from atomlens.units import ENERGY_UNITS_PER_EV

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.console import Console

    from atomlens.chem.molecule import Molecule
    from atomlens.cli.options import EnergyUnit
    from atomlens.explain.alchemy import PathPrediction
    from atomlens.explain.pairs import Pairs
    from atomlens.explain.relaxation import Relaxation
    from atomlens.networks.card import Card

#: Width of what is printed where no terminal says its own: wider than any table.
WIDTH = 1000
#: How a grade of trust is marked behind a value.
MARKS = {"inside": "  ", "unusual": " ?", "outside": " !"}
#: What a grade of trust comes from, in a molecule, a crystal or a reaction.
_WHY = {
    "spread": "its networks disagree",
    "distance": "its surroundings are strange",
    "small": "smaller than any training molecule",
    "large": "larger than any training molecule",
    "composition": "no training crystal has such a composition",
    "torn": "a bond is torn, and it knows molecules at rest alone",
    "volume": "its volume is not that of crystals of its elements",
    "bent": "an aromatic ring is bent out of its plane",
    "pulled": "a bond is longer than any that it has learned from",
    "twisted": "a double or conjugated bond is turned, of which it knows a part",
    "sites": "its sites do not stand to their neighbours as in the training crystals",
    "turned": "a double or conjugated bond is turned, and it knows molecules at rest alone",
    "distorted": "an angle or a bond length is like none that it has learned from",
    "geometry": "its geometry is not known to be a quantum-chemical minimum, and it knows molecules at rest alone",
    "open_shell": "unpaired electrons",
    None: "not measured",
}


def print_explanation(molecule: Molecule, predictions: list[dict[str, Any]], unit: EnergyUnit) -> None:
    """Totals, and the contribution of every atom by every model."""
    from rich.table import Table

    console = _console()
    heading = (molecule.name, molecule.formula, molecule.smiles)
    console.print("  ".join(part for part in heading if part))
    if molecule.geometry.method:
        console.print(f"geometry: {molecule.geometry.source}, {molecule.geometry.method}")
    table = Table("atom", "element")
    for p in predictions:
        table.add_column(_head(p["model"], _shown(p["contribution_unit"], unit)[0]), justify="right")
    columns = [_column(p, unit) for p in predictions]
    for index, symbol in enumerate(molecule.symbols):
        table.add_row(str(index + 1), symbol, *(column[index] for column in columns))
    console.print(table)
    for p in predictions:
        name, factor = _shown(p["unit"], unit)
        spread = "" if p["uncertainty"] is None else f" ± {p['uncertainty'] * factor:.4f}"
        grade = _grade(p["molecule_trust"], molecule.cell is not None)
        console.print(f"{p['model']}: {p['total'] * factor:.6f}{spread} {name}{grade}")
    console.print("Only the sum is trained: the split among atoms is each model's own, and differs between models.")
    if any(grade != "inside" for p in predictions for grade in p["trust"] or ()):
        console.print("?: an environment unusual among the training data   !: outside of it")
    print_notes(molecule.warnings)


def print_paths(lambdas: Sequence[float], paths: Sequence[PathPrediction]) -> None:
    """Totals less the straight line between both ends, model by model."""
    from rich.table import Table

    units = ["eV" if found.quantity == "energy" else "debye" for found in paths]
    table = Table("λ", *(_head(found.model, unit) for found, unit in zip(paths, units, strict=True)))
    for share, *excess in zip(lambdas, *(found.excess for found in paths), strict=True):
        table.add_row(f"{share:.3f}", *(f"{value:.4f}" for value in excess))
    for place, what in ((0, "total at 0"), (-1, "total at 1")):
        table.add_row(what, *(f"{found.totals[place]:.4f}" for found in paths))
    console = _console()
    console.print("Less the straight line between both ends:")
    console.print(table)
    for found in paths:
        for border, trust in enumerate(found.border_trust):
            if trust is not None:
                at = border / (len(found.border_trust) - 1)
                console.print(f"{found.model} at λ = {at:.3g}{_grade(trust.of_molecule(), False)}")


def print_pairs(molecule: Molecule, found: Sequence[Pairs], bonded: bool, unit: EnergyUnit) -> None:
    """Pairs, or the bonded ones alone, nearest first; a column for each model."""
    from rich.table import Table

    name, factor = _shown("eV", unit)
    table = Table("pair", "distance, Å", "bonded", *(_head(one.model, name) for one in found))
    columns = [dict(zip(map(tuple, one.atoms.tolist()), one.values.tolist(), strict=True)) for one in found]
    widest = max(found, key=lambda one: one.cutoff)
    for pair, distance, bond in zip(
        widest.atoms.tolist(), widest.distances.tolist(), widest.bonded.tolist(), strict=True
    ):
        if bond or not bonded:
            shown = "–".join(f"{molecule.symbols[atom]}{atom + 1}" for atom in pair)
            # one with a shorter cutoff has no value there
            values = (column.get(tuple(pair)) for column in columns)
            cells = ("" if value is None else f"{value * factor:.4f}" for value in values)
            table.add_row(shown, f"{distance:.3f}", "yes" if bond else "", *cells)
    _console().print(table)
    _console().print("Each is the energy's slope when all that the pair does is scaled: their sum is not the energy.")


def print_relaxation(found: Relaxation) -> None:
    """Energy and largest force on the way, and whether it converged."""
    from rich.table import Table

    table = Table("step", "energy, eV", "lower by, kcal/mol", "largest force, eV/Å")
    # some ten lines tell the story of a hundred steps
    shown = sorted({round(step) for step in (found.steps * k / 10 for k in range(11))})
    for step in shown:
        lower = (found.energies[0] - found.energies[step]) * ENERGY_UNITS_PER_EV["kcal/mol"]
        table.add_row(str(step), f"{found.energies[step]:.6f}", f"{lower:.3f}", f"{found.largest_forces[step]:.4f}")
    console = _console()
    console.print(table)
    if found.converged:
        console.print(f"{found.model}: converged after {found.steps} steps.")
    else:
        console.print(f"{found.model}: not converged after {found.steps} steps.")
    if found.trust is not None:
        console.print(f"The geometry at the end: {_judgement(found.trust.of_molecule(), False)}.")
    print_notes(found.molecule.warnings)


def print_batch(rows: Sequence[dict[str, Any]], unit: EnergyUnit) -> None:
    """One line for each row: of each property and family the model chosen for the molecule."""
    from rich.table import Table

    families = {
        (one["property"], _family(one["model"])): one["unit"]
        for row in rows
        for one in row["predictions"]
        if one["model"] in row["shown"]
    }
    heads = [f"{family} {what}\n{_shown(of, unit)[0]}" for (what, family), of in families.items()]
    table = Table("#", "molecule", "formula", "atoms", *heads, "trust\nworst of the row")
    for row in rows:
        shown = {
            (one["property"], _family(one["model"])): one for one in row["predictions"] if one["model"] in row["shown"]
        }
        name = row["name"] or row["smiles"] or row["input"]
        if row["error"] is not None:
            table.add_row(str(row["record"]), f"{name}: {row['error']['message']}", row["formula"])
            continue
        cells = [_value(shown.get(key), unit) for key in families]
        table.add_row(str(row["record"]), name, row["formula"], str(row["atoms"]), *cells, _worst(shown))
    _console().print(table)


def print_reaction(answer: dict[str, Any], unit: EnergyUnit) -> None:
    """The energy by every model, and the atoms that change most by the models chosen."""
    from rich.table import Table

    console, (name, factor) = _console(), _shown("eV", unit)
    species = answer["reactants"] + answer["products"]
    console.print(answer["equation"])
    table = Table("model", f"energy of reaction, {name}", "trust", "because of")
    for found in answer["predictions"]:
        outside = found["grade"] == "outside"
        spread = "" if outside or found["uncertainty"] is None else f" ± {found['uncertainty'] * factor:.3f}"
        doubts = [
            f"{one['text']} ({_WHY[graded['reason']]})"
            for one, graded in zip(species, found["species"], strict=True)
            if graded["grade"] == found["grade"] != "inside"
        ]
        table.add_row(found["model"], f"{found['energy'] * factor:.3f}{spread}", found["grade"], ", ".join(doubts))
    console.print(table)
    chosen = {choice["model"] for choice in answer["choice"]}
    for found in (one for one in answer["predictions"] if one["model"] in chosen):
        largest = sorted(zip(found["changes"], answer["matches"], strict=True), key=lambda pair: -abs(pair[0]))
        parts = (
            f"{_atom_of(species, match['reactant'])} → {_atom_of(species, match['product'])} {change * factor:+.3f}"
            for change, match in largest[:5]
        )
        console.print(f"{found['model']}, contributions that change most, {name}: {'; '.join(parts)}")
    if any(found["grade"] == "outside" and found["uncertainty"] is not None for found in answer["predictions"]):
        console.print("outside: no ±, for there is no meaningful uncertainty outside of the training data.")
    console.print("Electronic energies at 0 K: no zero-point, thermal or solvent part. ±: spread of the difference.")


def print_notes(notes: Sequence[str]) -> None:
    """One a line; in brackets there are atoms of SMILES, and no styles."""
    console = _console()
    for note in notes:
        console.print(f"note: {note}", markup=False)


def print_models(cards: Iterable[Card]) -> None:
    """One line for each model."""
    from rich.table import Table

    table = Table("model", "property", "elements", "cutoff, Å", "error on test molecules", "members")
    for card in cards:
        table.add_row(
            card.name,
            card.quantity,
            " ".join(card.raw["elements"]),
            f"{card.cutoff:g}",
            f"{card.test['mae']} {card.test['unit']}" if card.test else "unknown",
            str(card.n_members),
        )
    _console().print(table)


def print_embeddings(found: dict[str, Any]) -> None:
    """What is measured of the order in a SchNet's element vectors, beside chance."""
    from rich.table import Table

    console, members = _console(), found["members"]
    if members[0]["same_group"] is None:
        console.print("With so few elements there is no order that could be told from chance.")
        return
    table = Table("network", "component", "variance", *found["properties"])
    for k, member in enumerate(members):
        for component in sorted({entry["component"] for entry in member["correlations"]}):
            cells = {e["property"]: e for e in member["correlations"] if e["component"] == component}
            shown = (
                "" if name not in cells else f"{cells[name]['rho']:+.2f}{'*' if cells[name]['adjusted'] < 0.05 else ''}"
                for name in found["properties"]
            )
            variance = f"{100 * member['explained_variance'][component]:.0f} %"
            table.add_row(str(k + 1), str(component + 1), variance, *shown)
    console.print("Rank correlation of components and properties; *: beyond chance, all of them considered (p < 0.05)")
    console.print(table)
    shares = [(f"network {k + 1}", member["same_group"]) for k, member in enumerate(members)]
    if found["additive"] is not None:
        shares.append(("additive model", found["additive"]))
    for name, share in shares:
        parts = (f"{metric} {100 * share[metric]['share']:.0f} %" for metric in share)
        console.print(f"nearest neighbour of the same group, {name}: {', '.join(parts)}")
    console.print(f"shuffled elements: {100 * members[0]['same_group']['euclidean']['chance']:.0f} %")
    if found["agreement"] is not None:
        console.print(f"rank correlation of distances between networks: {found['agreement']:.2f}")
    left = [symbol for symbol, counts in zip(found["elements"], found["measured"], strict=True) if not counts]
    if left:
        console.print(f"not measured, of too few training structures: {' '.join(left)}")


def print_rings(found: Sequence[dict[str, Any]], unit: EnergyUnit) -> None:
    """One line for each ring, the most stable first."""
    from rich.table import Table

    name, factor = _shown("eV", unit)
    heads = (f"contribution, {name}", f"vs free atoms, {name}")
    table = Table("ring", "atoms", *heads, "geometry", f"on the force field's, {name}")
    for row in found:
        values = (row["contribution"], row["versus_free_atoms"], row["force_field"]["contribution"])
        first, second, third = ("" if value is None else f"{value * factor:.4f}" for value in values)
        table.add_row(row["name"], str(row["atoms"]), first, second, row["geometry"], third)
    _console().print(table)
    _console().print(
        "Means over the ring's atoms without hydrogens: the lower against free atoms, the more stable. "
        "Rings of different elements differ by their elements too."
    )


def progress_bar() -> Any:
    """A `rich` progress on stderr, to be entered."""
    from rich.progress import Progress

    # gone when done, and never on a stderr that is no terminal
    return Progress(console=_console(stderr=True), transient=True, disable=not sys.stderr.isatty())


def _console(stderr: bool = False) -> Console:
    from rich.console import Console

    terminal = (sys.stderr if stderr else sys.stdout).isatty()
    # markup would swallow the brackets of SMILES
    return Console(stderr=stderr, width=None if terminal else WIDTH, markup=False, highlight=False)


def _head(model: str, unit: str) -> str:
    """Of a model's column: its name in several lines, which a narrow terminal need not cut until all are alike."""
    return model.replace("-", "-\n") + f"\n{unit}"


def _shown(unit: str, energy_unit: EnergyUnit) -> tuple[str, float]:
    """Unit in which a value is shown, and its factor."""
    return (energy_unit.value, ENERGY_UNITS_PER_EV[energy_unit.value]) if unit == "eV" else (unit, 1.0)


def _column(prediction: dict[str, Any], unit: EnergyUnit) -> list[str]:
    factor = _shown(prediction["contribution_unit"], unit)[1]
    values = [f"{value * factor:.4f}" for value in prediction["contributions"]]
    if prediction["trust"] is None:
        return values
    return [value + MARKS[grade] for value, grade in zip(values, prediction["trust"], strict=True)]


def _grade(trust: dict[str, Any] | None, periodic: bool) -> str:
    return "" if trust is None else f"; {_judgement(trust, periodic)}"


def _judgement(trust: dict[str, Any], periodic: bool) -> str:
    """How far the whole molecule or crystal is like the training data, and what speaks against it."""
    words = {"inside": "like the training data", "unusual": "unusual", "outside": "outside the training data"}
    why = "" if trust["reason"] is None else _WHY[trust["reason"]]
    chance = trust["probability"]
    limit = f"5 kcal/mol{' per atom' if periodic else ''}"
    share = "" if chance is None else "below 1 %" if chance < 0.01 else f"{100 * chance:.0f} %"
    risk = f"{share} for an error beyond {limit}" if share else ""
    notes = ", ".join(filter(None, (why, risk)))
    return words[trust["grade"]] + (f" ({notes})" if notes else "")


def _worst(shown: Mapping[tuple[str, str], dict[str, Any]]) -> str:
    """The worst grade of the values of a row, by property and family, and of which where it is not that of all."""
    grades = {key: one["molecule_trust"]["grade"] for key, one in shown.items() if one["molecule_trust"]}
    worst: str = max(grades.values(), key=list(MARKS).index, default="")
    of = [f"{family} {what}" for (what, family), grade in grades.items() if grade == worst]
    return worst if len(of) == len(grades) else f"{worst} ({', '.join(of)})"


def _family(model: str) -> str:
    return model.split("-")[-2] if model.count("-") > 1 else model


def _value(prediction: dict[str, Any] | None, unit: EnergyUnit) -> str:
    if prediction is None:
        return ""
    factor = _shown(prediction["unit"], unit)[1]
    spread = "" if prediction["uncertainty"] is None else f" ± {prediction['uncertainty'] * factor:.3f}"
    return f"{prediction['total'] * factor:.3f}{spread}"


def _atom_of(species: Sequence[dict[str, Any]], place: Sequence[int]) -> str:
    """C1 of ethene; atoms count from 1 in tables."""
    one = species[place[0]]
    return f"{one['molecule']['symbols'][place[2]]}{place[2] + 1} of {one['text']}"
