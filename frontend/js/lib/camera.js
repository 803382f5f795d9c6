/**
 * The camera: where the molecule stands before it, and where its atoms fall on the screen.
 *
 * A view is 3Dmol's: the model is moved by t, turned by the unit quaternion q about the origin, and its
 * centre set at depth z; the camera stands at (0, 0, 150) and looks along −z with a vertical angle of 20°.
 * A point r falls at p = q (r + t) q⁻¹ + (0, 0, z).
 *
 * @typedef {import("../types.js").Vector} Vector
 * @typedef {import("../types.js").View} View
 * @typedef {[number, number, number, number]} Quaternion x, y, z, w
 * @typedef {{width: number, height: number, lift: number}} Frame of a picture, pixels; `lift`: by which the molecule stands lower than the middle
 */
import { principalAxes } from "./axes.js";

/** Å */
export const CAMERA_Z = 150;
const FIELD_OF_VIEW = (20 * Math.PI) / 180;
/** Half of the picture's height at a distance of one. */
export const SLOPE = Math.tan(FIELD_OF_VIEW / 2);
/** A planar molecule seen face-on looks flat: turned this far (radians), it shows its depth. */
const TILT = Object.freeze({ right: -0.32, down: 0.38 });
/** Å around an atom that must be in the picture for it to be seen. */
const SEEN = 0.3;
/** The nearest and farthest that the camera goes, Å. */
const DISTANCE = Object.freeze({ nearest: 6, farthest: 900 });

/** @param {Quaternion} a @param {Quaternion} b @returns {Quaternion} a b: first b, then a */
export function multiply([ax, ay, az, aw], [bx, by, bz, bw]) {
  return [
    aw * bx + ax * bw + ay * bz - az * by,
    aw * by - ax * bz + ay * bw + az * bx,
    aw * bz + ax * by - ay * bx + az * bw,
    aw * bw - ax * bx - ay * by - az * bz,
  ];
}

/** @param {Quaternion} q @returns {Quaternion} of length one */
export function normalize(q) {
  const length = Math.hypot(...q) || 1;
  return /** @type {Quaternion} */ (q.map((c) => c / length));
}

/** @param {Vector} axis of length one @param {number} angle radians @returns {Quaternion} */
export function rotation([x, y, z], angle) {
  const s = Math.sin(angle / 2);
  return [x * s, y * s, z * s, Math.cos(angle / 2)];
}

/** @param {Quaternion} q @param {Vector} v @returns {Vector} v turned by q */
export function turnVector([qx, qy, qz, qw], [x, y, z]) {
  const tx = 2 * (qy * z - qz * y);
  const ty = 2 * (qz * x - qx * z);
  const tz = 2 * (qx * y - qy * x);
  return [
    x + qw * tx + qy * tz - qz * ty,
    y + qw * ty + qz * tx - qx * tz,
    z + qw * tz + qx * ty - qy * tx,
  ];
}

/** @param {View} view @returns {Quaternion} */
function quaternionOf(view) {
  return [view[4], view[5], view[6], view[7]];
}

/**
 * The view turned about the screen's own axes.
 *
 * @param {View} view
 * @param {number} right radians about the vertical axis
 * @param {number} down radians about the horizontal axis
 * @returns {View}
 */
export function turned(view, right, down) {
  const turn = multiply(rotation([0, 1, 0], right), rotation([1, 0, 0], down));
  const [x, y, z, w] = normalize(multiply(turn, quaternionOf(view)));
  return [view[0], view[1], view[2], view[3], x, y, z, w];
}

/** @param {View} view @param {number} factor above one: nearer @returns {View} */
export function zoomed(view, factor) {
  return atDistance(view, (CAMERA_Z - view[3]) / factor);
}

/** @param {View} view @param {number} distance Å of the camera, within its bounds @returns {View} */
function atDistance(view, distance) {
  const next = /** @type {View} */ ([...view]);
  next[3] = CAMERA_Z - Math.min(DISTANCE.farthest, Math.max(DISTANCE.nearest, distance));
  return next;
}

/**
 * The view shifted on the screen.
 *
 * @param {View} view
 * @param {number} dx pixels to the right
 * @param {number} dy pixels down
 * @param {number} height of the picture, pixels
 * @returns {View}
 */
export function shifted(view, dx, dy, height) {
  const scale = (2 * SLOPE * (CAMERA_Z - view[3])) / height;
  const [qx, qy, qz, qw] = quaternionOf(view);
  const [x, y, z] = turnVector([-qx, -qy, -qz, qw], [dx * scale, -dy * scale, 0]);
  return [view[0] + x, view[1] + y, view[2] + z, view[3], view[4], view[5], view[6], view[7]];
}

/**
 * How far the molecule is moved in the world so that it stands lower on the picture, below a caption. It turns
 * about its own centre all the same, since the whole scene is moved after the turn.
 *
 * @param {View} view
 * @param {number} pixels
 * @param {number} height of the picture, pixels
 * @returns {number} Å along y
 */
export function lowered(view, pixels, height) {
  return (-pixels * 2 * SLOPE * (CAMERA_Z - view[3])) / height;
}

/**
 * A view that shows the whole molecule: its flattest side to the front, its longest axis across.
 *
 * @param {Vector[]} positions (n_atoms, 3), Å
 * @param {{width: number, height: number}} size of the picture, pixels
 * @param {number} lift pixels by which the molecule stands lower than the middle
 * @param {number} margin Å around every atom that must be seen too
 * @param {View | null} [keep] a view whose turn is kept
 * @returns {View}
 */
export function fitted(positions, size, lift, margin, keep = null) {
  const { center, quaternion } = principalAxes(positions);
  const tilt = multiply(rotation([1, 0, 0], TILT.down), rotation([0, 1, 0], TILT.right));
  const q = keep ? quaternionOf(keep) : normalize(multiply(tilt, quaternion));
  return [-center[0], -center[1], -center[2], CAMERA_Z - distanceTo(positions, center, q, { ...size, lift }, margin), ...q];
}

/**
 * @param {Vector[]} positions (n_atoms, 3), Å
 * @param {Vector} center at which the camera looks, Å
 * @param {Quaternion} q the turn
 * @param {Frame} frame
 * @param {number} margin Å around every atom
 * @returns {number} Å from the centre: the nearest from which all are in the picture
 */
function distanceTo(positions, center, q, { width, height, lift }, margin) {
  const rise = SLOPE * Math.max(0.3, 1 - (2 * lift) / height);
  const run = (SLOPE * width) / height;
  let distance = /** @type {number} */ (DISTANCE.nearest);
  for (const [x, y, z] of positions) {
    const [px, py, pz] = turnVector(q, [x - center[0], y - center[1], z - center[2]]);
    distance = Math.max(
      distance,
      pz + (Math.abs(py) + margin) / rise,
      pz + (Math.abs(px) + margin) / run,
    );
  }
  return distance;
}

/**
 * A view from one picture in another: it looks at the same point from the same direction, as much nearer or farther than
 * the distance from which all is seen. Whoever saw all atoms there sees them here.
 *
 * @param {View} view
 * @param {Vector[]} positions (n_atoms, 3), Å
 * @param {Frame} from
 * @param {Frame} to
 * @param {number} margin Å around every atom that a fitted view shows
 * @returns {View}
 */
export function carried(view, positions, from, to, margin) {
  const own = CAMERA_Z - view[3];
  const distance = (/** @type {Frame} */ frame, /** @type {number} */ around) =>
    distanceTo(positions, [-view[0], -view[1], -view[2]], quaternionOf(view), frame, around);
  const alike = (own * distance(to, margin)) / distance(from, margin);
  const whole = own >= distance(from, SEEN) ? distance(to, SEEN) : 0;
  return atDistance(view, Math.max(alike, whole));
}

/**
 * The view drawn back until all atoms are in the picture; as it is where they are.
 *
 * @param {View} view
 * @param {Vector[]} positions (n_atoms, 3), Å
 * @param {Frame} frame
 * @param {number} margin Å around every atom
 * @returns {View}
 */
export function drawnBack(view, positions, frame, margin) {
  const distance = distanceTo(positions, [-view[0], -view[1], -view[2]], quaternionOf(view), frame, margin);
  return distance > CAMERA_Z - view[3] ? atDistance(view, distance) : view;
}

/**
 * Where points fall on a picture.
 *
 * @param {Vector[]} positions (n, 3), Å
 * @param {View} view
 * @param {number} width pixels
 * @param {number} height pixels
 * @param {number} [lift] pixels by which the middle stands lower
 * @returns {{x: number, y: number, depth: number, scale: number}[]} pixels from the left and the top,
 *   distance from the camera in Å, pixels per Å there
 */
export function project(positions, view, width, height, lift = 0) {
  const q = quaternionOf(view);
  const drop = lowered(view, lift, height);
  return positions.map(([x, y, z]) => {
    const [px, py, pz] = turnVector(q, [x + view[0], y + view[1], z + view[2]]);
    const depth = CAMERA_Z - view[3] - pz;
    const scale = height / (2 * SLOPE * depth);
    return { x: width / 2 + px * scale, y: height / 2 - (py + drop) * scale, depth, scale };
  });
}

/**
 * A movement on the screen as one in space, parallel to the screen.
 *
 * @param {View} view
 * @param {number} dx pixels to the right
 * @param {number} dy pixels down
 * @param {number} scale pixels per Å at the depth of what moves
 * @returns {Vector} Å
 */
export function unprojected(view, dx, dy, scale) {
  const [qx, qy, qz, qw] = quaternionOf(view);
  return turnVector([-qx, -qy, -qz, qw], [dx / scale, -dy / scale, 0]);
}

/**
 * The same for the many points of a mesh, without an object for each.
 *
 * @param {Float32Array} positions (3 n), Å
 * @param {View} view
 * @param {number} width pixels
 * @param {number} height pixels
 * @param {number} [lift] pixels by which the middle stands lower
 * @returns {{x: Float32Array, y: Float32Array, depth: Float32Array}} each (n)
 */
export function projectFlat(positions, view, width, height, lift = 0) {
  const q = quaternionOf(view);
  const [[xx, yx, zx], [xy, yy, zy], [xz, yz, zz]] = [turnVector(q, [1, 0, 0]), turnVector(q, [0, 1, 0]), turnVector(q, [0, 0, 1])];
  const drop = lowered(view, lift, height);
  const count = positions.length / 3;
  const [x, y, depth] = [new Float32Array(count), new Float32Array(count), new Float32Array(count)];
  for (let i = 0; i < count; i++) {
    const [rx, ry, rz] = [(positions[3 * i] ?? 0) + view[0], (positions[3 * i + 1] ?? 0) + view[1], (positions[3 * i + 2] ?? 0) + view[2]];
    const away = CAMERA_Z - view[3] - (zx * rx + zy * ry + zz * rz);
    const scale = height / (2 * SLOPE * away);
    x[i] = width / 2 + (xx * rx + xy * ry + xz * rz) * scale;
    y[i] = height / 2 - (yx * rx + yy * ry + yz * rz + drop) * scale;
    depth[i] = away;
  }
  return { x, y, depth };
}

/**
 * The atom under a pointer: the nearest to the camera among those whose ball, widened by `slack`, covers it.
 *
 * @param {{x: number, y: number, depth: number, scale: number}[]} points of the atoms
 * @param {number[]} radii (n_atoms) Å
 * @param {number} x pixels
 * @param {number} y pixels
 * @param {number} slack pixels
 * @returns {number | null}
 */
export function pick(points, radii, x, y, slack) {
  /** @type {{atom: number, depth: number} | null} */
  let best = null;
  for (const [atom, point] of points.entries()) {
    const reach = (radii[atom] ?? 0) * point.scale + slack;
    if (point.depth > 0 && Math.hypot(point.x - x, point.y - y) <= reach && (!best || point.depth < best.depth)) {
      best = { atom, depth: point.depth };
    }
  }
  return best ? best.atom : null;
}

/** @param {View} from @param {View} to @param {number} t 0..1 @returns {View} between the two */
export function between(from, to, t) {
  const q0 = quaternionOf(from);
  const q1 = quaternionOf(to);
  const dot = q0.reduce((sum, c, i) => sum + c * (q1[i] ?? 0), 0);
  const mixed = normalize(/** @type {Quaternion} */ (q0.map((c, i) => c + t * ((dot < 0 ? -1 : 1) * (q1[i] ?? 0) - c))));
  const at = (/** @type {number} */ i) => (from[i] ?? 0) + t * ((to[i] ?? 0) - (from[i] ?? 0));
  return [at(0), at(1), at(2), at(3), ...mixed];
}
