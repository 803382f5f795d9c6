/** The atlas: which atom it is of, the order of environments, and places on their common line. */
import assert from "node:assert/strict";
import { test } from "node:test";

import { apartFrom, atlasAtom, placeOn, predictionOf, ridge, rowsOf, shiftOf } from "../../frontend/js/lib/atlas.js";
import { atomReason } from "../../frontend/js/lib/quantities.js";
import { initialState } from "../../frontend/js/store.js";

const quantiles = (low, high) => Array.from({ length: 101 }, (_, i) => low + (i * (high - low)) / 100);
const distribution = {
  model: "m", element: "C", data: "QM9", molecules: 5, n: 30, edges: [-2, 0, 2],
  groups: [
    { name: "methyl", n: 20, quantiles: quantiles(0, 1), counts: [0, 20] },
    { name: "alcohol", n: 10, quantiles: quantiles(-2, -1), counts: [10, 0] },
  ],
};
const molecule = { symbols: ["C", "C", "O", "C", "H"] };
const found = { model: "m", atom: 1, element: "C", groups: ["methyl", "alcohol", "alcohol", "cage", "on methyl"] };

test("environments stand by their medians, with the molecule's atoms of that element in them", () => {
  const rows = rowsOf(distribution, molecule, found, [0.5, -1.5, 9, 0.1, 9]);
  assert.deepEqual(rows.map(({ name, n }) => [name, n]), [["alcohol", 10], ["methyl", 20], ["cage", 0]]);
  assert.deepEqual(rows[0].own, [{ atom: 1, value: -1.5, chosen: true }], "the oxygen is in another element's alcohol");
  assert.deepEqual(rows[1].own, [{ atom: 0, value: 0.5, chosen: false }]);
  assert.equal(rows[2].own[0].atom, 3, "an environment without a test atom is listed too");
  assert.deepEqual([rows[1].low, rows[1].median, rows[1].high].map((x) => x.toFixed(2)), ["0.10", "0.50", "0.90"]);
});

test("places run from the first edge to the last and do not leave the line", () => {
  assert.deepEqual([-2, -1, 0, 2].map((value) => placeOn(distribution.edges, value)), [0, 25, 50, 100]);
  assert.deepEqual([-99, 99].map((value) => placeOn(distribution.edges, value)), [0, 100]);
});

test("an outline is as high as its fullest step, and empty where nothing was counted", () => {
  assert.equal(ridge([1, 2], 10), "M0 10L0 5L50 5L50 0L100 0L100 10Z");
  assert.equal(ridge([0, 0], 10), "");
});

test("the atlas is of the atom selected last, while its value is shown and nothing moves", () => {
  const state = { ...initialState(), molecule, selected: [0, 2] };
  assert.equal(atlasAtom(state), 2);
  assert.equal(atlasAtom({ ...state, selected: [] }), null);
  assert.equal(atlasAtom({ ...state, quantity: "potential" }), null);
  assert.equal(atlasAtom({ ...state, moving: { molecule } }), null);
  assert.equal(atlasAtom({ ...state, alchemy: { lambda: 0.5 } }), null);
  assert.equal(atlasAtom({ ...state, selected: [7] }), null, "of a molecule before this one");
  const on = (page) => atlasAtom({ ...state, route: { ...state.route, page } });
  assert.deepEqual(["view", "embed", "offline"].map(on), [2, null, null]);
});

test("values that a link holds of an earlier checkpoint are not placed among those of today's", () => {
  const state = { ...initialState(), predictions: [{ model: "m" }], opened: { id: "v", created: "", changed: [] } };
  assert.equal(predictionOf(state, found), state.predictions[0]);
  assert.equal(predictionOf({ ...state, opened: { ...state.opened, changed: ["m"] } }, found), null);
});

test("relative to free atoms, the whole distribution moves by what the atom's value moves", () => {
  const model = { name: "m", family: "bp", property: "energy", free_atom_energies: { C: -10, O: -20, H: -1 } };
  const prediction = { model: "m", property: "energy", contributions: [1, 2, 3, 4, 5], references: [-12, -12, -21, -12, -2] };
  const state = { ...initialState(), molecule, models: [model], predictions: [prediction] };
  assert.equal(shiftOf(state, model, prediction, 1), 0);
  assert.equal(shiftOf({ ...state, contributionView: "atomization" }, model, prediction, 1), -2);
});

test("the reason is of the model that trusts the atom least", () => {
  const mild = { trust: ["unusual"], trust_reasons: ["distance"] };
  const severe = { trust: ["outside"], trust_reasons: ["spread"] };
  assert.equal(atomReason([mild, severe], 0), "spread");
  assert.equal(atomReason([{ trust: ["inside"], trust_reasons: [null] }], 0), null);
  assert.equal(atomReason([{ trust: ["outside"] }], 0), null, "a link of an earlier version has none");
});

test("of marks on top of one another one has a button, the chosen one before others", () => {
  const at = (...places) => places.map((place) => ({ place, first: false }));
  assert.deepEqual(apartFrom(at(10, 50, 60), 24), [true, true, false]);
  assert.deepEqual(apartFrom([{ place: 50, first: false }, { place: 60, first: true }], 24), [false, true]);
  assert.deepEqual(apartFrom(at(24, 0), 24), [true, true]);
});
