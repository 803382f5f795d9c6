import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeAnswer, displaced, isAwaited, liveRequest, liveSurfaces } from "../../frontend/js/lib/live.js";
import { close, sample } from "./sample.mjs";

const path = {
  changes: [{ atom: 0, to: "N" }], lambda: 0.25, base: [],
  answer: { lambda: [0, 1], changes: [{ atom: 0, to: "N" }], paths: [{ model: "x-bp-energy" }] },
};

/** @param {object} probe what is different */
function showing(probe, rest = {}) {
  const state = sample({ quantity: "potential", ...rest });
  return { ...state, probe: { ...state.probe, levels: { "potential:C": { value: -1.5, chosen: true } }, ...probe } };
}

test("what rests asks nothing", () => {
  assert.equal(liveRequest(showing({}), false), null);
});

test("a moved atom asks for values, and for surfaces where a field is shown", () => {
  const molecule = displaced(sample().molecule, [1], [0.5, 0, 0]);
  const plain = liveRequest(sample({ quantity: "contributions", moving: { molecule } }), false);
  assert.equal(plain.positions[1][0], sample().molecule.positions[1][0] + 0.5);
  assert.equal(plain.element, undefined);
  const surface = liveRequest(showing({ bothSigns: true }, { moving: { molecule } }), true);
  assert.deepEqual([surface.element, surface.isovalues, surface.fine], ["C", [-1.5, 1.5], true]);
  assert.equal(liveRequest(showing({ mode: "envelope" }, { moving: { molecule } }), false).envelope, 3.8);
  const slice = { orientation: "z", offset: 0.5, opacity: 1, plane: null };
  const { plane } = liveRequest(showing({ mode: "slice", slice }, { moving: { molecule } }), false);
  const middle = molecule.positions.reduce((sum, [, , z]) => sum + z, 0) / molecule.positions.length;
  assert.deepEqual(plane.normal, [0, 0, 1]);
  assert.ok(close(plane.origin[2], middle + 0.5));
});

test("the dial asks for surfaces of models that know the way, and for nothing else", () => {
  assert.equal(liveRequest(sample({ quantity: "contributions", alchemy: path }), false), null);
  const asked = liveRequest(showing({}, { alchemy: path }), false);
  assert.deepEqual([asked.models, asked.changes, asked.lambda], [["x-bp-energy"], path.changes, 0.25]);
  assert.equal(liveRequest(showing({}, { alchemy: { ...path, lambda: 0 } }), false), null);
  const comes = { ...path, lambda: 0, changes: [{ atom: 0, fade: "in" }] };
  assert.equal(liveRequest(showing({}, { alchemy: comes }), false).lambda, 0, "what fades in is absent at first");
});

/** A message as the service packs it. */
function packed(header, parts) {
  let text = JSON.stringify(header);
  text += " ".repeat((4 - (text.length % 4)) % 4);
  const bytes = [new Uint8Array(new Int32Array([text.length]).buffer), new TextEncoder().encode(text), ...parts];
  const whole = new Uint8Array(bytes.reduce((sum, part) => sum + part.length, 0));
  let place = 0;
  for (const part of bytes) {
    whole.set(part, place);
    place += part.length;
  }
  return whole.buffer;
}

const triangle = new Uint8Array([
  ...new Uint8Array(new Int32Array([3, 1]).buffer),
  ...new Uint8Array(new Float32Array([0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 1, 2, 2, 2]).buffer),
  ...new Uint8Array(new Uint32Array([0, 1, 2]).buffer),
]);

test("an answer holds predictions, surfaces and slices, model by model", () => {
  const values = Float32Array.from({ length: 125 }, (_, i) => i % 5);
  const volume = { origin: [-2, -2, -2], spacing: [1, 1, 1], shape: [5, 5, 5], bytes: 500 };
  const header = {
    id: 7, fine: true, plane: { origin: [0, 0, 0.5], normal: [0, 0, 1] },
    models: [
      { model: "a", prediction: { total: 1 }, surfaces: [{ level: 2, bytes: triangle.length }], volume: null },
      { model: "b", prediction: null, surfaces: [], volume },
    ],
  };
  const answer = decodeAnswer(packed(header, [triangle, new Uint8Array(values.buffer)]), [[0, 0, 0], [1, 0, 0]]);
  assert.deepEqual([answer.id, answer.fine], [7, true]);
  const [a, b] = answer.models;
  assert.deepEqual([a.prediction.total, a.surfaces[0].level, [...a.surfaces[0].mesh.values]], [1, 2, [2, 2, 2]]);
  assert.ok(b.surfaces[0].mesh.values.every((value) => close(value, 2.5)), "z fastest: the field is z + 2");
  assert.deepEqual(Object.keys(liveSurfaces({ a: a.surfaces, c: [{ key: "stored" }] })), ["a"]);
  assert.throws(() => decodeAnswer(packed(header, [triangle]), []), RangeError);
});

test("where the molecule is to stand on its way, fields of its beginning wait until the path is there", () => {
  assert.equal(isAwaited({ alchemy: null }), false);
  assert.equal(isAwaited({ alchemy: { ...path, answer: null } }), true);
  assert.equal(isAwaited({ alchemy: { ...path, answer: null, lambda: 0 } }), false, "what is shown is the beginning");
  assert.equal(isAwaited({ alchemy: path }), false);
});
