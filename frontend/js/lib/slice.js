/**
 * Slices: a plane through a field, cut out of the grid that the service has computed, so that moving it needs
 * nobody's answer.
 *
 * Values between grid points follow Catmull and Rom's cubic along each axis (Keys, IEEE Trans. Acoust. 29, 1153 (1981)),
 * which keeps nearer to the field than straight lines do, so that contours have no corners. The sheet is a rectangle
 * about the molecule, along its longest axis as the plane sees it, as far as the box of the grid reaches. It is laid out
 * in rows that run from edge to edge, so that it ends in straight lines where the field does.
 *
 * @typedef {import("../types.js").Vector} Vector
 * @typedef {import("../types.js").View} View
 * @typedef {import("../types.js").Plane} Plane
 * @typedef {import("../types.js").Sheet} Sheet
 * @typedef {import("../types.js").Slice} Slice
 * @typedef {import("../types.js").Volume} Volume
 */
import { centroid, principalAxes, secondMoments } from "./axes.js";
import { turnVector } from "./camera.js";

/** Points across and along the sheet: at 10 Å a point is a tenth of an Å from the next, half a step of the grid. */
const COLUMNS = 104;
const ROWS = 104;
/** Å of the sheet around the atoms: farther out there is little to see. */
const MARGIN = 2.5;
/** Å that a moved plane stays inside the box. */
const INSIDE = 0.02;
const TINY = 1e-9;
/** Å², of one atom beside a line through all: below it they have no plane. */
const FLAT = 1e-4;
/** Part of a grid step by which a point may lie outside through rounding. */
const SLACK = 1e-3;

/** @type {Readonly<Slice>} through the molecule's own plane, which cuts the most atoms */
export const FIRST_SLICE = Object.freeze({ orientation: "molecule", offset: 0, opacity: 0.9, plane: null });

/** @type {Readonly<Record<"x" | "y" | "z", Vector>>} */
const AXES = Object.freeze({ x: [1, 0, 0], y: [0, 1, 0], z: [0, 0, 1] });

/** @param {Vector} a @param {Vector} b */
const dot = (a, b) => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];

/** @param {Vector} a @param {Vector} b @returns {Vector} */
const minus = (a, b) => [a[0] - b[0], a[1] - b[1], a[2] - b[2]];

/** @param {Vector} a @param {number} t @param {Vector} b @returns {Vector} a + t b */
export const along = (a, t, b) => [a[0] + t * b[0], a[1] + t * b[1], a[2] + t * b[2]];

/** @param {Vector} a @param {Vector} b @returns {Vector} */
const cross = (a, b) => [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];

/** @param {Vector} a @returns {Vector} of length one */
const unit = (a) => along([0, 0, 0], 1 / Math.hypot(...a), a);

/** @param {Vector[]} atoms positions, Å @returns {Plane | null} through three, or as near as can be to more (least squares); null for fewer, or if they lie on one line */
export function throughAtoms(atoms) {
  if (atoms.length < 3) return null;
  const [, wide, thin] = secondMoments(atoms);
  return wide && thin && wide.value >= FLAT * atoms.length ? { origin: centroid(atoms), normal: thin.vector } : null;
}

/** @param {View} view @param {Vector[]} positions Å @returns {Plane} through the middle of the atoms, facing the camera */
export function facingCamera(view, positions) {
  return { origin: centroid(positions), normal: unit(turnVector([-view[4], -view[5], -view[6], view[7]], [0, 0, 1])) };
}

/** @param {Slice} slice @param {Vector[]} positions of the atoms, Å @returns {Plane} from which the offset counts */
export function basePlane({ orientation, plane }, positions) {
  if (plane) return plane;
  const axis = orientation === "x" || orientation === "y" || orientation === "z" ? AXES[orientation] : null;
  const { quaternion: [x, y, z, w] } = principalAxes(positions);
  return { origin: centroid(positions), normal: axis ?? unit(turnVector([-x, -y, -z, w], [0, 0, 1])) };
}

/** @param {Pick<Volume, "origin" | "spacing" | "shape">} box @returns {Vector[]} its eight corners, Å */
function corners({ origin, spacing, shape }) {
  return Array.from({ length: 8 }, (_, corner) => /** @type {Vector} */ ([0, 1, 2].map((k) =>
    (origin[k] ?? 0) + ((corner >> k) & 1) * ((shape[k] ?? 1) - 1) * (spacing[k] ?? 0))));
}

/** @param {Pick<Volume, "origin" | "spacing" | "shape">} box @param {Plane} base @returns {{low: number, high: number}} offsets, Å, between which the plane lies inside it */
export function offsetRange(box, { origin, normal }) {
  const offsets = corners(box).map((corner) => dot(minus(corner, origin), normal));
  return { low: Math.min(...offsets) + INSIDE, high: Math.max(...offsets) - INSIDE };
}

/**
 * The field at a point.
 *
 * @param {Volume} volume
 * @param {number} x Å
 * @param {number} y
 * @param {number} z
 * @returns {number} eV or e; NaN outside the grid
 */
export function valueAt({ values, shape: [nx, ny, nz], origin, spacing }, x, y, z) {
  const [fx, fy, fz] = [(x - origin[0]) / spacing[0], (y - origin[1]) / spacing[1], (z - origin[2]) / spacing[2]];
  if (!(fx >= -SLACK && fy >= -SLACK && fz >= -SLACK && fx <= nx - 1 + SLACK && fy <= ny - 1 + SLACK && fz <= nz - 1 + SLACK)) return NaN;
  const [i, j, k] = [weigh(fx, nx, WEIGHTS.x), weigh(fy, ny, WEIGHTS.y), weigh(fz, nz, WEIGHTS.z)];
  let sum = 0;
  for (let a = 0; a < 4; a++) {
    const plane = (WEIGHTS.x[a] ?? 0) === 0 ? -1 : (i + a) * ny;
    for (let b = 0; plane >= 0 && b < 4; b++) {
      const weight = (WEIGHTS.x[a] ?? 0) * (WEIGHTS.y[b] ?? 0);
      if (weight === 0) continue;
      const row = (plane + j + b) * nz + k;
      for (let c = 0; c < 4; c++) {
        const part = WEIGHTS.z[c] ?? 0;
        if (part !== 0) sum += weight * part * (values[row + c] ?? NaN);
      }
    }
  }
  return sum;
}

/** Of the four grid points around a place along each axis; used anew for every point. */
const WEIGHTS = { x: new Float64Array(4), y: new Float64Array(4), z: new Float64Array(4) };

/**
 * @param {number} place along an axis, in steps of the grid
 * @param {number} count of grid points
 * @param {Float64Array} weights (4) are set; in the first and last step, where a neighbour is missing, those of a straight line
 * @returns {number} the first of the four points; it may lie one before the grid, with no weight
 */
function weigh(place, count, weights) {
  const cell = Math.max(0, Math.min(count - 2, Math.floor(place)));
  const t = place - cell;
  const inside = cell > 0 && cell < count - 2;
  weights[0] = inside ? t * (t * (1 - t / 2) - 0.5) : 0;
  weights[1] = inside ? 1 + t * t * (1.5 * t - 2.5) : 1 - t;
  weights[2] = inside ? t * (0.5 + t * (2 - 1.5 * t)) : t;
  weights[3] = inside ? 0.5 * t * t * (t - 1) : 0;
  return cell - 1;
}

/** @param {Plane} plane @param {Vector[]} positions of the atoms, Å @returns {[Vector, Vector]} two directions in it, at right angles; the first along the molecule */
function directions({ normal }, positions) {
  const { quaternion: [x, y, z, w] } = principalAxes(positions);
  const axes = /** @type {Vector[]} */ ([[1, 0, 0], [0, 1, 0]]).map((axis) => turnVector([-x, -y, -z, w], axis));
  const inPlane = axes.map((axis) => along(axis, -dot(axis, normal), normal));
  const u = unit(/** @type {Vector} */ (inPlane.find((axis) => Math.hypot(...axis) > 0.5) ?? inPlane[1]));
  return [u, cross(normal, u)];
}

/** @param {[number, number][]} points of a convex polygon @param {0 | 1} k @param {number} bound @param {1 | -1} sign @returns {[number, number][]} its part where sign × the k-th number is at most sign × the bound */
function clipped(points, k, bound, sign) {
  return points.flatMap((p, i) => {
    const q = /** @type {[number, number]} */ (points[(i + 1) % points.length]);
    const [from, to] = [sign * (p[k] - bound), sign * (q[k] - bound)];
    const t = from / (from - to);
    const crossing = /** @type {[number, number]} */ ([p[0] + t * (q[0] - p[0]), p[1] + t * (q[1] - p[1])]);
    return [...(from <= 0 ? [p] : []), ...(from < 0 !== to < 0 && from !== 0 && to !== 0 ? [crossing] : [])];
  });
}

/**
 * Where the plane meets the edges of the box: the corners of a convex polygon, in order, in its own two directions.
 *
 * @param {Vector[]} box its corners
 * @param {Plane} plane
 * @param {[Vector, Vector]} axes
 * @returns {[number, number][]}
 */
function polygon(box, { origin, normal }, [u, v]) {
  /** @type {[number, number][]} */
  const points = [];
  const heights = box.map((corner) => dot(minus(corner, origin), normal));
  for (let a = 0; a < 8; a++) {
    for (const bit of [1, 2, 4]) {
      const b = a | bit;
      const [from, to] = [heights[a] ?? 0, heights[b] ?? 0];
      if (b === a || from > 0 === to > 0) continue;
      const [p, q] = [/** @type {Vector} */ (box[a]), /** @type {Vector} */ (box[b])];
      const point = minus(along(p, from / (from - to), minus(q, p)), origin);
      points.push([dot(point, u), dot(point, v)]);
    }
  }
  const middle = [0, 1].map((k) => points.reduce((sum, p) => sum + (p[k] ?? 0), 0) / (points.length || 1));
  const angle = (/** @type {[number, number]} */ p) => Math.atan2(p[1] - (middle[1] ?? 0), p[0] - (middle[0] ?? 0));
  return points.sort((p, q) => angle(p) - angle(q));
}

/** @param {[number, number][]} points of a convex polygon @param {number} v @returns {[number, number]} from where to where it reaches at that height */
function across(points, v) {
  /** @type {number[]} */
  const found = [];
  for (const [i, p] of points.entries()) {
    const q = /** @type {[number, number]} */ (points[(i + 1) % points.length]);
    const t = (v - p[1]) / (q[1] - p[1]);
    if (Math.abs(v - p[1]) < TINY) found.push(p[0]);
    else if (t >= 0 && t <= 1) found.push(p[0] + t * (q[0] - p[0]));
  }
  return [Math.min(...found), Math.max(...found)];
}

/**
 * The field on a plane.
 *
 * @param {Volume} volume
 * @param {Plane} plane
 * @param {Vector[]} atoms positions, Å
 * @returns {Sheet | null} null where the plane passes the box by
 */
export function cutSheet(volume, plane, atoms) {
  const [u, v] = directions(plane, atoms);
  let outline = polygon(corners(volume), plane, [u, v]);
  for (const k of /** @type {const} */ ([0, 1])) {
    const seen = atoms.map((atom) => dot(minus(atom, plane.origin), k === 0 ? u : v));
    outline = clipped(outline, k, Math.max(...seen) + MARGIN, 1);
    outline = clipped(outline, k, Math.min(...seen) - MARGIN, -1);
  }
  if (outline.length < 3) return null;
  const heights = outline.map(([, height]) => height);
  const [bottom, top] = [Math.min(...heights), Math.max(...heights)];
  const positions = new Float32Array(3 * ROWS * COLUMNS);
  const values = new Float32Array(ROWS * COLUMNS);
  for (let row = 0; row < ROWS; row++) {
    const height = row === ROWS - 1 ? top : bottom + (row * (top - bottom)) / (ROWS - 1);
    const [left, right] = across(outline, height);
    for (let column = 0; column < COLUMNS; column++) {
      const at = row * COLUMNS + column;
      const s = left + (column * (right - left)) / (COLUMNS - 1);
      const [x, y, z] = along(along(plane.origin, s, u), height, v);
      positions.set([x, y, z], 3 * at);
      values[at] = valueAt(volume, x, y, z);
    }
  }
  // without normals no light falls on it, so that its colours are those of the legend from every side
  const normals = new Float32Array(3 * ROWS * COLUMNS);
  return { rows: ROWS, columns: COLUMNS, normal: plane.normal, mesh: { positions, normals, values, indices: SQUARES } };
}

/** Two triangles for every square of a sheet, the same for all. */
const SQUARES = Uint32Array.from({ length: 6 * (ROWS - 1) * (COLUMNS - 1) }, (_, corner) => {
  const square = Math.floor(corner / 6);
  const first = Math.floor(square / (COLUMNS - 1)) * COLUMNS + (square % (COLUMNS - 1));
  return first + /** @type {number} */ ([0, 1, COLUMNS, 1, COLUMNS + 1, COLUMNS][corner % 6]);
});

/**
 * @param {Slice} slice
 * @param {number} distance Å by which it is moved
 * @param {Pick<Volume, "origin" | "spacing" | "shape">} box of the field, which it does not leave
 * @param {Vector[]} positions of the atoms, Å
 * @returns {Slice}
 */
export function movedSlice(slice, distance, box, positions) {
  const { low, high } = offsetRange(box, basePlane(slice, positions));
  return { ...slice, offset: Math.min(high, Math.max(low, slice.offset + distance)) };
}

/** @param {Sheet} sheet @returns {Vector[]} the middles of its four sides, Å */
export function sides({ rows, columns, mesh: { positions } }) {
  const at = (/** @type {number} */ row, /** @type {number} */ column) =>
    /** @type {Vector} */ (Array.from(positions.subarray(3 * (row * columns + column), 3 * (row * columns + column) + 3)));
  const [row, column] = [rows >> 1, columns >> 1];
  return [at(0, column), at(rows - 1, column), at(row, 0), at(row, columns - 1)];
}
