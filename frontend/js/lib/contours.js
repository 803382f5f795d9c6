/**
 * Contours: the lines of equal value on a sheet, by marching squares, as thin bands that 3Dmol can draw.
 *
 * d3-contour, the library at hand, gives closed regions whose borders run along the edge of the grid; drawn as lines
 * they would frame the plane. What is wanted here are the open lines alone, on a sheet whose squares are not square.
 *
 * @typedef {import("../types.js").Mesh} Mesh
 * @typedef {import("../types.js").Sheet} Sheet
 * @typedef {import("../types.js").Vector} Vector
 *
 * @typedef {object} Contour
 * @property {number} level eV or e
 * @property {number[][]} lines each flat (3 n_points), Å
 */

/** Contours on either side of zero, at most. */
const MOST = 6;
const STEPS = [1, 2, 2.5, 5, 10];
/** Å: half of a band's width, and how far it lies above the sheet on both sides. */
const HALF_WIDTH = 0.018;
const LIFT = 0.012;
/** A line that carries its number is at least this long, Å. */
const LABELLED = 1.2;

/** @param {number} limit of the scale, in the unit shown @returns {{step: number, levels: number[]}} round levels within it, in that unit */
export function contourLevels(limit) {
  const rough = limit / MOST;
  const power = 10 ** Math.floor(Math.log10(rough * (1 + 1e-9)));
  const factor = STEPS.find((s) => s * power >= rough * (1 - 1e-9)) ?? 10;
  const step = Number((factor * power).toPrecision(3));
  const count = Math.floor((limit / step) * (1 + 1e-9));
  return { step, levels: Array.from({ length: 2 * count + 1 }, (_, i) => Number(((i - count) * step).toPrecision(12))) };
}

/**
 * Which sides of a square a line joins, by which of its corners lie at or above the level: bits 1, 2, 4, 8 for the
 * corners (row, column), (row, column + 1), (row + 1, column + 1), (row + 1, column). Sides: 0 below, 1 right, 2 above, 3 left.
 *
 * @type {readonly (readonly [number, number][])[]}
 */
const CASES = [
  [], [[3, 0]], [[0, 1]], [[3, 1]], [[1, 2]], [[3, 0], [1, 2]], [[0, 2]], [[3, 2]],
  [[2, 3]], [[2, 0]], [[0, 1], [2, 3]], [[2, 1]], [[1, 3]], [[1, 0]], [[0, 3]], [],
];

/**
 * @param {Sheet} sheet
 * @param {number} level eV or e
 * @returns {Contour}
 */
export function contourOf(sheet, level) {
  const { rows, columns, mesh: { values } } = sheet;
  /** @type {Map<number, number[]>} to every crossed edge of the grid, the edges to which lines lead from it */
  const joined = new Map();
  const join = (/** @type {number} */ a, /** @type {number} */ b) => {
    const known = joined.get(a);
    if (known) known.push(b);
    else joined.set(a, [b]);
  };
  for (let row = 0; row < rows - 1; row++) {
    for (let column = 0; column < columns - 1; column++) {
      const at = row * columns + column;
      const [a, b, c, d] = [values[at] ?? 0, values[at + 1] ?? 0, values[at + columns + 1] ?? 0, values[at + columns] ?? 0];
      let kind = Number(a >= level) | (Number(b >= level) << 1) | (Number(c >= level) << 2) | (Number(d >= level) << 3);
      // at a saddle the middle decides which corners belong together
      if ((kind === 5 || kind === 10) && (a + b + c + d) / 4 >= level) kind = 15 - kind;
      const edges = [2 * at, 2 * (at + 1) + 1, 2 * (at + columns), 2 * at + 1];
      for (const [from, to] of CASES[kind] ?? []) {
        const [p, q] = [edges[from] ?? 0, edges[to] ?? 0];
        join(p, q);
        join(q, p);
      }
    }
  }
  return { level, lines: chains(joined).map((chain) => chain.flatMap((edge) => crossing(sheet, level, edge))) };
}

/** @param {Map<number, number[]>} joined is emptied @returns {number[][]} the edges in the order of the lines through them; open lines from their ends */
function chains(joined) {
  /** @type {number[][]} */
  const found = [];
  const ends = new Set([...joined].filter(([, next]) => next.length === 1).map(([edge]) => edge));
  for (const start of [...ends, ...joined.keys()]) {
    if (!joined.has(start)) continue;
    const chain = [start];
    for (let edge = start; ; ) {
      const next = (joined.get(edge) ?? []).find((other) => joined.has(other) && other !== edge);
      joined.delete(edge);
      if (next === undefined) break;
      chain.push(next);
      edge = next;
    }
    if (!ends.has(start)) chain.push(start); // a closed line
    found.push(chain);
  }
  return found;
}

/** @param {Sheet} sheet @param {number} level @param {number} edge @returns {Vector} */
function crossing({ columns, mesh: { positions, values } }, level, edge) {
  const from = edge >> 1;
  const to = edge % 2 === 0 ? from + 1 : from + columns;
  const [a, b] = [values[from] ?? 0, values[to] ?? 0];
  const t = a === b ? 0.5 : (level - a) / (b - a);
  const part = (/** @type {number} */ k) => (positions[3 * from + k] ?? 0) * (1 - t) + (positions[3 * to + k] ?? 0) * t;
  return [part(0), part(1), part(2)];
}

/** @param {number[]} line flat @returns {number} Å */
export function lengthOf(line) {
  let length = 0;
  for (let i = 3; i < line.length; i += 3) {
    length += Math.hypot((line[i] ?? 0) - (line[i - 3] ?? 0), (line[i + 1] ?? 0) - (line[i - 2] ?? 0), (line[i + 2] ?? 0) - (line[i - 1] ?? 0));
  }
  return length;
}

/** @param {Contour} contour @returns {Vector | null} where its number stands: half-way along its longest line; null if all are short */
export function labelPlace({ lines }) {
  const [longest] = lines.map((line) => ({ line, length: lengthOf(line) })).sort((a, b) => b.length - a.length);
  if (!longest || longest.length < LABELLED) return null;
  const middle = 3 * Math.floor(longest.line.length / 6);
  return /** @type {Vector} */ (longest.line.slice(middle, middle + 3));
}

/**
 * The lines as bands in the plane, on both of its sides.
 *
 * @param {Contour[]} contours
 * @param {Vector} normal of the plane
 * @returns {Mesh}
 */
export function bands(contours, normal) {
  /** @type {number[]} */
  const positions = [];
  /** @type {number[]} */
  const indices = [];
  for (const line of contours.flatMap(({ lines }) => lines)) {
    const count = line.length / 3;
    for (const side of [LIFT, -LIFT]) {
      for (let i = 0; i < count; i++) {
        const [before, after] = [3 * Math.max(0, i - 1), 3 * Math.min(count - 1, i + 1)];
        const [x = 0, y = 0, z = 0] = [0, 1, 2].map((k) => (line[after + k] ?? 0) - (line[before + k] ?? 0));
        const across = [y * normal[2] - z * normal[1], z * normal[0] - x * normal[2], x * normal[1] - y * normal[0]];
        const length = Math.hypot(...across) || 1;
        for (const way of [HALF_WIDTH, -HALF_WIDTH]) {
          for (let k = 0; k < 3; k++) positions.push((line[3 * i + k] ?? 0) + (way * (across[k] ?? 0)) / length + side * (normal[k] ?? 0));
        }
        const last = positions.length / 3 - 1;
        if (i > 0) indices.push(last - 3, last - 2, last - 1, last - 1, last - 2, last);
      }
    }
  }
  const n = positions.length / 3;
  return {
    positions: Float32Array.from(positions), normals: Float32Array.from({ length: 3 * n }, (_, i) => normal[i % 3] ?? 0),
    values: new Float32Array(n), indices: Uint32Array.from(indices),
  };
}
