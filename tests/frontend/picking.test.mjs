import assert from "node:assert/strict";
import { test } from "node:test";
import { project, projectFlat } from "../../frontend/js/lib/camera.js";
import { makePicker } from "../../frontend/js/lib/picking.js";
import { nearestAtom, nearestOnSurface, readoutOf } from "../../frontend/js/lib/readout.js";
import { close, sample } from "./sample.mjs";

const SIZE = { width: 480, height: 360 };
const LIFT = 20;
const DISTANCE = 30;
const SLOPE = Math.tan((10 * Math.PI) / 180);
/** The middle of the sphere, and a view that is shifted and turned. */
const MIDDLE = [0.7, -0.4, 1.1];
const Q = [0.1, 0.5, -0.3, Math.sqrt(1 - 0.35)];
const VIEW = [-0.7, 0.4, -1.1, 150 - DISTANCE, ...Q];

/** A sphere of longitudes and latitudes with a value linear in space on its vertices. */
function sphere(radius, steps, middle = MIDDLE, value = ([x, y, z]) => 2 * x - y + 0.5 * z) {
  const [positions, values, indices] = [[], [], []];
  for (let i = 0; i <= steps; i++) for (let j = 0; j <= 2 * steps; j++) {
    const [theta, phi] = [(Math.PI * i) / steps, (Math.PI * j) / steps];
    const point = [Math.sin(theta) * Math.cos(phi), Math.sin(theta) * Math.sin(phi), Math.cos(theta)].map((c, k) => middle[k] + radius * c);
    positions.push(...point);
    values.push(value(point));
    const at = i * (2 * steps + 1) + j;
    if (i < steps && j < 2 * steps) indices.push(at, at + 1, at + 2 * steps + 1, at + 1, at + 2 * steps + 2, at + 2 * steps + 1);
  }
  return { positions: Float32Array.from(positions), normals: new Float32Array(positions.length), values: Float32Array.from(values), indices: Uint32Array.from(indices) };
}

test("many points fall where single ones do", () => {
  const { positions } = sphere(2, 6);
  const flat = projectFlat(positions, VIEW, SIZE.width, SIZE.height, LIFT);
  const single = project(Array.from({ length: positions.length / 3 }, (_, i) => Array.from(positions.subarray(3 * i, 3 * i + 3))), VIEW, SIZE.width, SIZE.height, LIFT);
  for (const [i, { x, y, depth }] of single.entries()) {
    assert.ok(close(flat.x[i], x, 1e-3) && close(flat.y[i], y, 1e-3) && close(flat.depth[i], depth, 1e-4));
  }
});

test("a ray meets the near side of a sphere where the closed form says", () => {
  const pick = makePicker([sphere(2, 90)], VIEW, SIZE, LIFT);
  const scale = SIZE.height / (2 * SLOPE);
  for (const [dx, dy] of [[0, 0], [20.3, -11.7], [-40.2, 33.1], [4.4, 58.9]]) {
    const hit = pick(SIZE.width / 2 + dx, SIZE.height / 2 + LIFT + dy);
    // in the camera's frame, origin in the camera: the middle at (0, −drop, −30), the ray along (dx, −dy − lift, −scale)
    const drop = (LIFT * DISTANCE) / scale;
    const ray = [dx, -(dy + LIFT), -scale];
    const middle = [0, -drop, -DISTANCE];
    const [a, b, c] = [ray, ray, middle].map((u, i) => (i === 0 ? ray : middle).reduce((sum, x, k) => sum + x * u[k], 0));
    const t = (b - Math.sqrt(b * b - a * (c - 4))) / a;
    assert.ok(close(hit.depth, t * scale, 0.004), `depth ${hit.depth} where ${t * scale}`);
    assert.ok(close(Math.hypot(...hit.position.map((x, k) => x - MIDDLE[k])), 2, 0.003));
    const [x, y, z] = hit.position;
    assert.ok(close(hit.value, 2 * x - y + 0.5 * z, 1e-4), "a value linear in space stays so");
    const [back] = project([hit.position], VIEW, SIZE.width, SIZE.height, LIFT);
    assert.ok(close(back.x, SIZE.width / 2 + dx, 1e-2) && close(back.y, SIZE.height / 2 + LIFT + dy, 1e-2));
  }
});

test("of two surfaces the nearer is met, and beside both none", () => {
  const towards = [2 * (Q[0] * Q[2] - Q[1] * Q[3]), 2 * (Q[1] * Q[2] + Q[0] * Q[3]), 1 - 2 * (Q[0] ** 2 + Q[1] ** 2)];
  const near = sphere(0.5, 40, MIDDLE.map((x, k) => x + 3 * towards[k]));
  const pick = makePicker([sphere(2, 40), near], VIEW, SIZE);
  assert.equal(pick(240, 180).mesh, 1);
  assert.equal(pick(240 + 45, 180).mesh, 0);
  assert.equal(pick(5, 5), null);
  assert.equal(pick(-3, 180), null);
  assert.equal(pick(240, 1e4), null);
});

test("a surface behind the camera is not met, nor one without triangles", () => {
  assert.equal(makePicker([sphere(2, 20)], [...VIEW.slice(0, 3), 200, ...Q], SIZE)(240, 180), null);
  assert.equal(makePicker([{ ...sphere(2, 20), indices: new Uint32Array() }], VIEW, SIZE)(240, 180), null);
});

test("from so near that most of the surface lies far beside the picture, what is under the pointer is still met", () => {
  const pick = makePicker([sphere(2, 60)], [...VIEW.slice(0, 3), 150 - 2.002, ...Q], SIZE);
  const hit = pick(240, 180);
  assert.ok(close(hit.depth, 0.002, 0.0015), `${hit.depth}`);
  assert.ok(close(Math.hypot(...hit.position.map((x, k) => x - MIDDLE[k])), 2, 0.003));
});

test("no pointer over a closed surface falls between its triangles", () => {
  const pick = makePicker([sphere(2, 30)], VIEW, SIZE);
  for (let x = 190; x < 290; x += 1.37) for (let y = 130; y < 230; y += 1.73) {
    if (Math.hypot(x - 240, y - 180) < 62) assert.ok(pick(x, y), `${x} ${y}`);
  }
});

test("asking is quick: 50,000 triangles take far less than a frame", () => {
  const mesh = sphere(2, 112);
  assert.ok(mesh.indices.length / 3 > 50000);
  const pick = makePicker([mesh], VIEW, SIZE);
  const count = 500;
  const start = performance.now();
  for (let i = 0; i < count; i++) pick(190 + (i % 100), 180);
  const each = (performance.now() - start) / count;
  assert.ok(each < 5, `${each} ms`);
});

const surfaces = { "x-bp-energy": [{ key: "a", mesh: sphere(1, 10, [1.2, 0, 0]), level: null, median: 0 }], "x-schnet-energy": [{ key: "b", mesh: sphere(1, 10), level: -0.5, median: -0.5 }] };

test("a readout says value, unit, probe and the nearest atom; an isosurface its level", () => {
  const state = sample({ quantity: "potential", unit: "eV", surfaces });
  const hit = { mesh: 0, position: [1.2, 2.1, 0], value: -1.234567, depth: 9 };
  assert.deepEqual(readoutOf(state, "0", hit), { model: "BP", value: "\u03a9(C) \u2248 \u22121.23\u00a0eV", place: "2.1\u00a0\u00c5 from O2" });
  assert.equal(readoutOf(state, "1", hit).value, "\u03a9(C) = \u22120.50\u00a0eV");
  assert.equal(readoutOf(state, "0", { ...hit, mesh: 3 }), null);
  assert.equal(readoutOf({ ...state, quantity: "contributions" }, "0", hit), null);
});

test("the nearest atom and the nearest point of a surface", () => {
  assert.deepEqual(nearestAtom([[0, 0, 0], [3, 0, 0]], [2.5, 0, 0]), { atom: 1, distance: 0.5 });
  assert.equal(nearestAtom([], [0, 0, 0]), null);
  const state = sample({ quantity: "potential", surfaces });
  const point = nearestOnSurface(state, [1.2, 0, 5]);
  assert.ok(close(point[2], 1, 1e-6) && close(point[0], 1.2, 1e-6));
  assert.equal(nearestOnSurface({ ...state, surfaces: {} }, [0, 0, 0]), null);
});
