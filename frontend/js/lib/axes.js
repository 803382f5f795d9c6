/**
 * Principal axes: the turn that lays a molecule's longest axis across the picture and its thinnest one towards
 * the reader. Eigenvectors of the 3 × 3 second moments of the positions by Jacobi rotations (C. G. J. Jacobi,
 * J. Reine Angew. Math. 30, 51 (1846)).
 *
 * @typedef {import("../types.js").Vector} Vector
 */

/** @param {Vector[]} positions @returns {Vector} */
export function centroid(positions) {
  const sum = [0, 0, 0];
  for (const p of positions) for (let k = 0; k < 3; k++) sum[k] = (sum[k] ?? 0) + (p[k] ?? 0);
  const n = positions.length || 1;
  return [(sum[0] ?? 0) / n, (sum[1] ?? 0) / n, (sum[2] ?? 0) / n];
}

/** @param {number[][]} m symmetric (3, 3) @returns {{value: number, vector: Vector}[]} largest value first */
export function symmetricEigenvectors(m) {
  const a = m.map((row) => [...row]);
  const v = [[1, 0, 0], [0, 1, 0], [0, 0, 1]];
  const at = (/** @type {number[][]} */ x, /** @type {number} */ i, /** @type {number} */ j) => x[i]?.[j] ?? 0;
  for (let sweep = 0; sweep < 24; sweep++) {
    for (const [p, q] of /** @type {[number, number][]} */ ([[0, 1], [0, 2], [1, 2]])) {
      if (Math.abs(at(a, p, q)) < 1e-14) continue;
      const theta = 0.5 * Math.atan2(2 * at(a, p, q), at(a, q, q) - at(a, p, p));
      const [c, s] = [Math.cos(theta), Math.sin(theta)];
      turnColumns(a, p, q, c, s);
      turnRows(a, p, q, c, s);
      turnColumns(v, p, q, c, s);
    }
  }
  const column = (/** @type {number} */ k) => /** @type {Vector} */ ([at(v, 0, k), at(v, 1, k), at(v, 2, k)]);
  return [0, 1, 2].map((k) => ({ value: at(a, k, k), vector: column(k) })).sort((x, y) => y.value - x.value);
}

/** @param {number[][]} m @param {number} p @param {number} q @param {number} c @param {number} s */
function turnColumns(m, p, q, c, s) {
  for (const row of m) {
    const [x, y] = [row[p] ?? 0, row[q] ?? 0];
    row[p] = c * x - s * y;
    row[q] = s * x + c * y;
  }
}

/** @param {number[][]} m @param {number} p @param {number} q @param {number} c @param {number} s */
function turnRows(m, p, q, c, s) {
  const [top, bottom] = [m[p] ?? [], m[q] ?? []];
  for (let k = 0; k < 3; k++) {
    const [x, y] = [top[k] ?? 0, bottom[k] ?? 0];
    top[k] = c * x - s * y;
    bottom[k] = s * x + c * y;
  }
}

/** @param {Vector} a @param {Vector} b @returns {Vector} */
function cross([ax, ay, az], [bx, by, bz]) {
  return [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
}

/** @param {Vector[]} rows of a rotation matrix @returns {[number, number, number, number]} x, y, z, w */
export function quaternionFromRows([x, y, z]) {
  const [m00, m01, m02] = x ?? [1, 0, 0];
  const [m10, m11, m12] = y ?? [0, 1, 0];
  const [m20, m21, m22] = z ?? [0, 0, 1];
  // Shepperd, J. Guidance Control 1, 223 (1978): the largest component first, so that nothing is divided by zero
  const squares = [1 + m00 - m11 - m22, 1 - m00 + m11 - m22, 1 - m00 - m11 + m22, 1 + m00 + m11 + m22];
  const largest = squares.indexOf(Math.max(...squares));
  const t = 2 * Math.sqrt(squares[largest] ?? 1);
  if (largest === 0) return [t / 4, (m01 + m10) / t, (m02 + m20) / t, (m21 - m12) / t];
  if (largest === 1) return [(m01 + m10) / t, t / 4, (m12 + m21) / t, (m02 - m20) / t];
  if (largest === 2) return [(m02 + m20) / t, (m12 + m21) / t, t / 4, (m10 - m01) / t];
  return [(m21 - m12) / t, (m02 - m20) / t, (m10 - m01) / t, t / 4];
}

/** @param {Vector[]} positions (n_atoms, 3), Å @returns {{value: number, vector: Vector}[]} second moments about their middle, Å², largest first, each with its direction */
export function secondMoments(positions) {
  const mean = centroid(positions);
  return symmetricEigenvectors([0, 1, 2].map((i) =>
    [0, 1, 2].map((j) => positions.reduce((s, p) => s + ((p[i] ?? 0) - (mean[i] ?? 0)) * ((p[j] ?? 0) - (mean[j] ?? 0)), 0)),
  ));
}

/**
 * @param {Vector[]} positions (n_atoms, 3), Å
 * @returns {{center: Vector, quaternion: [number, number, number, number]}}
 */
export function principalAxes(positions) {
  const low = [0, 1, 2].map((k) => Math.min(...positions.map((p) => p[k] ?? 0)));
  const high = [0, 1, 2].map((k) => Math.max(...positions.map((p) => p[k] ?? 0)));
  if (positions.length === 0) return { center: [0, 0, 0], quaternion: [0, 0, 0, 1] };
  const [first, second] = secondMoments(positions);
  const x = first?.vector ?? [1, 0, 0];
  const y = second?.vector ?? [0, 1, 0];
  return { center: boxCenter(low, high, positions, [x, y, cross(x, y)]), quaternion: quaternionFromRows([x, y, cross(x, y)]) };
}

/**
 * The middle of the molecule's extent along its own axes, which stands better in the picture than the mean.
 *
 * @param {number[]} low @param {number[]} high @param {Vector[]} positions @param {Vector[]} axes
 * @returns {Vector}
 */
function boxCenter(low, high, positions, axes) {
  const origin = /** @type {Vector} */ ([0, 1, 2].map((k) => ((low[k] ?? 0) + (high[k] ?? 0)) / 2));
  const center = /** @type {Vector} */ ([...origin]);
  for (const axis of axes) {
    const along = positions.map((p) => axis.reduce((s, c, k) => s + c * ((p[k] ?? 0) - (origin[k] ?? 0)), 0));
    const middle = (Math.min(...along) + Math.max(...along)) / 2;
    for (let k = 0; k < 3; k++) center[k] = (center[k] ?? 0) + middle * (axis[k] ?? 0);
  }
  return center;
}
