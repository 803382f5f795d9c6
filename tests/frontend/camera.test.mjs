import assert from "node:assert/strict";
import { test } from "node:test";
import { between, carried, drawnBack, fitted, lowered, multiply, normalize, pick, project, rotation, shifted, turned, turnVector, zoomed } from "../../frontend/js/lib/camera.js";
import { centroid, principalAxes } from "../../frontend/js/lib/axes.js";
import { close } from "./sample.mjs";

const SIZE = { width: 400, height: 300 };
const ROD = [[0, 0, -4], [0, 0, -2], [0, 0, 0], [0, 0, 2], [0, 1, 4]];
const near = (a, b, tolerance = 1e-9) => a.every((c, i) => close(c, b[i], tolerance));

test("a turn keeps lengths, and its inverse undoes it", () => {
  const q = normalize([0.3, -0.2, 0.5, 0.7]);
  const v = turnVector(q, [1, 2, 3]);
  assert.ok(close(Math.hypot(...v), Math.hypot(1, 2, 3)));
  assert.ok(near(turnVector([-q[0], -q[1], -q[2], q[3]], v), [1, 2, 3]));
});

test("the product of two turns is one after the other", () => {
  const [a, b] = [rotation([0, 0, 1], 0.4), rotation([1, 0, 0], -1.1)];
  assert.ok(near(turnVector(multiply(a, b), [1, 2, 3]), turnVector(a, turnVector(b, [1, 2, 3]))));
});

test("a fitted view shows every atom with its margin inside the picture", () => {
  for (const size of [SIZE, { width: 300, height: 700 }]) {
    for (const lift of [0, 40]) {
      const view = fitted(ROD, size, lift, 1);
      for (const { x, y, scale } of project(ROD, view, size.width, size.height, lift)) {
        assert.ok(x - scale * 0.99 >= -1 && x + scale * 0.99 <= size.width + 1, `x ${x}`);
        assert.ok(y - scale * 0.99 >= -1 && y + scale * 0.99 <= size.height + 1, `y ${y}`);
      }
    }
  }
});

test("a fitted view lays the longest axis across and the middle of the molecule in the middle", () => {
  const points = project(ROD, fitted(ROD, SIZE, 0, 1), SIZE.width, SIZE.height);
  const xs = points.map(({ x }) => x);
  const ys = points.map(({ y }) => y);
  assert.ok(Math.max(...xs) - Math.min(...xs) > Math.max(...ys) - Math.min(...ys));
  const { center } = principalAxes(ROD);
  const [{ x, y }] = project([center], fitted(ROD, SIZE, 0, 1), SIZE.width, SIZE.height);
  assert.ok(near([x, y], [200, 150], 1e-6));
});

test("a view fitted again keeps its turn when asked to", () => {
  const view = turned(fitted(ROD, SIZE, 0, 1), 0.7, -0.3);
  assert.deepEqual(fitted(ROD, SIZE, 0, 1, view).slice(4), view.slice(4));
});

test("one atom alone is looked at from a finite distance", () => {
  const view = fitted([[3, 1, 2]], SIZE, 0, 1);
  assert.ok(view.every(Number.isFinite));
  assert.ok(near(project([[3, 1, 2]], view, SIZE.width, SIZE.height).map(({ x, y }) => [x, y])[0], [200, 150], 1e-6));
});

test("a hand that moves right by ten pixels moves the middle of the molecule by ten pixels", () => {
  const view = turned(fitted(ROD, SIZE, 0, 1), 0.5, 0.2);
  const center = principalAxes(ROD).center;
  const [before] = project([center], view, SIZE.width, SIZE.height);
  const [after] = project([center], shifted(view, 10, -6, SIZE.height), SIZE.width, SIZE.height);
  assert.ok(near([after.x - before.x, after.y - before.y], [10, -6], 1e-6));
});

test("zooming in brings the camera nearer, never into the molecule or out of sight", () => {
  const view = fitted(ROD, SIZE, 0, 1);
  assert.ok(zoomed(view, 2)[3] > view[3]);
  assert.ok(close(150 - zoomed(view, 2)[3], (150 - view[3]) / 2));
  assert.equal(150 - zoomed(view, 1e9)[3], 6);
  assert.equal(150 - zoomed(view, 1e-9)[3], 900);
});

test("a flight between two views begins at one and ends at the other, on the shorter way", () => {
  const from = fitted(ROD, SIZE, 0, 1);
  const to = zoomed(turned(from, 2, 1), 1.5);
  assert.ok(near(between(from, to, 0), from));
  assert.ok(near(between(from, to, 1), to));
  const mirrored = /** the same turn */ [...to.slice(0, 4), ...to.slice(4).map((c) => -c)];
  assert.ok(near(between(from, to, 0.3), between(from, mirrored, 0.3)));
});

test("the atom in front is picked where two lie behind each other, and none where there is none", () => {
  const points = [{ x: 10, y: 10, depth: 50, scale: 10 }, { x: 12, y: 10, depth: 40, scale: 10 }, { x: 90, y: 90, depth: -1, scale: 10 }];
  assert.equal(pick(points, [1, 1, 1], 11, 10, 2), 1);
  assert.equal(pick(points, [1, 1, 1], -1, 10, 2), 0);
  assert.equal(pick(points, [1, 1, 1], 60, 60, 2), null);
  assert.equal(pick(points, [1, 1, 1], 90, 90, 2), null);
});

test("a lowered picture stands lower by as many pixels", () => {
  const view = fitted(ROD, SIZE, 0, 1);
  const center = principalAxes(ROD).center;
  const [plain] = project([center], view, SIZE.width, SIZE.height);
  const [low] = project([center], view, SIZE.width, SIZE.height, 25);
  assert.ok(close(low.y - plain.y, 25, 1e-6));
  assert.ok(lowered(view, 25, SIZE.height) < 0);
});

test("the centroid is the mean of the positions", () => {
  assert.deepEqual(centroid([[0, 0, 0], [2, 4, 6]]), [1, 2, 3]);
});

const FRAMES = [{ width: 360, height: 420, lift: 60 }, { width: 420, height: 560, lift: 70 }, { width: 760, height: 520, lift: 50 }];
const outside = (view, { width, height, lift }) => project(ROD, view, width, height, lift).filter(({ x, y }) => x < 0 || x > width || y < 0 || y > height).length;

test("a turned view is carried into pictures of other shapes whole, from the same direction, and into its own as it was", () => {
  for (const from of FRAMES) {
    const view = zoomed(turned(fitted(ROD, from, from.lift, 1), 0.4, 0.9), 0.8);
    assert.equal(outside(view, from), 0);
    for (const to of FRAMES) {
      const there = carried(view, ROD, from, to, 1);
      assert.deepEqual(there.slice(4), view.slice(4));
      assert.deepEqual(there.slice(0, 3), view.slice(0, 3));
      assert.equal(outside(there, to), 0);
    }
    assert.ok(near(carried(view, ROD, from, from, 1), view));
  }
});

test("whoever zoomed in is as near in another picture, as far as all is seen there from elsewhere", () => {
  const [from, , to] = FRAMES;
  const [here, there] = [from, to].map((frame) => fitted(ROD, frame, frame.lift, 1));
  const nearer = carried(zoomed(here, 3), ROD, from, to, 1);
  assert.ok(near(nearer, zoomed(there, 3)));
  assert.ok(outside(nearer, to) > 0);
});

test("a view of which nobody knows the picture is drawn back until all is seen, and no nearer", () => {
  const [from, , to] = FRAMES;
  const view = fitted(ROD, to, to.lift, 1);
  assert.ok(outside(view, from) > 0);
  assert.equal(outside(drawnBack(view, ROD, from, 1), from), 0);
  const far = zoomed(view, 0.2);
  assert.equal(drawnBack(far, ROD, from, 1), far);
});
