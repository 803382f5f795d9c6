/**
 * Readouts: the number at a point of a surface, and where that point is.
 *
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Vector} Vector
 * @typedef {import("./picking.js").Hit} Hit
 *
 * @typedef {object} Readout
 * @property {string} model the network, as captions name it
 * @property {string} value with symbol and unit: "Ω(C) = −12.3 kcal/mol"
 * @property {string} place "2.1 Å from O4"
 */
import { atomName } from "./atoms.js";
import { colorSource, probeElement } from "./fields.js";
import { shownForces } from "./arrows.js";
import { panes, paneSurfaces, valueAt } from "./panes.js";
import { QUANTITIES, shortName } from "./quantities.js";
import { text } from "./text.js";
import { decimals, PER_EV, prettyNumber, withUnit } from "./units.js";

/** @param {Vector[]} positions Å @param {Vector} point Å @returns {{atom: number, distance: number} | null} null without atoms */
export function nearestAtom(positions, point) {
  /** @type {{atom: number, distance: number} | null} */
  let best = null;
  for (const [atom, p] of positions.entries()) {
    const distance = Math.hypot(p[0] - point[0], p[1] - point[1], p[2] - point[2]);
    if (!best || distance < best.distance) best = { atom, distance };
  }
  return best;
}

/** @param {State} state @param {Vector} point Å @returns {string} "2.1 Å from O4" */
export function placeOf({ molecule }, point) {
  const nearest = molecule ? nearestAtom(molecule.positions, point) : null;
  return molecule && nearest ? text.readout.place(prettyNumber(nearest.distance, 1), atomName(molecule.symbols[nearest.atom] ?? "", nearest.atom)) : "";
}

/** @param {State} state @param {string} slot of the pane @param {Hit} hit @returns {Readout | null} null where the pane has no such surface any more */
export function readoutOf(state, slot, hit) {
  const pane = panes(state).find((shown) => shown.slot === slot);
  const { field } = QUANTITIES[state.quantity];
  const surface = pane && paneSurfaces(state, pane)[hit.mesh];
  if (!pane || !field || !surface) return null;
  // a surface may carry the values of another element's probe, or of the other network
  const source = surface.level === null && pane.model ? colorSource(state, pane.model) : null;
  const symbol = `${pane.difference ? text.comparison.delta : ""}${field === "potential" ? "Ω" : "q"}(${source?.element ?? probeElement(state)})`;
  // between vertices the value is interpolated; the level of an isosurface is what it was raised at
  const value = withUnit(surface.level ?? hit.value, field === "potential" ? "energy" : "charge", state.unit, { sign: true, fewer: 1 });
  return { model: source ? shortName(source.model) : pane.title, value: `${symbol} ${surface.level === null ? "≈" : "="} ${value}`, place: placeOf(state, hit.position) };
}

/** @param {State} state @param {Vector} from Å @returns {Vector | null} the vertex of the first pane's surfaces that lies nearest; null without one */
export function nearestOnSurface(state, from) {
  const [pane] = panes(state);
  /** @type {{point: Vector, distance: number} | null} */
  let best = null;
  for (const { mesh: { positions } } of state.surfaces[pane?.model?.name ?? ""] ?? []) {
    for (let i = 0; i < positions.length; i += 3) {
      const point = /** @type {Vector} */ ([positions[i] ?? 0, positions[i + 1] ?? 0, positions[i + 2] ?? 0]);
      const distance = Math.hypot(point[0] - from[0], point[1] - from[1], point[2] - from[2]);
      if (!best || distance < best.distance) best = { point, distance };
    }
  }
  return best && best.point;
}

/**
 * What the panes show of an atom under the pointer.
 *
 * @param {State} state
 * @param {string} slot of the pane that shows it
 * @param {number} atom of the pane's molecule, from 0
 * @returns {{name: string, lines: {title: string, value: string}[]} | null} null where the pane is gone
 */
export function atomReadout(state, slot, atom) {
  const shown = panes(state);
  const pane = shown.find((one) => one.slot === slot);
  const molecule = pane?.laid ? state.comparison?.other : state.molecule;
  const symbol = molecule?.symbols[atom];
  if (!pane || symbol === undefined) return null;
  const own = pane.laid ? (pane.compared?.shared[atom] ?? null) : atom;
  const lines = shown.flatMap((one) => {
    const { dimension, prediction, title, compared, laid } = one;
    const value = own === null ? (one === pane ? (one.values?.[atom] ?? null) : null) : valueAt(one, own);
    if (value === null || !dimension) return [];
    const place = own === null ? atom : laid ? (compared?.partner[own] ?? -1) : own;
    const spread = prediction?.contribution_spread?.[place];
    const more = typeof spread === "number" ? ` ${text.table.spread(withUnit(spread, dimension, state.unit))}` : "";
    return [{ title, value: `${withUnit(value, dimension, state.unit, { sign: true })}${more}` }];
  });
  const forces = shownForces(state).flatMap(({ model, forces: found }) => {
    const title = shown.find((one) => one.model?.name === model)?.title;
    const size = Math.hypot(...(found[atom] ?? []));
    return title ? [{ title: text.reading.arrows.forceOf(title), value: `${prettyNumber(size * PER_EV[state.unit], decimals(state.unit))}\u00a0${state.unit}/Å` }] : [];
  });
  return { name: atomName(symbol, atom), lines: [...lines, ...forces] };
}
