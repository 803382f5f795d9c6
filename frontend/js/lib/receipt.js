/** Receipts: how far numbers computed once more lie from those of a link. */
import { localized } from "./units.js";

/** @param {number} value @returns {string} its size; below the last digit of double precision in such sums it is none */
function sized(value) {
  return value === 0 ? "0" : localized(value.toExponential(1)).replace("-", "\u2212");
}

/**
 * @param {import("../types.js").Recomputation["models"]} models
 * @returns {string} the largest differences by unit: "0 eV, 2.0e−13 debye"; "" where nothing could be compared
 */
export function largestDifferences(models) {
  /** @type {Map<string, number>} */
  const most = new Map();
  for (const { unit, contribution_unit: part, total_difference: total, largest_difference: largest } of models) {
    if (total !== null) most.set(unit, Math.max(most.get(unit) ?? 0, total));
    if (largest !== null) most.set(part, Math.max(most.get(part) ?? 0, largest));
  }
  return [...most].map(([unit, value]) => `${sized(value)} ${unit}`).join(", ");
}
