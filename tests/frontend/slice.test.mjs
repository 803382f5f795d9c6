import assert from "node:assert/strict";
import { test } from "node:test";
import { basePlane, cutSheet, facingCamera, movedSlice, offsetRange, sides, throughAtoms, valueAt } from "../../frontend/js/lib/slice.js";
import { turnVector } from "../../frontend/js/lib/camera.js";
import { close } from "./sample.mjs";

const SHAPE = [9, 11, 13];
const ORIGIN = [-2, -1.5, -3];
const SPACING = [0.5, 0.3, 0.5];
const far = (k) => ORIGIN[k] + (SHAPE[k] - 1) * SPACING[k];
const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** A field on the grid, C order, z fastest. */
function volume(f) {
  const values = new Float32Array(SHAPE[0] * SHAPE[1] * SHAPE[2]);
  let at = 0;
  for (let i = 0; i < SHAPE[0]; i++) for (let j = 0; j < SHAPE[1]; j++) for (let k = 0; k < SHAPE[2]; k++) {
    values[at++] = f(ORIGIN[0] + i * SPACING[0], ORIGIN[1] + j * SPACING[1], ORIGIN[2] + k * SPACING[2]);
  }
  return { origin: ORIGIN, spacing: SPACING, shape: SHAPE, values };
}

const linear = (x, y, z) => 0.7 * x - 1.3 * y + 0.4 * z + 2;
/** So far apart that the sheet reaches to the edges of the box. */
const ATOMS = [[9, 0, 0], [-9, 0, 0], [0, 8, 0], [0, -8, 0], [0, 0, 7], [0, 0, -7]];
const OBLIQUE = { origin: [0.1, 0.05, 0.2], normal: [2 / 7, 3 / 7, 6 / 7] };

test("a linear field is the same between the points of the grid as on them, up to its border and not beyond", () => {
  const field = volume(linear);
  for (const [x, y, z] of [[0.11, 0.42, -0.9], [-1.99, -1.49, 2.3], [far(0), far(1), far(2)], ORIGIN]) {
    assert.ok(close(valueAt(field, x, y, z), linear(x, y, z), 1e-6), `${x} ${y} ${z}`);
  }
  for (const outside of [[far(0) + 0.01, 0, 0], [0, ORIGIN[1] - 0.01, 0], [0, 0, far(2) + 1]]) assert.ok(Number.isNaN(valueAt(field, ...outside)));
});

test("between the points of the grid a curved field is followed: a quadratic one exactly, away from the border", () => {
  const quadratic = (x, y, z) => x * x - 0.5 * y * z + 2 * z * z - y;
  const field = volume(quadratic);
  for (const [x, y, z] of [[0.11, 0.42, -0.9], [-1.3, -1.1, 2.2], [1.2, 0.9, 0]]) assert.ok(close(valueAt(field, x, y, z), quadratic(x, y, z), 2e-5), `${x} ${y} ${z}`);
  const wave = (x, y, z) => Math.sin(2 * x) * Math.cos(y + z);
  const error = (/** offsets */ ...at) => Math.abs(valueAt(volume(wave), ...at) - wave(...at));
  assert.ok(error(0.25, 0.15, 0.25) < 0.02, "straight lines would miss by 0.05");
});

for (const [name, plane] of Object.entries({
  oblique: OBLIQUE, "across x": { origin: [0.3, 0, 0], normal: [1, 0, 0] }, "across y, at the edge of the box": { origin: [0, far(1) - 0.001, 0], normal: [0, 1, 0] },
  "across a corner": { origin: [far(0) - 0.3, far(1) - 0.3, far(2) - 0.3], normal: [1, 1, 1].map((c) => c / Math.sqrt(3)) },
})) {
  test(`every point of a sheet (${name}) lies on the plane and in the box, with the field's value there`, () => {
    const { rows, columns, mesh } = cutSheet(volume(linear), plane, ATOMS);
    assert.equal(mesh.values.length, rows * columns);
    assert.equal(mesh.indices.length, 6 * (rows - 1) * (columns - 1));
    assert.ok(mesh.indices.every((index) => index < rows * columns));
    for (let i = 0; i < mesh.values.length; i++) {
      const point = Array.from(mesh.positions.subarray(3 * i, 3 * i + 3));
      assert.ok(close(dot(point.map((x, k) => x - plane.origin[k]), plane.normal), 0, 1e-5), `off the plane: ${point}`);
      assert.ok(point.every((x, k) => x > ORIGIN[k] - 1e-5 && x < far(k) + 1e-5), `out of the box: ${point}`);
      assert.ok(close(mesh.values[i], linear(...point), 1e-5));
    }
  });
}

test("a sheet fills the cut of the box: its area is the rectangle's", () => {
  const { mesh } = cutSheet(volume(linear), { origin: [0.3, 0, 0], normal: [1, 0, 0] }, ATOMS);
  let area = 0;
  for (let t = 0; t < mesh.indices.length; t += 3) {
    const [a, b, c] = [0, 1, 2].map((k) => mesh.positions.subarray(3 * mesh.indices[t + k], 3 * mesh.indices[t + k] + 3));
    area += Math.abs((b[1] - a[1]) * (c[2] - a[2]) - (b[2] - a[2]) * (c[1] - a[1])) / 2;
  }
  assert.ok(close(area, (far(1) - ORIGIN[1]) * (far(2) - ORIGIN[2]), 1e-3), `${area}`);
});

test("a sheet reaches two and a half Å around a small molecule, along its axis", () => {
  const { mesh } = cutSheet({ ...volume(linear), spacing: [3, 3, 3], origin: [-12, -15, -18] }, { origin: [0, 0, 0], normal: [0, 0, 1] }, [[-1, -1, 0], [1, 1, 0], [0.1, 0, 0]]);
  const along = [], across = [];
  for (let i = 0; i < mesh.positions.length; i += 3) {
    along.push((mesh.positions[i] + mesh.positions[i + 1]) / Math.SQRT2);
    across.push((mesh.positions[i] - mesh.positions[i + 1]) / Math.SQRT2);
  }
  assert.ok(close(Math.max(...along), Math.SQRT2 + 2.5, 0.01) && close(Math.min(...along), -Math.SQRT2 - 2.5, 0.01));
  assert.ok(close(Math.max(...across) - Math.min(...across), 5 + 0.1 / Math.SQRT2, 0.02));
});

test("a plane beside the box cuts nothing, and offsets within the range always cut it", () => {
  const field = volume(linear);
  assert.equal(cutSheet(field, { origin: [far(0) + 1, 0, 0], normal: [1, 0, 0] }, ATOMS), null);
  const { low, high } = offsetRange(field, OBLIQUE);
  for (const offset of [low, 0.5 * (low + high), high]) {
    assert.ok(cutSheet(field, { ...OBLIQUE, origin: OBLIQUE.origin.map((x, k) => x + offset * OBLIQUE.normal[k]) }, ATOMS), `${offset}`);
  }
});

test("a pull moves the plane as far as the box reaches", () => {
  const slice = { orientation: "x", offset: 0.5, opacity: 1, plane: null };
  const box = volume(linear);
  const atoms = [[0, 0, 0], [0.4, 0, 0]];
  assert.ok(close(movedSlice(slice, 0.25, box, atoms).offset, 0.75));
  assert.ok(close(movedSlice(slice, 99, box, atoms).offset, offsetRange(box, basePlane(slice, atoms)).high));
  assert.ok(close(movedSlice(slice, -99, box, atoms).offset, offsetRange(box, basePlane(slice, atoms)).low));
});

test("a plane through three atoms holds them, and three on a line give none", () => {
  const atoms = [[0, 0, 1], [1, 0, 2], [0, 1, 0.5]];
  const { origin, normal } = throughAtoms(atoms);
  assert.ok(close(Math.hypot(...normal), 1));
  for (const atom of atoms) assert.ok(close(dot(atom.map((x, k) => x - origin[k]), normal), 0));
  assert.equal(throughAtoms([[0, 0, 0], [1, 1, 1], [2, 2, 2]]), null);
  assert.equal(throughAtoms(atoms.slice(0, 2)), null);
  assert.equal(throughAtoms([[0, 0, 0], [1, 1, 1], [2, 2, 2], [3, 3, 3.001]]), null);
});

test("a plane through more than three atoms is as near to all of them as can be, whatever their order", () => {
  const chair = [[1, 0, 0.2], [0.5, 0.8, -0.2], [-0.5, 0.8, 0.2], [-1, 0, -0.2], [-0.5, -0.8, 0.2], [0.5, -0.8, -0.2]];
  for (const atoms of [chair, chair.toReversed(), chair.slice(0, 5)]) {
    const { origin, normal } = throughAtoms(atoms);
    const away = (n) => atoms.reduce((sum, atom) => sum + dot(atom.map((x, k) => x - origin[k]), n) ** 2, 0);
    for (const turn of [[0.05, 0], [-0.05, 0], [0, 0.05], [0, -0.05]]) {
      const turned = [normal[0] + turn[0], normal[1] + turn[1], normal[2]];
      assert.ok(away(normal) < away(turned.map((x) => x / Math.hypot(...turned))));
    }
  }
  assert.ok(Math.abs(throughAtoms(chair).normal[2]) > 0.999);
});

test("the molecule's own plane holds a flat molecule, and the camera's looks at the camera", () => {
  const flat = [[1, 0, 3], [0, 2, 3], [-1, -1, 3], [0.5, -0.5, 3]];
  const { normal } = basePlane({ orientation: "molecule", offset: 0, plane: null }, flat);
  assert.ok(close(Math.abs(normal[2]), 1, 1e-9));
  const view = [0, 0, 0, 100, 0.1, 0.5, -0.3, Math.sqrt(1 - 0.35)];
  const seen = turnVector(view.slice(4), facingCamera(view, flat).normal);
  assert.ok(seen.every((c, k) => close(c, [0, 0, 1][k], 1e-9)));
});

test("the handle stands on the middles of the sheet's sides", () => {
  const sheet = cutSheet(volume(linear), { origin: [0.3, 0, 0], normal: [1, 0, 0] }, ATOMS);
  const ends = sides(sheet).flatMap(([, y, z]) => [close(y, ORIGIN[1], 1e-5) || close(y, far(1), 1e-5), close(z, ORIGIN[2], 1e-5) || close(z, far(2), 1e-5)]);
  assert.equal(ends.filter(Boolean).length, 4);
});
