"""Energies of reactions and predictions of many molecules: against one by one, and against their definitions."""

import csv
import io
from pathlib import Path

import numpy as np
import pytest
from molecules import METHANOL, WATER

from atomlens.chem.equation import parse_equation
from atomlens.chem.reaction import read_reaction
from atomlens.chem.records import split_records
from atomlens.chem.smiles import read_smiles
from atomlens.errors import MalformedInput
from atomlens.explain.batch import batch_csv, in_short, row
from atomlens.explain.prediction import explain, explain_all
from atomlens.explain.reaction import changes_of_atoms, chosen_models, judged, reaction_energy
from atomlens.networks.card import Card
from atomlens.networks.protocol import Batch
from atomlens.networks.registry import ModelRegistry

ENERGIES = ["qm9-bp-energy", "qm9-schnet-energy"]
ALL = [*ENERGIES, "qm9-bp-dipole", "qm9-schnet-dipole"]


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("block", [1, 12, 4096])
def test_many_at_once_are_explained_as_each_alone(registry, name, block):
    molecules = [METHANOL, WATER, read_smiles("CC#N", 50), WATER]
    model = registry.load(name)
    for found, molecule in zip(explain_all(model, molecules, block=block), molecules, strict=True):
        alone = explain(model, molecule)
        assert found.total == pytest.approx(alone.total, abs=1e-9)
        assert found.uncertainty == pytest.approx(alone.uncertainty, abs=1e-9)
        np.testing.assert_allclose(found.contributions, alone.contributions, atol=1e-9)
        np.testing.assert_allclose(found.contribution_spread, alone.contribution_spread, atol=1e-9)
    assert explain_all(model, []) == []


@pytest.mark.parametrize("name", ENERGIES)
@pytest.mark.parametrize("equation", ["C=C + [HH] -> CC", "2 CO -> COC + O", "C=CC=C + C=C -> C1CCC=CC1"])
def test_the_energy_is_the_difference_of_the_totals_and_of_the_atoms(registry, name, equation):
    reaction, model = read_reaction(*parse_equation(equation), 100), registry.load(name)
    nu = [(-1 if k < len(reaction.reactants) else 1) * one.coefficient for k, one in enumerate(reaction.species)]
    molecules = [one.molecule for one in reaction.species]
    found = reaction_energy(model, molecules, nu)
    assert found["energy"] == pytest.approx(
        sum(n * explain(model, molecule).total for n, molecule in zip(nu, molecules, strict=True)), abs=1e-8
    )
    # references of elements cancel, so what the atoms change by is the whole of it
    assert sum(changes_of_atoms(found, reaction.matches)) == pytest.approx(found["energy"], abs=1e-8)
    members = model.outputs(Batch.of(molecules)).outputs
    offsets = np.cumsum([0, *(len(one) for one in molecules)])
    own = [sum(n * e[offsets[k] : offsets[k + 1]].sum() for k, n in enumerate(nu)) for e in members]
    assert found["uncertainty"] == pytest.approx(model.spread_factor * np.std(own, ddof=1), abs=1e-9)


def test_nothing_that_happens_has_no_energy_and_no_uncertainty(registry):
    model = registry.load(ENERGIES[0])
    found = reaction_energy(model, [METHANOL, METHANOL], [-1, 1])
    assert (found["energy"], found["uncertainty"]) == (pytest.approx(0, abs=1e-9), pytest.approx(0, abs=1e-9))


def test_a_reaction_is_as_far_outside_as_its_worst_molecule_and_open_shells_are():
    trust = {"grade": "inside", "reason": None}
    species = [{"molecule_trust": trust}, {"molecule_trust": {"grade": "unusual", "reason": "spread"}}]
    told = judged({"species": species}, [False, False])
    assert ([one["grade"] for one in told["species"]], told["grade"]) == (["inside", "unusual"], "unusual")
    told = judged({"species": species}, [True, False])
    assert [(one["grade"], one["reason"]) for one in told["species"]] == [
        ("outside", "open_shell"),
        ("unusual", "spread"),
    ]
    assert told["grade"] == "outside"


def test_the_family_shows_the_model_whose_worst_molecule_is_best(registry):
    cards = [registry.cards[name] for name in ENERGIES]
    found = [{"model": name, "grade": "inside", "energy": 0.0, "species": []} for name in ENERGIES]
    assert {choice["model"] for choice in chosen_models(found, cards, [1, 6])} == set(ENERGIES)


def reaction_by(name, grade, *expected):
    species = [{"molecule_trust": {"grade": grade, "expected_error": sigma}} for sigma in expected]
    return {"model": name, "grade": grade, "energy": 0.0, "species": species}


@pytest.mark.parametrize(
    ("qm9", "organic", "chosen", "reason"),
    [
        # of a molecule smaller than any that trained no error can be told
        (("outside", 0.01, None), ("outside", 0.1, 3.0), "organic", "closer"),
        (("outside", 0.01, 1.0), ("outside", 0.2, 0.2), "organic", "closer"),
        (("outside", 0.1), ("outside", None), "qm9", "closer"),
        (("inside", 0.2), ("inside", 0.1), "qm9", "accurate"),
        (("unusual", 0.2), ("outside", 0.1), "qm9", "closer"),
        # where an error is told, what is unusual is no better than that; by distance alone it is as what is inside
        (("unusual", 0.2), ("inside", 0.1), "organic", "closer"),
        (("unusual", 0.3, 0.2), ("unusual", 0.1, 0.2), "organic", "closer"),
        (("unusual", None), ("inside", 0.1), "qm9", "accurate"),
    ],
)
def test_of_sets_that_are_all_outside_that_with_the_best_worst_molecule_is_chosen(qm9, organic, chosen, reason):
    cards = [
        Card({"name": f"{s}-{family}-energy", "family": family, "property": "energy", "elements": ["H"], "test": test})
        for s, test in (("qm9", {"mae": 0.3, "unit": "eV"}), ("organic", {"mae": 2.0, "unit": "eV"}))
        for family in ("bp", "schnet")
    ]
    found = [reaction_by(card.name, *(qm9 if card.training_set == "qm9" else organic)) for card in cards]
    assert [(one["model"], one["reason"]) for one in chosen_models(found, cards, [1])] == [
        (f"{chosen}-{family}-energy", reason) for family in ("bp", "schnet")
    ]


def test_hydrogenation_is_asked_of_the_networks_that_are_closest_to_hydrogen():
    released = ModelRegistry(Path(__file__).resolve().parents[2] / "models")
    equation = read_reaction(*parse_equation("C=C + [HH] -> CC"), 100)
    molecules = [one.molecule for one in equation.species]
    names = ["qm9-schnet-energy", "organic-schnet-energy"]
    found = [judged(reaction_energy(released.load(name), molecules, [-1, -1, 1]), [False] * 3) for name in names]
    [choice] = chosen_models(found, [released.cards[name] for name in names], [1, 6])
    assert (choice["model"], choice["reason"]) == ("organic-schnet-energy", "closer")


def rows_of(registry, text):
    rows = []
    for record in split_records(text, "smi", "a.smi"):
        try:
            molecule = read_smiles(record.text, 50)
        except MalformedInput as error:
            rows.append(row(record, None, [], list(registry.cards.values()), error))
            continue
        short = [
            in_short(explain(registry.load(name), molecule), molecule, card) for name, card in registry.cards.items()
        ]
        rows.append(row(record, molecule.to_dict(), short, list(registry.cards.values()), None))
    return rows


def test_the_table_has_every_digit_and_the_reason_of_what_failed(registry):
    rows = rows_of(registry, "CO\nC((\n")
    table = list(csv.DictReader(io.StringIO(batch_csv(rows))))
    model = registry.load(ENERGIES[0])
    alone = explain(model, read_smiles("CO", 50))
    assert float(table[0][f"{model.name}_total_eV"]) == alone.total
    assert float(table[0][f"{model.name}_uncertainty_eV"]) == alone.uncertainty
    free = registry.cards[model.name].free_atom_energies
    assert float(table[0][f"{model.name}_atomization_eV"]) == pytest.approx(
        free["C"] + free["O"] + 4 * free["H"] - alone.total
    )
    assert (table[0]["formula"], table[0]["atoms"], table[0]["error"]) == ("CH4O", "6", "")
    assert set(table[0]["shown"].split()) == set(ALL)
    assert table[1][f"{model.name}_total_eV"] == ""
    assert "cannot be read" in table[1]["error"]


def test_no_cell_of_the_table_is_a_formula_of_a_spreadsheet():
    record = split_records("=1+1\n", "smi")[0]
    text = batch_csv([row(record, None, [], [], MalformedInput("@x"))])
    (line,) = csv.DictReader(io.StringIO(text))
    assert (line["input"], line["error"]) == ("'=1+1", "'@x")
