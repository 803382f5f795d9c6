/** Relaxations: the molecule and its predictions on the way, and which atoms are followed. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { atRest, followedAtoms, frameOf, predictionsAt, relaxer, stepText, unasked, wayOf } from "../../frontend/js/lib/relaxation.js";
import { initialState } from "../../frontend/js/store.js";

const answer = {
  model: "b", steps: 2, energies: [3, 2, 1], largest_forces: [1, 0.1, 0.01],
  contributions: [[0, 0, 0], [1, 0, -3], [0.5, 2, -1]],
  positions: [[[0, 0, 0], [1, 0, 0], [0, 2, 0]], [[0, 0, 0], [1, 0, 0], [0, 1, 0]], [[0, 0, 0], [1, 0, 0], [0, 0, 0]]],
};
const answers = [
  { model: "a", property: "energy", total: 7, contributions: [9, 9, 9], trust: ["inside"] },
  { model: "b", property: "energy", total: 1, contributions: [0.5, 2, -1], trust: ["inside"] },
];
const base = [answers[0]]; // one that was not asked on the way

test("the networks shown stay on the way, and where they were not asked there the one that relaxes stands in", () => {
  const path = { model: "a", totals: [9, 8, 7], uncertainties: [0.3, 0.2, 0.1], contributions: [[3, 3, 3], [2, 3, 3], [1, 3, 3]], vectors: null, grades: ["outside", "unusual", "inside"] };
  assert.equal(predictionsAt({ answer, base, paths: [path], frame: 2, rest: 2 }, answers), base);
  const [shown, ...more] = predictionsAt({ answer, base, paths: [path], frame: 1, rest: 2 }, answers);
  assert.deepEqual(more, []);
  assert.deepEqual([shown.model, shown.total, shown.uncertainty, shown.contributions, shown.molecule_trust.grade], ["a", 8, 0.2, [2, 3, 3], "unusual"]);
  assert.deepEqual([unasked({ base: answers, paths: [path] }), unasked({ base, paths: [path] })], [[answers[1]], []]);
  const [only, ...others] = predictionsAt({ answer, base, paths: [], frame: 1, rest: 2 }, answers);
  assert.deepEqual(others, []);
  assert.deepEqual([only.model, only.total, only.contributions, only.trust], ["b", 2, [1, 0, -3], null]);
});

test("a step on the way is said to be one, the end is not", () => {
  assert.deepEqual([0, 1, 2].map((frame) => stepText({ answer, base, frame, rest: 1 })), [
    "Geometry: step 0 of 2 of relaxing with b", "Geometry: step 1 of 2 of relaxing with b", null,
  ]);
  assert.equal(stepText(null), null);
});

test("a geometry on the way is one molecule, however often it is asked for", () => {
  const relaxation = { answer, base, frame: 1, rest: 2 };
  const molecule = { symbols: ["H", "H", "O"], positions: answer.positions[2] };
  assert.equal(frameOf(relaxation, molecule), frameOf(relaxation, molecule));
  assert.equal(frameOf(relaxation, molecule).positions, answer.positions[1]);
  assert.deepEqual([0, 1, 2].map((frame) => atRest({ answer, frame, rest: 1 })), [false, true, false]);
});

test("followed are the selected atoms, or those that change most", () => {
  assert.deepEqual(followedAtoms(answer, []), [2, 1]);
  assert.deepEqual(followedAtoms(answer, [2, 1, 0]), [1, 0]);
  assert.deepEqual(followedAtoms(answer, [2, 1, 0], 4), [2, 1, 0]);
});

test("the way of the atoms is the root of their mean square", () => {
  assert.ok(Math.abs(wayOf(answer) - Math.sqrt(4 / 3)) < 1e-12);
});

test("a network that knows more than minima relaxes, or the one that errs least, unless another is chosen", () => {
  const model = (name, mae) => ({ name, family: name, property: "energy", test: mae && { mae } });
  const models = [model("a", null), model("b", 0.3), model("c", 0.9)];
  const state = { ...initialState(), models, answers: ["a", "b", "c"].map((name) => ({ model: name, property: "energy" })) };
  assert.equal(relaxer(state).name, "b");
  assert.equal(relaxer({ ...state, relaxer: "c" }).name, "c");
  assert.equal(relaxer({ ...state, relaxer: "gone" }).name, "b");
  assert.equal(relaxer({ ...state, models: [{ ...models[0], knows_displaced: true }, ...models.slice(1)] }).name, "a");
  assert.equal(relaxer({ ...state, answers: [] }), null);
});
