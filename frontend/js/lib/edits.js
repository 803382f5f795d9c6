/**
 * Edits: which atoms of the molecule after an edit are those selected before it.
 *
 * @typedef {import("../types.js").Molecule} Molecule
 */

/** An edit moves an atom by less than this, Å; two atoms are never so near. */
const SAME_ANGSTROM = 0.55;

/** Sources of a geometry that is nowhere but here: what is known of it would be lost with the molecule. */
export const OWN_SOURCES = Object.freeze(["edited by hand", "moved by hand", "relaxed", "partly relaxed"]);

/**
 * @param {number[]} atoms from 0, of the molecule before
 * @param {Molecule} before
 * @param {Molecule} after
 * @returns {number[]} the same atoms in the molecule after, without those that are gone
 */
export function sameAtoms(atoms, before, after) {
  if (before.symbols.join() === after.symbols.join()) return atoms;
  const found = atoms.flatMap((atom) => {
    const place = before.positions[atom];
    if (!place) return [];
    const distances = after.positions.map((p) => Math.hypot(p[0] - place[0], p[1] - place[1], p[2] - place[2]));
    const nearest = distances.indexOf(Math.min(...distances));
    return (distances[nearest] ?? Infinity) < SAME_ANGSTROM ? [nearest] : [];
  });
  return [...new Set(found)];
}
