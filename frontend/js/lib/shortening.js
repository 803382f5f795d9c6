/** Shortening: names that have too little room, such as a SMILES at the head of a column. */

/** Between what a difference is of. */
const MINUS = " − ";
/** Of a part at least this much stays, with the mark of what is left out. */
const SHORTEST = 3;

/**
 * The text, or as much of it as has room: of each side of a difference the beginning and the end, the longest side first,
 * since what is alike in two names is mostly how they begin.
 *
 * @param {string} whole
 * @param {(part: string) => boolean} fits
 * @returns {string}
 */
export function shortened(whole, fits) {
  const sides = whole.split(MINUS).map((side) => ({ letters: [...side], kept: [...side].length }));
  const written = () => sides.map(({ letters, kept }) => withoutMiddle(letters, kept)).join(MINUS);
  while (!fits(written())) {
    const longest = sides.reduce((most, side) => (side.kept > most.kept ? side : most));
    if (longest.kept <= SHORTEST) break;
    longest.kept -= 1;
  }
  return written();
}

/** @param {string[]} letters @param {number} kept how many there may be, that of the gap among them @returns {string} */
function withoutMiddle(letters, kept) {
  if (kept >= letters.length) return letters.join("");
  const end = Math.floor((kept - 1) / 2);
  return `${letters.slice(0, kept - 1 - end).join("")}…${end > 0 ? letters.slice(-end).join("") : ""}`;
}
