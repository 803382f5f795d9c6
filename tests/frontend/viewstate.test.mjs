import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeView, encodeView, readCamera } from "../../frontend/js/lib/viewstate.js";
import { initialState } from "../../frontend/js/store.js";
import { sample } from "./sample.mjs";

const CAMERA = [0.1, 0.2, 0.3, 120, 0, 0.6, 0, 0.8];
const changed = () => sample({
  text: "C=O", quantity: "potential", contributionView: "atomization", unit: "kJ/mol", labels: "none", layout: "second",
  limits: { potential: 2.5, charge: 0.4 }, fit: true, selected: [2, 0],
  probe: { element: "N", mode: "envelope", opacity: 0.4, bothSigns: true, centre: "zero", by: "other", levels: { "potential:N": { value: -1.25, chosen: true } } },
});

test("what a link stores gives back the page that was shared", () => {
  const state = changed();
  const stored = JSON.parse(JSON.stringify(encodeView(state, CAMERA)));
  const restored = decodeView(stored, 4, initialState().probe);
  for (const key of ["text", "quantity", "contributionView", "unit", "labels", "layout", "limits", "fit", "selected", "probe"]) {
    assert.deepEqual(restored[key], state[key], key);
  }
  assert.deepEqual(restored.camera, CAMERA);
  assert.equal(stored.molecule, "f00d");
  assert.deepEqual(stored.models, ["x-schnet-energy", "x-bp-dipole", "x-bp-energy"]);
});

test("a view needs a molecule", () => {
  assert.throws(() => encodeView(sample({ molecule: null }), null), /without a molecule/);
});

test("a long text, such as a file's, stays out of the link", () => {
  assert.equal(encodeView(sample({ text: "x".repeat(201) }), null).text, "");
});

for (const [name, raw] of Object.entries({
  nothing: null, "a number": 7, "a list": [1, 2], "no fields": {},
  "wrong kinds": { quantity: 3, unit: {}, labels: null, layout: "third", limits: "wide", fit: "yes", probe: 9, selected: "all", camera: "here", text: 5 },
  "names of prototypes": { quantity: "constructor", unit: "toString", limits: { __proto__: { output: 1 }, valueOf: 2 } },
})) {
  test(`a stored state that is damaged (${name}) leaves the page as it was`, () => {
    const { probe } = initialState();
    const restored = decodeView(raw, 4, probe);
    assert.deepEqual(restored, { limits: {}, probe, selected: [], camera: null });
  });
}

test("numbers that no slider gives are put right or left out", () => {
  const { probe } = initialState();
  const raw = {
    limits: { output: -1, charge: Infinity, potential: 3, unknown: 4 }, selected: [0, 4, -1, 1.5, "2", 3],
    probe: { opacity: 7, levels: { "potential:C": "deep", "potential:H": -2 }, mode: "cloud", centre: "edge" },
  };
  const restored = decodeView(raw, 4, probe);
  assert.deepEqual(restored.limits, { potential: 3 });
  assert.deepEqual(restored.selected, [0, 3]);
  assert.deepEqual(restored.probe, { ...probe, opacity: 1, levels: { "potential:H": { value: -2, chosen: true } } });
});

test("a camera is eight finite numbers with a turn", () => {
  assert.deepEqual(readCamera(CAMERA), CAMERA);
  for (const broken of [null, [], CAMERA.slice(1), [...CAMERA.slice(1), NaN], [...CAMERA.slice(1), "1"], [1, 2, 3, 4, 0, 0, 0, 0]]) {
    assert.equal(readCamera(broken), null);
  }
});
