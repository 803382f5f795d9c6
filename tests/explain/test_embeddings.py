"""Element vectors: principal components, and order that is told from chance."""

import numpy as np
import pytest
from closed_form import GaussianModel
from scipy.stats import spearmanr

from atomlens.chem import periodic
from atomlens.chem.elements import NUMBERS, SYMBOLS
from atomlens.errors import NotFound
from atomlens.explain import order
from atomlens.explain.embeddings import element_properties, element_vectors

SYMBOLS_MAIN = "H Li Be B C N O F Na Mg Al Si P S Cl K Ca Ga Ge As Se Br Rb Sr In Sn Sb Te I"
MAIN = [z for z, symbol in enumerate(SYMBOLS) if f" {symbol} " in f" {SYMBOLS_MAIN} "]


class Ordered(GaussianModel):
    """Vectors whose first component is the group and whose second is the period, and noise beside them."""

    elements = tuple(MAIN)

    def __init__(self, *seeds: int) -> None:
        super().__init__()
        self.seeds = seeds

    def embeddings(self):
        found = element_properties(MAIN)
        made = []
        for seed in self.seeds:
            noise = np.random.default_rng(seed).normal(0, 0.05, (len(MAIN), 8))
            noise[:, 3] += 2.0 * found["group"]
            noise[:, 5] += found["period"]
            made.append(noise)
        return tuple(made)


def test_components_keep_all_variance_and_distances_and_have_a_fixed_sign():
    found = element_vectors(GaussianModel())
    components, (vectors,) = np.array(found["components"]), GaussianModel().embeddings()
    assert sum(found["explained_variance"]) == pytest.approx(1.0)
    assert found["explained_variance"] == sorted(found["explained_variance"], reverse=True)
    for i in range(3):
        for j in range(3):
            assert np.linalg.norm(components[i] - components[j]) == pytest.approx(
                np.linalg.norm(vectors[i] - vectors[j])
            )
    assert (components[np.abs(components).argmax(0), [0, 1]] > 0).all()


def test_few_elements_have_no_order_and_other_families_no_vectors(registry):
    found = element_vectors(registry.load("qm9-schnet-energy"))
    assert found["elements"] == ["H", "C", "N", "O"]
    assert found["agreement"] is None
    assert all(member["same_group"] is None and not member["correlations"] for member in found["members"])
    with pytest.raises(NotFound):
        element_vectors(registry.load("qm9-bp-energy"))


def test_order_that_was_put_in_is_found_and_is_no_chance():
    found = element_vectors(Ordered(0, 1))
    for member in found["members"]:
        by = {(c["property"], c["component"]): c for c in member["correlations"]}
        assert abs(by["group", 0]["rho"]) > 0.98
        assert by["group", 0]["adjusted"] == pytest.approx(1e-4)
        assert abs(by["period", 1]["rho"]) > 0.95
        assert by["group", 3]["adjusted"] > by["group", 3]["p"] > 1e-3
        assert member["same_group"]["euclidean"]["share"] > 0.8
        assert member["same_group"]["euclidean"]["p"] == pytest.approx(1e-4)
    assert found["agreement"] > 0.98


def test_correlations_are_spearmans():
    rng = np.random.default_rng(1)
    components, values = rng.normal(size=(20, 2)), rng.integers(0, 5, 20).astype(float)
    values[3] = np.nan
    kept = np.isfinite(values)
    for entry in order.correlations(components, {"period": values}):
        other = spearmanr(components[kept, entry["component"]], values[kept])
        assert entry["rho"] == pytest.approx(other.statistic)
        assert entry["p"] == pytest.approx(other.pvalue, abs=0.03)
        assert entry["n"] == 19


def test_vectors_without_order_are_called_chance():
    rng = np.random.default_rng(2)
    strong = 0
    for _ in range(20):
        found = order.correlations(rng.normal(size=(30, 4)), element_properties(MAIN[:30]))
        strong += min(entry["adjusted"] for entry in found) < 0.05
    assert strong <= 4, "one of twenty is to be expected"
    families = [periodic.family(z) for z in MAIN]
    shares = order.same_group(rng.normal(size=(len(MAIN), 5)), families, "euclidean")
    counts = np.array([families.count(family) for family in families])
    assert shares["chance"] == pytest.approx(((counts - 1) / (len(MAIN) - 1)).mean(), abs=0.005)
    assert shares["p"] > 0.01


def test_rare_elements_are_left_out_of_what_is_measured():
    counts = {SYMBOLS[z]: 60 for z in MAIN} | {"H": 49, "Li": 50}
    found = element_vectors(Ordered(0), counts, {SYMBOLS[z]: [periodic.group(z)] for z in MAIN})
    assert [s for s, m in zip(found["elements"], found["measured"], strict=True) if not m] == ["H"]
    assert found["structures"][0] == 49
    assert {c["n"] for c in found["members"][0]["correlations"] if c["property"] == "period"} == {len(MAIN) - 1}
    assert found["additive"]["euclidean"]["share"] == 1.0


def test_cosine_does_not_see_lengths():
    vectors = np.random.default_rng(3).normal(size=(12, 4))
    longer = vectors * np.linspace(1, 9, 12)[:, None]
    np.testing.assert_allclose(order.distances(longer, "cosine"), order.distances(vectors, "cosine"), atol=1e-12)


def test_the_periodic_table_is_in_order():
    where = {s: (periodic.group(NUMBERS[s]), periodic.period(NUMBERS[s])) for s in SYMBOLS[1:]}
    for symbol, place in {
        "H": (1, 1), "He": (18, 1), "B": (13, 2), "Ne": (18, 2), "Al": (13, 3), "K": (1, 4), "Sc": (3, 4),
        "Zn": (12, 4), "Ga": (13, 4), "Xe": (18, 5), "Ba": (2, 6), "La": (None, 6), "Lu": (None, 6), "Hf": (4, 6),
        "Tl": (13, 6), "Rn": (18, 6), "Ra": (2, 7), "U": (None, 7), "Rf": (4, 7), "Og": (18, 7),
    }.items():  # fmt: skip
        assert where[symbol] == place
    placed = [place for place in where.values() if place[0]]
    assert len(set(placed)) == len(placed) == 88
    assert periodic.electronegativity("F") == max(periodic.ELECTRONEGATIVITIES.values())
    assert periodic.covalent_radius(6) == pytest.approx(0.76)
