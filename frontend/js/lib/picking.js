/**
 * Picking: which point of the drawn surfaces lies under a pointer.
 *
 * All vertices are projected once for a camera, and the triangles sorted into the cells of a grid over the picture
 * that their boxes touch, so that a pointer asks only the few triangles of its cell. Inside a triangle, 1/depth is
 * linear on the screen, and so is anything linear in space divided by depth.
 *
 * @typedef {import("../types.js").Mesh} Mesh
 * @typedef {import("../types.js").Vector} Vector
 * @typedef {import("../types.js").View} View
 *
 * @typedef {{mesh: number, position: Vector, value: number, depth: number}} Hit which of the meshes; Å; eV or e; Å from the camera
 */
import { projectFlat } from "./camera.js";

/** Pixels. */
const CELL = 12;
/** Part of a triangle by which its neighbours' edges overlap, so that no pointer falls between two. */
const SEAM = 1e-6;

/**
 * @param {Mesh[]} meshes
 * @param {View} view
 * @param {{width: number, height: number}} size of the picture, pixels
 * @param {number} [lift] pixels by which the middle stands lower
 * @returns {(x: number, y: number) => Hit | null} the nearest point of the meshes at a place of the picture, pixels
 */
export function makePicker(meshes, view, { width, height }, lift = 0) {
  const across = Math.max(1, Math.ceil(width / CELL));
  const down = Math.max(1, Math.ceil(height / CELL));
  const parts = meshes.map((mesh) => {
    const screen = projectFlat(mesh.positions, view, width, height, lift);
    return { mesh, screen, ...sorted(mesh, screen, across, down) };
  });
  return (x, y) => {
    if (!(x >= 0 && y >= 0 && x < width && y < height)) return null;
    const cell = Math.floor(y / CELL) * across + Math.floor(x / CELL);
    /** @type {Hit | null} */
    let best = null;
    for (const [number, { mesh, screen, starts, triangles }] of parts.entries()) {
      for (let i = starts[cell] ?? 0; i < (starts[cell + 1] ?? 0); i++) {
        const found = pierce(mesh, screen, triangles[i] ?? 0, x, y);
        if (found && (!best || found.depth < best.depth)) best = { mesh: number, ...found };
      }
    }
    return best;
  };
}

/** @param {number} pixels @param {number} least @param {number} most @returns {number} the cell, between both */
const within = (pixels, least, most) => Math.min(most, Math.max(least, Math.floor(pixels / CELL)));

/**
 * The triangles of every cell, one cell after the other.
 *
 * @param {Mesh} mesh
 * @param {ReturnType<typeof projectFlat>} screen
 * @param {number} across cells
 * @param {number} down
 * @returns {{starts: Uint32Array, triangles: Uint32Array}} (n_cells + 1) where each cell begins; numbers of triangles
 */
function sorted({ indices }, { x, y, depth }, across, down) {
  const count = indices.length / 3;
  const boxes = new Int16Array(4 * count);
  const starts = new Uint32Array(across * down + 2);
  for (let t = 0; t < count; t++) {
    const [a, b, c] = [indices[3 * t] ?? 0, indices[3 * t + 1] ?? 0, indices[3 * t + 2] ?? 0];
    const [ax, bx, cx] = [x[a] ?? 0, x[b] ?? 0, x[c] ?? 0];
    const [ay, by, cy] = [y[a] ?? 0, y[b] ?? 0, y[c] ?? 0];
    // a triangle beside the picture has an empty box
    const left = within(Math.min(ax, bx, cx), 0, across);
    const right = within(Math.max(ax, bx, cx), -1, across - 1);
    const top = within(Math.min(ay, by, cy), 0, down);
    const bottom = within(Math.max(ay, by, cy), -1, down - 1);
    boxes[4 * t] = left;
    boxes[4 * t + 1] = right;
    boxes[4 * t + 2] = top;
    boxes[4 * t + 3] = bottom;
    if (!((depth[a] ?? 0) > 0 && (depth[b] ?? 0) > 0 && (depth[c] ?? 0) > 0)) {
      boxes[4 * t + 3] = top - 1; // behind the camera: in no cell
      continue;
    }
    for (let row = top; row <= bottom; row++) {
      for (let column = left; column <= right; column++) {
        const next = row * across + column + 2;
        starts[next] = (starts[next] ?? 0) + 1;
      }
    }
  }
  for (let cell = 1; cell < starts.length; cell++) starts[cell] = (starts[cell] ?? 0) + (starts[cell - 1] ?? 0);
  const triangles = new Uint32Array(starts.at(-1) ?? 0);
  // starts[cell + 1] is where the cell begins until it has been filled, and then where it ends
  for (let t = 0; t < count; t++) {
    for (let row = boxes[4 * t + 2] ?? 0; row <= (boxes[4 * t + 3] ?? -1); row++) {
      for (let column = boxes[4 * t] ?? 0; column <= (boxes[4 * t + 1] ?? -1); column++) {
        const next = row * across + column + 1;
        const at = starts[next] ?? 0;
        triangles[at] = t;
        starts[next] = at + 1;
      }
    }
  }
  return { starts, triangles };
}

/**
 * @param {Mesh} mesh
 * @param {ReturnType<typeof projectFlat>} screen
 * @param {number} triangle
 * @param {number} px pixels
 * @param {number} py
 * @returns {Omit<Hit, "mesh"> | null}
 */
function pierce({ positions, values, indices }, { x, y, depth }, triangle, px, py) {
  const [a, b, c] = [indices[3 * triangle] ?? 0, indices[3 * triangle + 1] ?? 0, indices[3 * triangle + 2] ?? 0];
  const [ax, ay] = [(x[a] ?? 0) - px, (y[a] ?? 0) - py];
  const [bx, by] = [(x[b] ?? 0) - px, (y[b] ?? 0) - py];
  const [cx, cy] = [(x[c] ?? 0) - px, (y[c] ?? 0) - py];
  const [ofA, ofB, ofC] = [bx * cy - by * cx, cx * ay - cy * ax, ax * by - ay * bx];
  const area = ofA + ofB + ofC;
  if (area === 0) return null;
  const [u, v, w] = [ofA / area, ofB / area, ofC / area];
  if (u < -SEAM || v < -SEAM || w < -SEAM) return null;
  const [p, q, r] = [u / (depth[a] ?? 1), v / (depth[b] ?? 1), w / (depth[c] ?? 1)];
  const nearness = p + q + r;
  const mix = (/** @type {number} */ i, /** @type {number} */ j, /** @type {number} */ k) => (p * i + q * j + r * k) / nearness;
  const part = (/** @type {number} */ k) => mix(positions[3 * a + k] ?? 0, positions[3 * b + k] ?? 0, positions[3 * c + k] ?? 0);
  return { position: [part(0), part(1), part(2)], value: mix(values[a] ?? 0, values[b] ?? 0, values[c] ?? 0), depth: 1 / nearness };
}
