/** Saved pages: what goes into a file comes out of it, and what a file lacks is not offered. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeMesh, encodeMesh } from "../../frontend/js/lib/mesh.js";
import { fromBase64, keptQuantities, openKept, packSurfaces, surfacesOf, toBase64, unpackSurfaces } from "../../frontend/js/lib/offline.js";
import { isOffered } from "../../frontend/js/lib/quantities.js";
import { isChoiceOffered } from "../../frontend/js/lib/choice.js";
import { encodeView } from "../../frontend/js/lib/viewstate.js";
import { initialState } from "../../frontend/js/store.js";
import { sample } from "./sample.mjs";

const triangle = {
  positions: Float32Array.of(0, 0, 0, 1, 0, 0, 0, 1, 0), normals: Float32Array.of(0, 0, 1, 0, 0, 1, 0, 0, 1),
  values: Float32Array.of(-0.25, 3.5, 0.125), indices: Uint32Array.of(0, 1, 2),
};

test("a mesh comes out of its binary form as it was", () => {
  assert.deepEqual(decodeMesh(/** @type {ArrayBuffer} */ (encodeMesh(triangle).buffer)), triangle);
});

test("bytes of any number and value survive base64", () => {
  for (const length of [0, 1, 2, 3, 0x8000, 0x8001, 100_003]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 31 + length) % 256);
    assert.deepEqual(fromBase64(toBase64(bytes)), bytes);
  }
  assert.equal(toBase64(Uint8Array.of(0, 255, 254)), Buffer.from([0, 255, 254]).toString("base64"));
});

test("surfaces keep their level, their median and the plane of a slice", () => {
  const sheet = { rows: 1, columns: 3, normal: [0, 0, 1], mesh: triangle };
  const drawn = { a: [{ key: "x", mesh: triangle, level: -0.5, median: -0.5 }], b: [{ key: "y", mesh: triangle, level: null, median: 0.125, sheet }] };
  const packed = JSON.parse(JSON.stringify(Object.fromEntries(Object.entries(drawn).map(([model, surfaces]) => [model, packSurfaces(surfaces)]))));
  const { a: [level], b: [slice] } = unpackSurfaces(packed);
  assert.deepEqual(level, { key: "a 0", mesh: triangle, level: -0.5, median: -0.5 });
  assert.equal(slice.median, 0.125);
  assert.equal(slice.sheet.mesh, slice.mesh);
  assert.deepEqual({ ...slice.sheet, mesh: triangle }, sheet);
});

const CAMERA = [1, 2, 3, 100, 0, 0, 0, 1];
const kept = (changes = {}) => {
  const state = sample({ quantity: "potential", unit: "Ha", theme: "dark", selected: [1], ...changes });
  return {
    version: "1", created: "2026-11-26T00:00:00Z", molecule: state.molecule, predictions: state.predictions, models: state.models,
    state: encodeView(state, { camera: CAMERA, captions: null }), pairs: {}, cite: [],
    surfaces: { potential: { mode: "envelope", element: "N", level: null, drawn: { "x-bp-energy": packSurfaces([{ key: "", mesh: triangle, level: null, median: 0 }]) } } },
  };
};

test("a saved page opens as it was saved, and offers what it holds", () => {
  const file = JSON.parse(JSON.stringify(kept()));
  const state = { ...initialState(), ...openKept(file, initialState().probe) };
  for (const [key, value] of Object.entries({ quantity: "potential", unit: "Ha", theme: "dark", selected: [1], camera: CAMERA })) assert.deepEqual(state[key], value, key);
  assert.deepEqual(keptQuantities(file), ["contributions", "charges", "potential", "elements"]);
  assert.ok(isOffered(state, "potential") && !isOffered(state, "probe_charge") && !isOffered(state, "pairs"));
  assert.ok(!isChoiceOffered(state), "there are no other models in a file");
  const shown = surfacesOf(file, state);
  assert.equal(shown.probe.mode, "envelope");
  assert.equal(shown.probe.element, "N");
  assert.deepEqual(shown.surfaces["x-bp-energy"][0].mesh, triangle);
  assert.deepEqual(surfacesOf(file, { ...state, quantity: "charges" }), { surfaces: {} });
  const isosurface = { ...file.surfaces.potential, mode: "isosurface", level: -1.5 };
  const { probe } = surfacesOf({ ...file, surfaces: { potential: isosurface } }, state);
  assert.equal(probe.levels["potential:N"].value, -1.5, "the level of what is drawn, whatever the state says");
});

test("a quantity that a file does not hold is not what it opens with, and a file of the command line has no state", () => {
  const without = { ...kept(), surfaces: {} };
  assert.equal(openKept(without, initialState().probe).quantity, "contributions");
  const bare = { ...kept(), state: {} };
  const state = { ...initialState(), ...openKept(bare, initialState().probe) };
  assert.equal(state.quantity, "contributions");
  assert.equal(state.unit, initialState().unit);
  assert.equal(state.camera, null);
});
