"""`atomlens pairs`: how much the energy models lean on each pair."""

import numpy as np
import pytest


def test_pairs_as_json_are_every_energy_models_nearest_first(atomlens):
    found = atomlens("pairs", "CO", "--json", "-").json()
    assert [one["model"] for one in found["pairs"]] == ["qm9-bp-energy", "qm9-schnet-energy"]
    positions = np.array(found["molecule"]["positions"])
    for one in found["pairs"]:
        i, j = np.array(one["atoms"]).T
        expected = np.linalg.norm(positions[i] - positions[j], axis=1)
        assert one["distances"] == pytest.approx(expected)
        assert one["distances"] == sorted(one["distances"])
        assert sum(one["bonded"]) == len(found["molecule"]["bonds"])
        assert one["unit"] == "eV"


def test_the_table_shows_bonded_pairs_in_the_unit_asked_for(atomlens):
    found = atomlens("pairs", "water", "--model", "qm9-bp-energy", "--json", "-").json()["pairs"][0]
    ran = atomlens("pairs", "water", "--model", "qm9-bp-energy", "--unit", "kcal/mol", "--bonded")
    assert ran.code == 0, ran.err
    rows = [line.split("│") for line in ran.out.splitlines() if "yes" in line]
    values = {frozenset(row[1].strip().split("–")): float(row[4]) for row in rows}
    assert set(values) == {frozenset(("O1", "H2")), frozenset(("O1", "H3"))}
    by_pair = {tuple(pair): value for pair, value in zip(found["atoms"], found["values"], strict=True)}
    assert values[frozenset(("O1", "H2"))] == pytest.approx(by_pair[0, 1] * 23.060547830619, abs=1e-3)
    whole = atomlens("pairs", "water", "--model", "qm9-bp-energy")
    assert "H2–H3" in whole.out
    assert "H2–H3" not in ran.out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("water", "--model", "qm9-bp-dipole"), "pairs are of energies"),
        (("CCl",), "knows Cl"),
        (("water", "--json", "nowhere/x.json"), "no folder nowhere"),
    ],
)
def test_what_has_no_pairs_is_refused(refused, arguments, said):
    assert said in refused("pairs", *arguments)
