import assert from "node:assert/strict";
import { test } from "node:test";
import { between, formulaAtEnd, morphed, PRESETS } from "../../frontend/js/lib/alchemy.js";
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
