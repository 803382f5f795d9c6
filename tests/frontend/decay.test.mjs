import assert from "node:assert/strict";
import { test } from "node:test";
import { decadeName, decades, decayOf, offeredElements, ownPairs, stretches, twoDigits, usualElements } from "../../frontend/js/lib/decay.js";
import { sample } from "./sample.mjs";

const table = (...elements) => ({ elements, distances: [1.05], low: [0.1], median: [0.2], high: [0.3] });
const decay = { model: "x-bp-energy", checkpoint: "", cutoff: 6, width: 0.1, molecules: 5000, pairs: [table("H", "H"), table("H", "C"), table("C", "C"), table("C", "O")] };
const pairs = { "x-bp-energy": {
  model: "x-bp-energy", cutoff: 6, atoms: [[0, 2], [0, 1], [2, 3]], distances: [1.1, 1.2, 1.8], values: [0.4, -0.8, 0.001], bonded: [true, true, false],
} };
const state = sample({ quantity: "pairs", pairs, decays: { "x-bp-energy": decay, "x-schnet-energy": null }, selected: [3, 2] });

test("elements are offered that the molecule has, in pairs that it has, and first its heavy bond", () => {
  assert.deepEqual(offeredElements(state), ["H–H", "H–C", "C–O"], "one carbon makes no pair");
  assert.equal(usualElements(state, offeredElements(state)), "C–O");
  assert.equal(usualElements(state, ["H–H", "H–C"]), "H–C");
  assert.equal(decayOf(decay, "H–C"), decay.pairs[1]);
  assert.equal(decayOf(null, "H–C"), null);
});

test("own pairs are those of the elements, in either order, and the selected one is marked", () => {
  assert.deepEqual(ownPairs(state, "x-bp-energy", "H–C"), [{ distance: 1.1, value: 0.4, marked: false }]);
  assert.deepEqual(ownPairs(state, "x-bp-energy", "H–H"), [{ distance: 1.8, value: 0.001, marked: true }]);
  assert.deepEqual(ownPairs(state, "x-schnet-energy", "H–H"), [], "not answered yet");
});

test("a line breaks where steps are missing", () => {
  assert.deepEqual(stretches([1.05, 1.15, 1.85, 1.95, 2.05, 3.05], 0.1), [[0, 1], [2, 4], [5, 5]]);
});

test("the axis holds every value in whole decades, five at most, and names them", () => {
  assert.deepEqual(decades([0.2, 30, 0]), { low: -1, high: 2 });
  assert.deepEqual(decades([1e-9, 100]), { low: -3, high: 2 });
  assert.deepEqual(decades([10]), { low: 0, high: 1 });
  assert.deepEqual([21.18, 0.0123, 0, 0.00042, 3.4e-7].map(twoDigits), ["21", "0.012", "0", "4.2·10⁻⁴", "3.4·10⁻⁷"]);
  assert.deepEqual([-4, -2, 0, 3, 5].map(decadeName), ["10⁻⁴", "0.01", "1", "1000", "10⁵"]);
});
