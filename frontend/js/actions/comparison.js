/**
 * Comparing: a second molecule is read, explained and laid over the first.
 *
 * @typedef {import("../store.js").Store} Store
 * @typedef {import("../types.js").Molecule} Molecule
 */
import { completed, namesOf, shareTooFew, withoutComparison } from "../lib/comparison.js";
import { comparedAddress, goTo, parseCompared } from "../lib/route.js";
import { text } from "../lib/text.js";

/**
 * @param {Store} store
 * @param {typeof import("../api.js")} api
 * @param {ReturnType<typeof import("./problems.js").createProblems>} problems
 * @param {() => Promise<void>} settle what is shown becomes the molecule
 */
export function createComparisonActions(store, api, problems, settle) {
  let running = new AbortController();

  /** The address names both molecules, where it can. @param {string | null} other */
  function follow(other) {
    const { molecule } = store.get();
    const source = molecule?.geometry?.source;
    const typed = source === "force field" ? molecule?.name || molecule?.smiles : null;
    // the address of the opening page names no molecule
    /** @type {Record<string, string> | null} */
    const own = typed ? { q: typed } : source === "quantum chemistry" && molecule?.name ? { example: molecule.name } : null;
    // a link's own address names no second molecule
    const address = location.pathname === "/" ? comparedAddress(location, own, other) : null;
    if (address) goTo(address);
  }

  /**
   * A link has the predictions of the networks alone that it shows, and the second molecule may need others.
   *
   * @param {Molecule} first @param {import("../types.js").Prediction[]} theirs of the second @param {import("../api.js").Options} options
   * @returns {Promise<Pick<import("../types.js").Comparison, "own">>}
   */
  async function ownAnswers(first, theirs, options) {
    const { opened, answers } = store.get();
    if (!opened || !shareTooFew(answers, theirs)) return {};
    return { own: completed(answers, (await api.predictions(first.id, options)).predictions) };
  }

  /**
   * @param {(options: import("../api.js").Options) => Promise<Molecule | string>} read the second molecule, or its id
   * @param {() => void} again
   * @returns {Promise<boolean>} whether it stands beside the first now
   */
  async function begin(read, again) {
    await settle();
    running.abort();
    running = new AbortController();
    const { signal } = running;
    const options = { signal, onBusy: (/** @type {number} */ seconds) => store.set({ busy: text.status.busy(seconds) }) };
    const { molecule: first } = store.get();
    if (!first) return false;
    store.set({ busy: text.comparison.matching, alert: null });
    try {
      const given = await read(options);
      const id = typeof given === "string" ? given : given.id;
      const [answer, found] = await Promise.all([api.predictions(id, options), api.comparison(first.id, id, options)]);
      const own = await ownAnswers(first, answer.predictions, options);
      if (signal.aborted || store.get().molecule !== first) return false;
      const { second: other, positions, pairs, rotation, rmsd, complete } = found;
      const { quantity, layout, alchemy } = store.get();
      store.set({
        comparison: { other, laid: { ...other, positions }, pairs, rotation, rmsd, complete, answers: answer.predictions, choice: answer.choice, ...own },
        ...(alchemy ? { alchemy: null, predictions: alchemy.base } : {}),
        quantity: quantity === "charges" ? quantity : "contributions", layout: layout === "second" ? layout : "first",
        // a link has its own camera; one of a single molecule may not have room for two
        ...(typeof given === "string" ? {} : { camera: null }),
        hand: false, busy: null, share: null, done: text.comparison.done(...namesOf(first, other), pairs.length),
      });
      return true;
    } catch (error) {
      problems.report(error, "comparison", () => (signal.aborted ? undefined : again()), { of: first.id });
      return false;
    }
  }

  return {
    /** @param {string} input a name, a SMILES, or the text of a file */
    async compareWith(input) {
      const trimmed = input.trim();
      if (!trimmed) return;
      const whole = input.includes("\n");
      const begun = await begin((options) => api.molecule("auto", whole ? input : trimmed, options), () => this.compareWith(input));
      if (begun && !whole) follow(trimmed);
    },
    /** @param {string} id of a stored molecule */
    async compareStored(id) {
      await begin(() => Promise.resolve(id), () => this.compareStored(id));
    },
    /**
     * What stands beside the molecule, for what takes its place: a comparison does not end with an edit.
     *
     * @returns {((done: string) => Promise<void>) | null} lays it over the molecule of then, and says what was done; null for nothing
     */
    beside() {
      const { comparison: there, layout } = store.get();
      if (!there) return null;
      const typed = parseCompared(location);
      const again = async (/** @type {string} */ done) => {
        if (!(await begin(() => Promise.resolve(there.other.id), () => again(done)))) return;
        if (typed) follow(typed);
        store.set({ layout, done });
      };
      return again;
    },
    endComparison() {
      running.abort();
      store.set(withoutComparison(store.get()));
      follow(null);
    },
  };
}
