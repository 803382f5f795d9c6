import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeView, encodeView, readAlchemy, readCamera, readConformers } from "../../frontend/js/lib/viewstate.js";
import { initialState } from "../../frontend/js/store.js";
import { sample } from "./sample.mjs";

const CAMERA = [0.1, 0.2, 0.3, 120, 0, 0.6, 0, 0.8];
const STAGE = { camera: CAMERA, captions: { lift: 51, width: 900 }, pictureFrame: { width: 450, height: 600, lift: 51, touched: false } };
const changed = () => sample({
  text: "C=O", quantity: "potential", contributionView: "atomization", unit: "kJ/mol", labels: "none", layout: "second",
  limits: { potential: 2.5, charge: 0.4 }, fit: true, selected: [2, 0],
  probe: {
    element: "N", mode: "slice", opacity: 0.4, bothSigns: true, centre: "zero", by: "other", levels: { "potential:N": { value: -1.25, chosen: true }, "potential:C": { value: -2.5, chosen: false } },
    slice: { orientation: "atoms", offset: -0.35, opacity: 0.5, plane: { origin: [0.1, 0.2, 0.3], normal: [0, 0.6, -0.8] } },
  },
  point: [1.5, -2.25, 0.125], trainedOn: "organic", theme: "dark", pairsBeyond: true, relaxer: "x-bp-energy", wholeEnergy: true,
  choice: [{ property: "energy", family: "bp", model: "x-bp-energy", reason: "closer", others: ["y-bp-energy"], unknown: [] }],
});

test("what a link stores gives back the page that was shared", () => {
  const state = changed();
  const stored = JSON.parse(JSON.stringify(encodeView(state, STAGE)));
  const restored = decodeView(stored, 4, initialState().probe);
  for (const key of ["text", "quantity", "contributionView", "unit", "labels", "layout", "limits", "fit", "selected", "point", "probe", "trainedOn", "choice", "theme", "pairsBeyond", "relaxer", "wholeEnergy"]) {
    assert.deepEqual(restored[key], state[key], key);
  }
  assert.deepEqual(restored.camera, CAMERA);
  assert.deepEqual(restored.captions, STAGE.captions);
  assert.deepEqual(restored.frame, STAGE.pictureFrame);
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
  "wrong kinds": { quantity: 3, unit: {}, labels: null, layout: "third", limits: "wide", fit: "yes", probe: 9, selected: "all", point: [1, 2, "3"], trained_on: 4, theme: "system", pairs_beyond: "yes", relaxer: 7, choice: [{ model: 3 }, { property: "energy", family: "bp", model: "x", reason: "whim", others: [], unknown: [] }], camera: "here", captions: { lift: "low", width: 3 }, frame: { width: 3, height: 0, lift: 0, touched: true }, whole_energy: "yes", text: 5 },
  "names of prototypes": { quantity: "constructor", unit: "toString", limits: { __proto__: { output: 1 }, valueOf: 2 } },
})) {
  test(`a stored state that is damaged (${name}) leaves the page as it was`, () => {
    const { probe } = initialState();
    const restored = decodeView(raw, 4, probe);
    assert.deepEqual(restored, { limits: {}, probe, selected: [], point: null, camera: null, captions: null, frame: null });
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

test("a plane of an axis needs no numbers of its own, and one of atoms all of them", () => {
  const { probe } = initialState();
  const read = (slice) => decodeView({ probe: { slice } }, 4, probe).probe.slice;
  assert.deepEqual(read({ orientation: "y", offset: 1.5, plane: { origin: [0, 0, 0], normal: [1, 0, 0] } }), { orientation: "y", offset: 1.5, opacity: probe.slice.opacity, plane: null });
  const whole = { orientation: "camera", offset: 0, opacity: 1, plane: { origin: [1, 2, 3], normal: [0, 0, 1] } };
  assert.deepEqual(read(whole), whole);
  for (const broken of [
    { orientation: "sideways", offset: 0 }, { orientation: "x", offset: "far" }, { ...whole, plane: null },
    { ...whole, plane: { origin: [1, 2, 3], normal: [0, 0, 2] } }, { ...whole, plane: { origin: [1, 2], normal: [0, 0, 1] } },
  ]) assert.deepEqual(read(broken), probe.slice);
});

test("a camera is eight finite numbers with a turn", () => {
  assert.deepEqual(readCamera(CAMERA), CAMERA);
  for (const broken of [null, [], CAMERA.slice(1), [...CAMERA.slice(1), NaN], [...CAMERA.slice(1), "1"], [1, 2, 3, 4, 0, 0, 0, 0]]) {
    assert.equal(readCamera(broken), null);
  }
});

test("a link keeps the alchemical path and where the dial stood, and takes nothing that is no path", () => {
  const changes = [{ atom: 0, to: "N" }, { atom: 2, fade: "out" }, { atom: 0, to: "O", stage: 1 }];
  const kept = JSON.parse(JSON.stringify(encodeView(changed(), STAGE)));
  assert.equal(readAlchemy(kept, 4), null);
  const whole = JSON.parse(JSON.stringify(encodeView({ ...changed(), alchemy: { changes, lambda: 0.4, answer: null, base: [] } }, STAGE)));
  assert.deepEqual(readAlchemy(whole, 4), { changes, lambda: 0.4 });
  for (const wrong of [{ changes }, { changes: [{ atom: 9, to: "N" }], lambda: 0 }, { changes: [{ atom: 0 }], lambda: 0 }, { changes: "x", lambda: 0 }, 3]) {
    assert.equal(readAlchemy({ alchemy: wrong }, 4), null);
  }
});

test("a link keeps whose conformers were listed, and by which networks", () => {
  const { molecule } = sample();
  const conformers = { molecule, conformers: [], energies: [{ model: "x-bp-energy", molecule: -1, conformers: [] }] };
  const kept = JSON.parse(JSON.stringify(encodeView({ ...changed(), conformers }, STAGE)));
  assert.deepEqual(readConformers(kept), { molecule: "f00d", models: ["x-bp-energy"] });
  assert.equal(readConformers(encodeView(changed(), STAGE)), null);
  for (const wrong of [3, {}, { molecule: "f00d" }, { molecule: "", models: [] }, { molecule: "f00d", models: [7] }]) {
    assert.equal(readConformers({ conformers: wrong }), null);
  }
});
