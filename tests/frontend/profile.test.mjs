import assert from "node:assert/strict";
import { test } from "node:test";
import { DISTANCES, lineAwayFrom, profileLine } from "../../frontend/js/lib/profile.js";
import { close, sample } from "./sample.mjs";

const POSITIONS = [[0, 0, 0], [2, 0, 0], [0, 2, 0], [0, 0, 2]];

test("the line leads on from one selected atom through the other", () => {
  const line = lineAwayFrom(POSITIONS, [0, 1]);
  assert.equal(line.length, DISTANCES.length);
  line.forEach((point, i) => assert.ok(close(point[0], 2 + DISTANCES[i]) && point[1] === 0 && point[2] === 0));
});

test("with one atom it leads away from the middle of the molecule", () => {
  const [first] = lineAwayFrom(POSITIONS, [1]);
  const middle = [0.5, 0.5, 0.5];
  const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
  const away = POSITIONS[1].map((x, axis) => x - middle[axis]);
  assert.ok(close(Math.hypot(...cross(away, first.map((x, axis) => x - middle[axis]))), 0));
  assert.ok(close(Math.hypot(...first.map((x, axis) => x - POSITIONS[1][axis])), DISTANCES[0]));
});

test("without an atom, or without a direction, there is no line", () => {
  assert.equal(lineAwayFrom(POSITIONS, []), null);
  assert.equal(lineAwayFrom([[1, 2, 3]], [0]), null, "an atom alone is its own middle");
});

test("through a clicked point the line leads from the atom nearest to it", () => {
  const point = [1.2, 0, 2.5]; // over the oxygen
  const { distances, points, chosen } = profileLine(sample({ point }));
  assert.equal(chosen, point);
  points.forEach(([x, y, z], i) => assert.ok(close(x, 1.2) && close(y, 0) && close(z, distances[i])));
  assert.ok(distances[0] < DISTANCES[0], "an envelope lies nearer to hydrogen than the other lines begin");
});

test("selected atoms take the place of the point, and a point on an atom gives no line", () => {
  const state = sample({ point: [1.2, 0, 2.5], selected: [0, 1] });
  assert.deepEqual(profileLine(state), { distances: DISTANCES, points: lineAwayFrom(state.molecule.positions, [0, 1]), chosen: null });
  assert.equal(profileLine(sample({ point: [1.2, 0, 0] })), null);
  assert.equal(profileLine(sample()), null);
});
