/** Sorting: rows of a table by a column, upwards or downwards, ties in their first order. */

/**
 * @typedef {object} Order
 * @property {string} key of the column
 * @property {"ascending" | "descending"} direction
 */

/**
 * @template Row
 * @param {Row[]} rows
 * @param {(row: Row) => number | string} value
 * @param {"ascending" | "descending"} direction
 * @returns {Row[]} a new array
 */
export function sorted(rows, value, direction) {
  const sign = direction === "ascending" ? 1 : -1;
  return rows
    .map((row, index) => ({ row, index, value: value(row) }))
    .sort((a, b) => sign * compare(a.value, b.value) || a.index - b.index)
    .map(({ row }) => row);
}

/** @param {number | string} a @param {number | string} b */
function compare(a, b) {
  if (typeof a === "number" && typeof b === "number") return a - b;
  return String(a).localeCompare(String(b), "en");
}

/**
 * The order after a click on a column's head: upwards first, then downwards.
 *
 * @param {Order} order
 * @param {string} key
 * @returns {Order}
 */
export function nextOrder(order, key) {
  const turned = order.key === key && order.direction === "ascending";
  return { key, direction: turned ? "descending" : "ascending" };
}
