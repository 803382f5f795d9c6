/** What a reader must know of the molecule before believing the numbers of the networks that are shown. */
import { beyondEither } from "./comparison.js";
import { beyondTraining, columns, knowsRestAlone } from "./quantities.js";
import { text } from "./text.js";
import { LARGE_ERROR, withUnit } from "./units.js";

/** Source of geometries whose note concerns networks of geometries at rest alone. */
const MOVED = "moved by hand";

/** How unlikely a difference must be to be spoken of. */
const UNLIKELY = 0.05;

/**
 * By how much two networks of one training set differ where that is more than they expect of themselves: errors are
 * taken to follow Laplace's distribution, as for the grades (docs/models.md).
 *
 * @param {import("../types.js").State} state
 * @returns {number | null} eV; null where they agree, where one expects nothing, or where they are not shown side by side
 */
export function disagreement(state) {
  if (state.comparison || state.molecule?.cell) return null;
  const [first, second] = columns(state);
  if (!first || !second || first.model.property !== "energy" || second.model.property !== "energy" || first.model.training_set !== second.model.training_set) return null;
  const errors = [first, second].map(({ prediction }) => prediction.molecule_trust?.expected_error ?? NaN);
  const apart = Math.abs(first.prediction.total - second.prediction.total);
  const beyond = Math.exp((-Math.SQRT2 * apart) / Math.hypot(...errors));
  return apart > LARGE_ERROR && beyond < UNLIKELY ? apart : null;
}

/** @param {import("../types.js").State} state @returns {string[]} */
export function remarksOn(state) {
  const { molecule } = state;
  if (!molecule) return [];
  const beyond = state.comparison ? null : beyondTraining(state);
  const notes = [];
  if (molecule.cell) notes.push(text.crystal.contributionsAlone);
  if (beyond) notes.push(text.notice.larger(beyond.heavy, beyond.trained));
  notes.push(...beyondEither(state).map(({ name, heavy, trained }) => text.comparison.larger(name, heavy, trained)));
  const apart = disagreement(state);
  if (apart !== null) notes.push(text.notice.disagree(withUnit(apart, "energy", state.unit)));
  const geometry = molecule.geometry;
  if (geometry?.source === "force field") notes.push(geometry.note ? text.remark(geometry.note) : text.notice.forceField(geometry.method ?? ""));
  else if (geometry?.note && geometry.source !== "quantum chemistry" && (geometry.source !== MOVED || knowsRestAlone(state))) notes.push(text.remark(geometry.note));
  return [...new Set([...notes, ...molecule.warnings.filter((warning) => warning !== geometry?.note).map(text.remark)])];
}
