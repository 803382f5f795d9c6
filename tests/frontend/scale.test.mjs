import assert from "node:assert/strict";
import { test } from "node:test";
import { coloredValues, columnLimit, DEFAULT_LIMITS, limitDecimals, limitOf, roundedLimit, roundUp, scaleTicks, zeroOf } from "../../frontend/js/lib/scale.js";
import { markNames } from "../../frontend/js/charts/scalebar.js";
import { legendTexts, levelColor, levelKeys } from "../../frontend/js/lib/legend.js";
import { diverging, hex } from "../../frontend/js/lib/color.js";
import { ENERGY_UNITS, PER_EV, plainNumber } from "../../frontend/js/lib/units.js";
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

test("an isosurface that carries another field is counted from its median, as its legend says", () => {
  const probe = { ...sample().probe, mode: "isosurface", by: "other", centre: "median" };
  const state = sample({ quantity: "potential", probe, surfaces: { "x-bp-energy": [envelope([-3, -2, -1], -2)] } });
  assert.deepEqual(coloredValues(state), [-1, 0, 1]);
  assert.equal(zeroOf(state, { ...envelope([-3], -2), sheet: {} }), 0, "a slice shows the field as it is");
});

test("an isosurface has the colour of its level, whatever an envelope's zero is", () => {
  const probe = { ...sample().probe, centre: "median" };
  const surface = { ...envelope([], -1.5), level: -1.5 };
  assert.deepEqual(coloredValues(sample({ quantity: "potential", probe, surfaces: { a: [surface] } })), [-1.5]);
});

test("the ends of the scale say the number that stands in its box, in every unit", () => {
  for (const unit of ENERGY_UNITS) for (const kcal of [10, 200, 1.5, 0.7]) {
    const limit = (kcal / PER_EV["kcal/mol"]) * PER_EV[unit];
    assert.equal(Number(plainNumber(limit, limitDecimals(limit))), roundedLimit(limit), `${kcal} kcal/mol in ${unit}`);
  }
  assert.equal(legendTexts(sample({ unit: "kJ/mol" })).to, "+41.84\u00a0kJ/mol");
  assert.equal(legendTexts(sample()).from, "−10\u00a0kcal/mol");
});

test("the numbers under a scale are round in every unit, symmetric, and within its ends", () => {
  const ticks = (limit) => scaleTicks(limit).values;
  assert.deepEqual(ticks(10), [-10, -5, 0, 5, 10]);
  assert.deepEqual(ticks(7), [-7, -3.5, 0, 3.5, 7]);
  assert.deepEqual(ticks(41.84), [-40, -20, 0, 20, 40]);
  assert.deepEqual(ticks(12.345), [-12, -6, 0, 6, 12]);
  for (const unit of ENERGY_UNITS) for (const limit of Object.values(DEFAULT_LIMITS)) {
    const end = limit * PER_EV[unit];
    const { values, digits } = scaleTicks(end);
    assert.equal(values.length, 5);
    assert.ok(values[4] <= end * (1 + 1e-4) && values[4] >= 0.65 * end, `${values[4]} of ${end}`);
    assert.deepEqual(values.map((value) => 0 - value).reverse().map((value) => value || 0), values);
    for (const value of values) assert.equal(Number(plainNumber(value, digits)), value, `${value} by ${digits} decimals`);
    assert.ok(digits === 0 || values.some((value) => Number(plainNumber(value, digits - 1)) !== value), `${digits} decimals`);
    assert.ok(String(values[3]).replace(/[.0]/g, "").length <= 2, String(values[3]));
  }
});

test("an isosurface has its own colour in the legend: that of the scale, or a stronger one where the scale is pale", () => {
  const state = (value, bothSigns = false) => {
    const fresh = sample({ quantity: "potential" });
    const field = { elements: { H: { minimum: -2 * DEFAULT_LIMITS.potential, maximum: 0.9 * DEFAULT_LIMITS.potential } } };
    return { ...fresh, fields: { "x-schnet-energy": { field }, "x-bp-energy": { field } }, probe: { ...fresh.probe, mode: "isosurface", element: "H", bothSigns, levels: { "potential:H": { value, chosen: true } } } };
  };
  const limit = DEFAULT_LIMITS.potential;
  const [strong] = levelKeys(state(0.8 * limit));
  assert.deepEqual([strong.color, strong.stronger], [hex(diverging(0.8)), false]);
  const pale = levelKeys(state(-0.1 * limit, true));
  assert.deepEqual(pale.map(({ color, stronger }) => [color, stronger]), [[hex(diverging(-0.5)), true], [hex(diverging(0.5)), true]]);
  assert.equal(pale[0].color, hex(levelColor(-0.1 * limit, limit)), "as it is drawn");
  assert.equal(pale[0].value, "−15.0\u00a0kcal/mol");
  assert.deepEqual(levelKeys(state(-1.5 * limit, true)).map(({ value }) => value[0]), ["−"], "no point has the opposite value");
  assert.deepEqual(levelKeys(sample()), [], "atoms have no isosurface");

  const mesh = (corners) => ({ indices: new Uint32Array(corners) });
  const saved = (level, corners = 3) => ({ ...state(-0.8 * limit), fields: {}, kept: ["potential"], surfaces: { "x-bp-energy": [{ level, mesh: mesh(corners) }] } });
  assert.deepEqual(levelKeys(saved(-0.8 * limit)), levelKeys(state(-0.8 * limit)), "a saved page has no fields, and says the same of what it holds");
  assert.equal(levelKeys(saved(null)).length, 1, "coloured by another network it has a level too");
  assert.deepEqual([...levelKeys(saved(-0.8 * limit, 0)), ...levelKeys(saved(0.8 * limit))], [], "none where nothing is drawn there");
});

test("names of near marks stand in one line, from left to right, those of far ones apart", () => {
  const place = (value) => value;
  assert.deepEqual(markNames([{ value: 0.5, name: "SchNet" }, { value: 0.4, name: "BP" }], place).map(({ name }) => name), ["BP · SchNet"]);
  const apart = markNames([{ value: 0.9, name: "SchNet" }, { value: 0.1, name: "BP" }], place);
  assert.deepEqual(apart, [{ name: "BP", at: 0.1 }, { name: "SchNet", at: 0.9 }]);
  assert.deepEqual(markNames([], place), []);
});
