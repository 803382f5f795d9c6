import assert from "node:assert/strict";
import { test } from "node:test";
import { bands, contourLevels, contourOf, labelPlace, lengthOf } from "../../frontend/js/lib/contours.js";
import { sliceLines } from "../../frontend/js/lib/sliced.js";
import { close, sample } from "./sample.mjs";

const N = 81;
const HALF = 4;

/** A sheet at z = 1 with a function of x and y on it. */
function sheetOf(f) {
  const positions = new Float32Array(3 * N * N);
  const values = new Float32Array(N * N);
  for (let row = 0; row < N; row++) for (let column = 0; column < N; column++) {
    const [x, y] = [column, row].map((i) => -HALF + (2 * HALF * i) / (N - 1));
    positions.set([x, y, 1], 3 * (row * N + column));
    values[row * N + column] = f(x, y);
  }
  return { rows: N, columns: N, normal: [0, 0, 1], mesh: { positions, values, normals: new Float32Array(3 * N * N), indices: new Uint32Array() } };
}
const pointsOf = (line) => Array.from({ length: line.length / 3 }, (_, i) => line.slice(3 * i, 3 * i + 3));

test("the contours of a distance are circles: one closed line each, of the right radius and length", () => {
  const sheet = sheetOf((x, y) => Math.hypot(x - 0.13, y + 0.21));
  for (const radius of [0.9, 2.03, 3.3]) {
    const { lines } = contourOf(sheet, radius);
    assert.equal(lines.length, 1);
    const points = pointsOf(lines[0]);
    assert.deepEqual(points[0], points.at(-1));
    for (const [x, y, z] of points) {
      assert.ok(close(Math.hypot(x - 0.13, y + 0.21), radius, 0.005), `${x} ${y}`);
      assert.equal(z, 1);
    }
    assert.ok(close(lengthOf(lines[0]), 2 * Math.PI * radius, 0.01 * radius));
  }
});

test("a contour that leaves the sheet is an open line from edge to edge", () => {
  const { lines } = contourOf(sheetOf((x, y) => x + 0.5 * y), 0.3);
  assert.equal(lines.length, 1);
  const points = pointsOf(lines[0]);
  assert.ok(points.every(([x, y]) => close(x + 0.5 * y, 0.3, 1e-5)));
  assert.deepEqual([points[0], points.at(-1)].map(([, y]) => Math.abs(y)), [HALF, HALF]);
});

test("at a saddle two lines pass each other, whichever side is higher", () => {
  for (const sign of [1, -1]) {
    const { lines } = contourOf(sheetOf((x, y) => sign * (x * y - 1e-3)), 0.2 * sign);
    assert.equal(lines.length, 2);
    for (const [x, y] of lines.flatMap(pointsOf)) assert.ok(close(x * y - 1e-3, 0.2, 0.02), `${x * y}`);
  }
});

test("there is no contour of a value that does not occur, nor of a field that is the same everywhere", () => {
  assert.deepEqual(contourOf(sheetOf((x) => x), 99).lines, []);
  assert.deepEqual(contourOf(sheetOf(() => 0), 0).lines, []);
  assert.equal(labelPlace({ level: 0, lines: [] }), null);
});

test("a number stands half-way along the longest line, where there is room for it", () => {
  const contour = contourOf(sheetOf((x, y) => x + 0 * y), 1);
  const [x, y] = labelPlace(contour);
  assert.ok(close(x, 1, 1e-5) && Math.abs(y) < 0.2);
  assert.equal(labelPlace(contourOf(sheetOf((u, v) => Math.hypot(u, v)), 0.1)), null);
});

test("levels are round, lie within the limits, and include zero", () => {
  for (const [limit, step, most] of [[150, 25, 150], [40, 10, 40], [1, 0.2, 1], [0.6, 0.1, 0.6], [628, 200, 600], [6.5, 2, 6], [1e-4, 2e-5, 1e-4]]) {
    const found = contourLevels(limit);
    assert.ok(close(found.step, step, 1e-12), `${limit}: ${found.step}`);
    assert.ok(close(found.levels.at(-1), most, 1e-9 * most));
    assert.ok(close(found.levels[0], -most, 1e-9 * most));
    assert.ok(found.levels.includes(0));
  }
});

test("bands are twice the lines, on both sides of the plane, as wide everywhere", () => {
  const line = [0, 0, 1, 1, 0, 1, 2, 0, 1];
  const mesh = bands([{ level: 0, lines: [line] }], [0, 0, 1]);
  assert.equal(mesh.indices.length, 2 * 2 * 2 * 3);
  assert.ok(mesh.indices.every((index) => index < mesh.values.length));
  const points = pointsOf(Array.from(mesh.positions));
  const widths = new Set(points.map(([, y]) => Math.abs(y).toFixed(4)));
  assert.equal(widths.size, 1);
  assert.equal(new Set(points.map(([, , z]) => z.toFixed(4))).size, 2);
  assert.ok(points.every(([, , z]) => close(z, 1, 0.05) && z !== 1));
});

test("the numbers on a slice are in the unit shown, and follow it and the limits", () => {
  const sheet = sheetOf((x) => x); // eV
  const numbers = (changes) => sliceLines(sample({ quantity: "potential", ...changes }), sheet).notes.map(({ text }) => text);
  assert.deepEqual(numbers({ unit: "eV", limits: { potential: 3 } }), [
    "\u22123.0", "\u22122.5", "\u22122.0", "\u22121.5", "\u22121.0", "\u22120.5", "0.0", "+0.5", "+1.0", "+1.5", "+2.0", "+2.5", "+3.0",
  ]);
  const kcal = numbers({ unit: "kcal/mol", limits: { potential: 50 / 23.060547830619 } });
  assert.deepEqual(kcal, ["\u221250", "\u221240", "\u221230", "\u221220", "\u221210", "0", "+10", "+20", "+30", "+40", "+50"]);
});
