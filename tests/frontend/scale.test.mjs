import assert from "node:assert/strict";
import { test } from "node:test";
import { coloredValues, columnLimit, DEFAULT_LIMITS, limitOf, roundUp, zeroOf } from "../../frontend/js/lib/scale.js";
import { PER_EV } from "../../frontend/js/lib/units.js";
import { close, sample } from "./sample.mjs";

const envelope = (values, median) => ({ key: "k", level: null, median, mesh: { values: Float32Array.from(values) } });

test("a scale ends at the same round number for every molecule", () => {
  assert.ok(close(limitOf(sample()) * PER_EV["kcal/mol"], 10, 1e-9));
  assert.equal(limitOf(sample({ quantity: "charges" })), DEFAULT_LIMITS.charge);
});

test("a scale fitted to the molecule holds its largest value", () => {
  assert.equal(limitOf(sample({ fit: true })), 1);
  assert.equal(limitOf(sample({ fit: true, quantity: "charges" })), 0.5);
});

test("a limit that the reader set holds for its own scale alone", () => {
  const state = sample({ limits: { output: 0.25 } });
  assert.equal(limitOf(state), 0.25);
  assert.equal(limitOf({ ...state, quantity: "charges" }), DEFAULT_LIMITS.charge);
  assert.equal(columnLimit({ ...state, quantity: "charges" }, "output", [1]), 0.25);
});

test("limits are rounded up to numbers that are easy to read", () => {
  assert.deepEqual([0.11, 0.5, 1.7, 42, 1000, 0].map(roundUp), [0.15, 0.5, 2, 50, 1000, 1]);
});

test("the values of an envelope are counted from its median, or as they are", () => {
  const probe = { ...sample().probe, mode: "envelope", centre: "median" };
  const state = sample({ quantity: "potential", probe, surfaces: { "x-bp-energy": [envelope([-3, -2, -1], -2)] } });
  assert.deepEqual(coloredValues(state), [-1, 0, 1]);
  assert.equal(zeroOf(state, envelope([], -2)), -2);
  assert.deepEqual(coloredValues({ ...state, probe: { ...probe, centre: "zero" } }), [-3, -2, -1]);
});

test("an isosurface has the colour of its level, whatever an envelope's zero is", () => {
  const probe = { ...sample().probe, centre: "median" };
  const surface = { ...envelope([], -1.5), level: -1.5 };
  assert.deepEqual(coloredValues(sample({ quantity: "potential", probe, surfaces: { a: [surface] } })), [-1.5]);
});
