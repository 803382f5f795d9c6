/**
 * The cell of a crystal as it is drawn: atoms moved into it, images on its faces, and its twelve edges.
 *
 * @typedef {import("../types.js").Molecule} Molecule
 * @typedef {import("../types.js").Vector} Vector
 * @typedef {[Vector, Vector, Vector]} Cell rows lattice vectors, Å
 */

/** Shares of a lattice vector within which an atom counts as lying on a face. */
const ON_FACE = 0.02;

/** @param {Cell} cell @param {readonly number[]} fractions @returns {Vector} Å */
export function placeOf(cell, fractions) {
  return /** @type {Vector} */ ([0, 1, 2].map((axis) => cell.reduce((sum, vector, k) => sum + (fractions[k] ?? 0) * (vector[axis] ?? 0), 0)));
}

/** @param {Vector} a @param {Vector} b @returns {Vector} */
function cross([ax, ay, az], [bx, by, bz]) {
  return [ay * bz - az * by, az * bx - ax * bz, ax * by - ay * bx];
}

/** @param {Cell} cell @param {Vector} position Å @returns {number[]} (3) shares of the lattice vectors */
export function fractionsOf(cell, position) {
  const [a, b, c] = cell;
  const normals = [cross(b, c), cross(c, a), cross(a, b)];
  const dot = (/** @type {Vector} */ u, /** @type {Vector} */ v) => u[0] * v[0] + u[1] * v[1] + u[2] * v[2];
  return normals.map((normal, k) => dot(normal, position) / dot(normal, /** @type {Vector} */ (cell[k])));
}

/** @type {WeakMap<Molecule, Molecule>} one object for each crystal, so that nothing is drawn anew */
const DRAWN = new WeakMap();

/**
 * A crystal with its atoms inside the cell; a molecule as it is.
 *
 * @param {Molecule} molecule @returns {Molecule}
 */
export function intoCell(molecule) {
  const { cell } = molecule;
  if (!cell) return molecule;
  let drawn = DRAWN.get(molecule);
  if (!drawn) {
    const positions = molecule.positions.map((position) => placeOf(cell, fractionsOf(cell, position).map((f) => (f - Math.floor(f) > 1 - ON_FACE / 10 ? 0 : f - Math.floor(f)))));
    drawn = { ...molecule, positions };
    DRAWN.set(molecule, drawn);
  }
  return drawn;
}

/**
 * Images of atoms that lie on a face, an edge or a corner of the cell: on the faces across.
 *
 * @param {Molecule} molecule with its atoms inside the cell
 * @returns {{atom: number, position: Vector}[]}
 */
export function imagesOf({ cell, positions }) {
  if (!cell) return [];
  return positions.flatMap((position, atom) => {
    const fractions = fractionsOf(cell, position);
    /** @type {number[][]} */
    let places = [[]];
    for (const f of fractions) {
      const steps = f < ON_FACE ? [0, 1] : f > 1 - ON_FACE ? [0, -1] : [0];
      places = places.flatMap((place) => steps.map((step) => [...place, step]));
    }
    return places.filter((place) => place.some((step) => step !== 0))
      .map((place) => ({ atom, position: placeOf(cell, fractions.map((f, k) => f + (place[k] ?? 0))) }));
  });
}

/** @param {Cell} cell @returns {[Vector, Vector][]} the twelve edges */
export function edgesOf(cell) {
  return [0, 1, 2].flatMap((along) => {
    const [first, second] = [0, 1, 2].filter((axis) => axis !== along);
    return [[0, 0], [0, 1], [1, 0], [1, 1]].map(([f, s]) => {
      const fractions = [0, 0, 0];
      fractions[first ?? 0] = f ?? 0;
      fractions[second ?? 0] = s ?? 0;
      const start = placeOf(cell, fractions);
      fractions[along] = 1;
      return /** @type {[Vector, Vector]} */ ([start, placeOf(cell, fractions)]);
    });
  });
}

/** @param {Molecule} molecule @returns {Vector[]} everything that a picture of it must show */
export function extentOf(molecule) {
  const { cell, positions } = molecule;
  if (!cell) return positions;
  return [...positions, ...edgesOf(cell).flat()];
}

/** @param {Cell} cell @returns {{lengths: number[], angles: number[], volume: number}} Å, degrees, Å³ */
export function cellParameters(cell) {
  const lengths = cell.map((vector) => Math.hypot(...vector));
  const angle = (/** @type {number} */ i, /** @type {number} */ j) => {
    const [u, v] = [/** @type {Vector} */ (cell[i]), /** @type {Vector} */ (cell[j])];
    return (Math.acos((u[0] * v[0] + u[1] * v[1] + u[2] * v[2]) / ((lengths[i] ?? 1) * (lengths[j] ?? 1))) * 180) / Math.PI;
  };
  const [x, y, z] = cross(cell[0], cell[1]);
  return { lengths, angles: [angle(1, 2), angle(0, 2), angle(0, 1)], volume: Math.abs(x * cell[2][0] + y * cell[2][1] + z * cell[2][2]) };
}
