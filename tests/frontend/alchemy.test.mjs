import assert from "node:assert/strict";
import { test } from "node:test";
import { between, formulaAtEnd, morphed, nameAtEnd, PRESETS, thereAndBack } from "../../frontend/js/lib/alchemy.js";
import { createAlchemyActions } from "../../frontend/js/actions/alchemy.js";
import { createPairActions } from "../../frontend/js/actions/pairs.js";
import { createProfileActions } from "../../frontend/js/actions/profile.js";
import { describeMolecule } from "../../frontend/js/lib/describe.js";
import { shownAtomNames, shownName, wayOf } from "../../frontend/js/lib/live.js";
import { paneAtoms, paneLines } from "../../frontend/js/lib/panes.js";
import { createStore } from "../../frontend/js/store.js";
import { close, sample } from "./sample.mjs";

const answer = {
  lambda: [0, 0.5, 1], changes: [{ atom: 0, to: "N" }, { atom: 2, fade: "out" }],
  paths: [{
    model: "x-bp-energy", property: "energy", energies: [-3100, -3300, -3550], dipoles: null, excess: [0, 25, 0],
    contributions: [[0.5, -0.6, 0.7, -0.8], [0.4, -0.5, 0.35, -0.7], [0.1, -0.4, 0, -0.6]], vectors: null,
    border_trust: [{ grade: "inside" }, { grade: "outside" }],
  }],
};

test("between two steps values lie on the straight line, at a step exactly on it", () => {
  const values = [1, 4, 2];
  const at = (lambda) => between([0, 0.5, 1], lambda, (step) => values[step]);
  assert.deepEqual([at(0), at(0.5), at(1)], values);
  assert.ok(close(at(0.25), 2.5));
  assert.ok(close(at(0.75), 3));
});

test("on the way every atom has the value of the path, and models that do not know the end are left out", () => {
  const { predictions } = sample();
  const [half, ...others] = morphed(predictions, answer, 0.5);
  assert.deepEqual(others, []);
  assert.equal(half.model, "x-bp-energy");
  assert.deepEqual(half.contributions, [0.4, -0.5, 0.35, -0.7]);
  assert.equal(half.total, -3300);
  assert.equal(half.references, null);
  assert.equal(half.molecule_trust, null, "between molecules nothing is graded");
  assert.equal(morphed(predictions, answer, 1)[0].molecule_trust.grade, "outside");
  assert.equal(morphed(predictions, answer, 0), predictions, "at the beginning it is the molecule itself");
});

test("the molecule at the end has a formula", () => {
  assert.equal(formulaAtEnd(sample().molecule, answer.changes), "HNO");
  assert.equal(formulaAtEnd(sample().molecule, [{ atom: 1, to: "N" }]), "CH2N");
});

test("every preset changes each atom once in a stage", () => {
  for (const { changes } of PRESETS) assert.equal(new Set(changes.map(({ atom, stage = 0 }) => `${atom} ${stage}`)).size, changes.length);
});

test("the last stage says what is at the end", () => {
  const { changes } = PRESETS.find(({ via }) => via.at(-1) === "water");
  const methane = { symbols: ["C", "H", "H", "H", "H"] };
  assert.equal(formulaAtEnd(methane, changes), "H2O");
});

test("what fades in is not there at the beginning", () => {
  const { predictions } = sample();
  const fading = { ...answer, changes: [{ atom: 0, fade: "in" }] };
  assert.deepEqual(morphed(predictions, fading, 0)[0].contributions, answer.paths[0].contributions[0]);
});

/** Benzene by name alone, which is what the names of ways hang on. */
const benzene = { ...sample().molecule, name: "benzene" };

test("the end of an example has its name, that of other changes its formula alone", () => {
  const [{ changes }] = PRESETS;
  assert.equal(nameAtEnd(benzene, [...changes].reverse()), "pyridine", "in whatever order they were chosen");
  assert.equal(nameAtEnd(benzene, changes.slice(0, 1)), null);
  assert.equal(nameAtEnd(sample().molecule, changes), null, "of another molecule");
});

/** @returns {import("../../frontend/js/types.js").State} formaldehyde at a place on its way */
const at = (lambda, more = {}) => {
  const { predictions } = sample();
  return sample({ alchemy: { changes: answer.changes, lambda, playing: false, answer, base: predictions }, predictions: morphed(predictions, answer, lambda), ...more });
};

test("on the way it is said how far it is, and at its end that this is another molecule", () => {
  assert.equal(wayOf(at(0)), null);
  assert.deepEqual(wayOf(at(0.6)), { lambda: 0.6, percent: 60, from: "formaldehyde", to: "HNO", formula: "HNO" });
  assert.deepEqual([0, 0.6, 1].map((lambda) => shownName(at(lambda))), ["formaldehyde", "“60 % of the way from formaldehyde to HNO”", "HNO"]);
  assert.equal(describeMolecule(at(0.6))[0], "60 % of the way from formaldehyde to HNO; the atoms are called as in formaldehyde.");
  assert.match(describeMolecule(at(1))[0], /^HNO, at the end of the way from formaldehyde/);
  assert.match(describeMolecule(at(0))[0], /^formaldehyde, CH2O: 4 atoms/);
});

test("on the picture an atom says what it becomes, and one that is gone says nothing", () => {
  const [first, second, third, fourth] = shownAtomNames(at(0));
  assert.deepEqual(shownAtomNames(at(0.6)), [`${first}→N`, second, third, fourth]);
  assert.deepEqual(shownAtomNames(at(1)), [`${first}→N`, second, "", fourth]);
  const model = at(0).models[0];
  assert.deepEqual(paneAtoms(at(1, { labels: "atoms" }), { model, values: null, dimension: null, laid: false }).labels, shownAtomNames(at(1)));
});

test("nothing of the molecule at the beginning is shown as that of a place on its way: neither pairs nor a line", async () => {
  const store = createStore(at(0, { quantity: "pairs", decays: {} }));
  const asked = [];
  const api = {
    pairs: async (id) => (asked.push(id), [{ model: "x-bp-energy", cutoff: 5, atoms: [[0, 1]], distances: [1.2], values: [-1], bonded: [true] }]),
    pairDecay: async () => null,
    points: async () => (asked.push("points"), []),
  };
  const problems = { report: (error) => assert.fail(error), reportUnexpected: (error) => assert.fail(error) };
  const settled = () => new Promise((resolve) => setTimeout(resolve));
  createPairActions(store, api, problems).start();
  createProfileActions(store, api, problems).start();
  await settled();
  const pane = { model: store.get().models[1] };
  assert.equal(paneLines(store.get(), pane).length, 1);
  store.set(at(0.5, { quantity: "pairs" }));
  await settled();
  assert.deepEqual([store.get().pairs, paneLines(store.get(), pane)], [{}, null]);
  store.set({ quantity: "potential", selected: [1] });
  await settled();
  assert.deepEqual([asked, store.get().profile], [["f00d"], null]);
  store.set(at(0, { quantity: "potential", selected: [1] }));
  await settled();
  assert.equal(asked.at(-1), "points", "at the beginning the line is there again");
  store.set({ quantity: "pairs" });
  await settled();
  assert.equal(Object.keys(store.get().pairs).length, 1, "and so are pairs");
});

test("played, the dial goes to the end and back to the beginning, and a hand stops it", async (t) => {
  assert.deepEqual([0.3, 1, 1.4, 2, 2.5].map(thereAndBack), [
    { lambda: 0.3, over: false }, { lambda: 1, over: false }, { lambda: 0.6, over: false }, { lambda: 0, over: true }, { lambda: 0, over: true },
  ]);
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let now = 0;
  t.mock.method(performance, "now", () => now);
  const pass = (ms) => {
    now += ms;
    t.mock.timers.tick(ms);
  };
  let still = false;
  globalThis.window = globalThis;
  globalThis.matchMedia = () => ({ matches: still });
  const store = createStore(at(0));
  const actions = createAlchemyActions(store, {}, {}, async () => {});
  const place = () => [store.get().alchemy.lambda, store.get().alchemy.playing];
  actions.play();
  for (let k = 0; k < 100; k++) pass(40);
  assert.deepEqual(place(), [1, true]);
  assert.equal(store.get().predictions[0].total, -3550);
  for (let k = 0; k < 100; k++) pass(40);
  assert.deepEqual(place(), [0, false]);
  assert.equal(store.get().predictions, store.get().alchemy.base);
  actions.play();
  pass(40);
  actions.turn(0.7);
  pass(400);
  assert.deepEqual(place(), [0.7, false], "it stays where the hand left it");
  actions.play();
  actions.play();
  pass(400);
  assert.deepEqual(place(), [0.7, false], "the same button stops it");
  still = true;
  actions.turn(0);
  actions.play();
  pass(900);
  assert.deepEqual(place(), [0, true]);
  pass(100);
  assert.deepEqual(place(), [0.25, true], "who wants no motion gets few places, a second each");
});

test("a way that is gone on with shows no surface of its beginning, and says that it is being computed", async () => {
  const { alchemy, ...rest } = at(0);
  const store = createStore({ ...rest, surfaces: { "x-bp-energy": [{ key: "of the beginning" }] } });
  const ended = [];
  let answer = () => {};
  const api = { alchemy: () => new Promise((resolve, reject) => { answer = { resolve, reject }; }) };
  const problems = { report: (error, place, retry) => ended.push(retry) };
  const actions = createAlchemyActions(store, api, problems, async () => {});
  let gone = actions.follow(alchemy.changes, 0.37);
  assert.deepEqual(store.get().surfaces, {});
  assert.match(store.get().busy, /way to the other molecule/);
  assert.equal(store.get().alchemy.lambda, 0.37);
  answer.resolve(alchemy.answer);
  await gone;
  assert.deepEqual([store.get().busy, store.get().alchemy.lambda], [null, 0.37]);
  gone = actions.follow(alchemy.changes, 0.37);
  answer.reject(new Error("refused"));
  await gone;
  assert.equal(store.get().alchemy.lambda, 0, "the molecule at the beginning is what is seen");
  ended[0]();
  assert.equal(store.get().alchemy.lambda, 0.37, "and who tries again goes to the same place");
});
