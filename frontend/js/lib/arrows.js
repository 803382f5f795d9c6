/**
 * Arrows in the picture: the dipole moment of the molecule, and the force on each atom.
 *
 * A dipole moment μ = Σ qᵢ rᵢ points from the negative to the positive side; so physicists (and IUPAC) draw it. Chemists
 * draw it the other way, with a cross at the positive end, after the shift of the electrons.
 *
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Vector} Vector
 *
 * @typedef {object} Arrow
 * @property {Vector} from Å
 * @property {Vector} to
 * @property {Vector | null} cross where it is crossed
 * @property {number} radius Å
 */
import { rotated } from "./comparison.js";
import { isStill } from "./fragment.js";
import { QUANTITIES } from "./quantities.js";
import { roundUp } from "./scale.js";
import { PER_EV } from "./units.js";

/** Å of arrow for one debye. */
export const DIPOLE_SCALE = 1;
/** Å that the longest force is drawn as at most. */
const LONGEST_FORCE = 2;
/** Forces that would be shorter than this, Å, are not drawn. */
const SHORTEST = 0.04;
const RADII = Object.freeze({ dipole: 0.075, force: 0.05 });
/** Where the chemists' cross stands, as part of the arrow's length from its tail, Å at most. */
const CROSS_AT = 0.25;

/** @param {Vector[]} positions @returns {Vector} their middle */
function middleOf(positions) {
  const n = positions.length || 1;
  return /** @type {Vector} */ ([0, 1, 2].map((k) => positions.reduce((sum, p) => sum + (p[k] ?? 0), 0) / n));
}

/** @param {Vector} from @param {Vector} along @param {number} by @returns {Vector} */
function shifted(from, along, by) {
  return /** @type {Vector} */ (from.map((x, k) => x + by * (along[k] ?? 0)));
}

/**
 * @param {Vector} moment debye
 * @param {Vector[]} positions Å
 * @param {import("../types.js").DipoleArrow} convention
 * @returns {Arrow[]} one, through the middle of the atoms; none where there is nothing to see
 */
export function dipoleArrow(moment, positions, convention) {
  const length = Math.hypot(...moment);
  if (convention === "none" || length * DIPOLE_SCALE < SHORTEST) return [];
  const middle = middleOf(positions);
  const half = (DIPOLE_SCALE / 2) * (convention === "physics" ? 1 : -1);
  const [from, to] = [shifted(middle, moment, -half), shifted(middle, moment, half)];
  const unit = /** @type {Vector} */ (to.map((x, k) => (x - (from[k] ?? 0)) / (length * DIPOLE_SCALE)));
  const cross = convention === "chemistry" ? shifted(from, unit, Math.min(CROSS_AT, 0.2 * length * DIPOLE_SCALE)) : null;
  return [{ from, to, cross, radius: RADII.dipole }];
}

/** @param {State} state @returns {boolean} whether forces are asked for, and there can be any */
export function forcesWanted(state) {
  return state.showForces && state.quantity === "contributions" && state.molecule !== null && !state.molecule.cell && !state.comparison && isStill(state);
}

/** @param {State} state @returns {import("../types.js").ModelForces[]} of the networks shown */
export function shownForces(state) {
  if (!forcesWanted(state)) return [];
  return state.predictions.flatMap(({ model, checkpoint }) => {
    const found = state.forces[model];
    return found?.checkpoint === checkpoint ? [found] : [];
  });
}

/** @param {State} state @returns {number} force in the unit shown, per Å, that an arrow of 1 Å stands for; the same for all networks */
export function forceScale(state) {
  const most = Math.max(0, ...shownForces(state).flatMap(({ forces }) => forces.map((force) => Math.hypot(...force))));
  return roundUp((most * PER_EV[state.unit]) / LONGEST_FORCE);
}

/** @param {State} state @param {import("./panes.js").Pane} pane @param {Vector[]} positions of its atoms as they are drawn, Å @returns {Arrow[]} */
export function paneArrows(state, { model, prediction, laid }, positions) {
  if (!model || !prediction || QUANTITIES[state.quantity].field) return [];
  if (model.property === "dipole" && prediction.vector) {
    const moment = laid && state.comparison ? rotated(state.comparison.rotation, prediction.vector) : prediction.vector;
    return state.quantity === "charges" ? dipoleArrow(moment, positions, state.dipoleArrow) : [];
  }
  const found = shownForces(state).find((one) => one.model === model.name);
  if (!found || !state.molecule) return [];
  const scale = PER_EV[state.unit] / forceScale(state);
  return found.forces.flatMap((force, atom) => {
    const size = Math.hypot(...force);
    const at = positions[atom];
    if (!at || size * scale < SHORTEST) return [];
    return [{ from: at, to: shifted(at, force, scale), cross: null, radius: RADII.force }];
  });
}
