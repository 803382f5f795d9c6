import assert from "node:assert/strict";
import { test } from "node:test";
import { decodeMesh, facing, splitMesh } from "../../frontend/js/lib/mesh.js";

/** A square of two triangles in the plane z = 0 that faces up. */
const SQUARE = {
  positions: [0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0], normals: [0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1],
  values: [-1, -0.5, 0.5, 1], indices: [0, 1, 2, 0, 2, 3],
};

/** As the service writes it (docs/http.md, Fields). */
function encode({ positions, normals, values, indices }) {
  const floats = [...positions, ...normals, ...values];
  const buffer = new ArrayBuffer(8 + 4 * (floats.length + indices.length));
  const view = new DataView(buffer);
  view.setInt32(0, values.length, true);
  view.setInt32(4, indices.length / 3, true);
  floats.forEach((value, i) => view.setFloat32(8 + 4 * i, value, true));
  indices.forEach((index, i) => view.setUint32(8 + 4 * (floats.length + i), index, true));
  return buffer;
}

const plain = (mesh) => Object.fromEntries(Object.entries(mesh).map(([key, array]) => [key, Array.from(array)]));

test("a mesh is read as the service writes it", () => {
  assert.deepEqual(plain(decodeMesh(encode(SQUARE))), SQUARE);
});

test("an empty mesh is a mesh", () => {
  const mesh = decodeMesh(encode({ positions: [], normals: [], values: [], indices: [] }));
  assert.equal(mesh.indices.length, 0);
});

test("a mesh of another length than announced, or of vertices that do not exist, is refused", () => {
  assert.throws(() => decodeMesh(new ArrayBuffer(3)), RangeError);
  assert.throws(() => decodeMesh(encode(SQUARE).slice(0, -4)), RangeError);
  assert.throws(() => decodeMesh(encode({ ...SQUARE, indices: [0, 1, 4] })), RangeError);
  const negative = encode(SQUARE);
  new DataView(negative).setInt32(0, -4, true);
  assert.throws(() => decodeMesh(negative), RangeError);
});

test("normals end on the side from which the triangles run counter-clockwise", () => {
  const down = { ...SQUARE, normals: SQUARE.normals.map((c) => -c) };
  assert.deepEqual(Array.from(decodeMesh(encode(down)).normals).map(Math.abs), SQUARE.normals);
  assert.equal(decodeMesh(encode(down)).normals[2], 1);
  const mesh = decodeMesh(encode(SQUARE));
  assert.equal(facing(mesh), mesh);
});

test("a large mesh is split into pieces with the same triangles and values", () => {
  const mesh = decodeMesh(encode(SQUARE));
  assert.deepEqual(splitMesh(mesh), [mesh]);
  const pieces = splitMesh(mesh, 3);
  assert.equal(pieces.length, 2);
  const corners = (m) => Array.from(m.indices, (v) => [...m.positions.subarray(3 * v, 3 * v + 3), m.values[v]]);
  assert.deepEqual(pieces.flatMap(corners), corners(mesh));
  for (const piece of pieces) assert.ok(piece.values.length <= 3);
});
