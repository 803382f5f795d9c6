/**
 * Work under way: what is seen of it, and what a screen reader says of it. A percentage that grows is read by the eye in
 * passing; spoken, each one would push the one before out of the queue, and whatever else there is to hear.
 *
 * @typedef {import("../types.js").Progress} Progress
 * @typedef {import("../types.js").State["busy"]} Busy
 */

/** @param {string} doing a sentence @param {number} share 0 to 1 @returns {Progress} */
export function progressOf(doing, share) {
  return { said: doing, seen: `${doing} ${Math.round(100 * share)} %` };
}

/** @param {NonNullable<Busy>} busy @returns {string} for the eye */
export function seenOf(busy) {
  return typeof busy === "string" ? busy : busy.seen;
}

/**
 * What is read out: every sentence once until the work is over, for networks that are asked at the same time take turns in
 * saying how far they are; and then how it ended.
 *
 * @returns {(busy: Busy, done: string) => string}
 */
export function createAnnouncer() {
  const said = new Set();
  let now = "";
  return (busy, done) => {
    if (busy === null) {
      said.clear();
      return (now = done);
    }
    const sentence = typeof busy === "string" ? busy : busy.said;
    if (!said.has(sentence)) now = sentence;
    said.add(sentence);
    return now;
  };
}
