/**
 * Counts and dates as a language writes them. The browser's own Intl does it too, and reads its tables for a tenth of a second
 * where a page first asks for it.
 */

/** @param {number | string} count a whole number @param {string} mark between thousands @returns {string} */
export function parted(count, mark) {
  return String(count).replace(/\B(?=(\d{3})+$)/g, mark);
}

/**
 * @param {string} time ISO 8601
 * @param {{day: (day: number) => string, months: readonly string[]}} words
 * @returns {string} "25 November 2026", in the reader's time zone
 */
export function longDate(time, { day, months }) {
  const date = new Date(time);
  return `${day(date.getDate())} ${months[date.getMonth()]} ${date.getFullYear()}`;
}
