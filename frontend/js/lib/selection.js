/** Selections: what a click or a key makes of the atoms that are selected. */

/**
 * @param {number[]} selected
 * @param {number} atom
 * @param {boolean} add to the others, or take away from them; else it stands alone
 * @returns {number[]}
 */
export function toggled(selected, atom, add) {
  const others = selected.filter((other) => other !== atom);
  const kept = selected.includes(atom);
  if (add) return kept ? others : [...selected, atom];
  return kept && selected.length === 1 ? [] : [atom];
}

/** @param {{shiftKey: boolean, ctrlKey: boolean, metaKey: boolean}} event @returns {boolean} whether a reader adds to the selection */
export function adds({ shiftKey, ctrlKey, metaKey }) {
  return shiftKey || ctrlKey || metaKey;
}

/** @param {number[]} selected @param {number[]} atoms @returns {boolean} whether these, and no others, are selected */
export function isSelection(selected, atoms) {
  return selected.length === atoms.length && atoms.every((atom) => selected.includes(atom));
}
