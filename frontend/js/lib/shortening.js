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

/** Letters that names may have more than there is room for, to be told apart. */
const MORE = 4;

/**
 * Names beside each other: those that differ do so when they are shortened, too.
 *
 * @param {string[]} names
 * @param {number} most letters of each
 * @returns {string[]}
 */
export function shortenedApart(names, most) {
  const different = new Set(names).size;
  for (let room = most; room <= most + MORE; room++) {
    const short = names.map((name) => shortened(name, (part) => part.length <= room));
    if (new Set(short).size === different) return short;
  }
  // their ends are alike as well: what is in between, from where they begin to differ
  const letters = names.map((name) => [...name]);
  const begin = (letters[0] ?? []).findIndex((letter, i) => letters.some((other) => other[i] !== letter));
  const end = begin + most - 2;
  const within = letters.map((own) => (own.length <= most ? own.join("") : `…${own.slice(begin, end).join("")}${end < own.length ? "…" : ""}`));
  if (begin >= 0 && new Set(within).size === different) return within;
  // chains of different lengths have no such place
  return names.map((name, i) => `${i + 1}: ${shortened(name, (part) => part.length <= most - 3)}`);
}

/** @param {string[]} letters @param {number} kept how many there may be, that of the gap among them @returns {string} */
function withoutMiddle(letters, kept) {
  if (kept >= letters.length) return letters.join("");
  const end = Math.floor((kept - 1) / 2);
  return `${letters.slice(0, kept - 1 - end).join("")}…${end > 0 ? letters.slice(-end).join("") : ""}`;
}
