/** Receipts: what the networks of a link learned from, and how far numbers computed once more lie from its own. */
import { text } from "./text.js";
import { localized, toShown } from "./units.js";

/** @param {number} value @returns {string} its size; below the last digit of double precision in such sums it is none */
function sized(value) {
  return value === 0 ? "0" : localized(value.toExponential(1)).replace("-", "\u2212");
}

/** @param {{data: string | null, level: string | null}} card @returns {string} data and their level, which some data have in their name */
export function trainedOn({ data, level }) {
  return [data, level && data?.includes(level) ? "" : level].map((words) => text.card(words ?? "")).filter(Boolean).join(", ");
}

/**
 * @param {import("../types.js").Recomputation["models"]} models
 * @param {import("../types.js").EnergyUnit} energies unit in which energies are shown
 * @returns {string} the largest differences by unit: "0 eV, 2.0e−13 D"; "" where nothing could be compared
 */
export function largestDifferences(models, energies) {
  const shown = (/** @type {string} */ unit) => (unit === "eV" ? energies : unit === "debye" ? "D" : unit);
  /** @type {Map<string, number>} */
  const most = new Map();
  for (const { unit, contribution_unit: part, total_difference: total, largest_difference: largest } of models) {
    if (total !== null) most.set(unit, Math.max(most.get(unit) ?? 0, total));
    if (largest !== null) most.set(part, Math.max(most.get(part) ?? 0, largest));
  }
  return [...most].map(([unit, value]) => `${sized(unit === "eV" ? toShown(value, "energy", energies) : value)} ${shown(unit)}`).join(", ");
}
