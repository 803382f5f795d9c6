/** What a reader must know of the molecule before believing the numbers of the networks that are shown. */
import { beyondEither } from "./comparison.js";
import { beyondTraining, knowsRestAlone } from "./quantities.js";
import { text } from "./text.js";

/** Source of geometries whose note concerns networks of geometries at rest alone. */
const MOVED = "moved by hand";

/** @param {import("../types.js").State} state @returns {string[]} */
export function remarksOn(state) {
  const { molecule } = state;
  if (!molecule) return [];
  const beyond = state.comparison ? null : beyondTraining(state);
  const notes = [];
  if (molecule.cell) notes.push(text.crystal.contributionsAlone);
  if (beyond) notes.push(text.notice.larger(beyond.heavy, beyond.trained));
  notes.push(...beyondEither(state).map(({ name, heavy, trained }) => text.comparison.larger(name, heavy, trained)));
  const geometry = molecule.geometry;
  if (geometry?.source === "force field") notes.push(geometry.note ? text.remark(geometry.note) : text.notice.forceField(geometry.method ?? ""));
  else if (geometry?.note && geometry.source !== "quantum chemistry" && (geometry.source !== MOVED || knowsRestAlone(state))) notes.push(text.remark(geometry.note));
  return [...new Set([...notes, ...molecule.warnings.filter((warning) => warning !== geometry?.note).map(text.remark)])];
}
