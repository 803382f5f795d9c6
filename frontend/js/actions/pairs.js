/**
 * Pairs: asked for when they are to be shown, once for a molecule.
 *
 * @typedef {import("../store.js").Store} Store
 * @typedef {import("../types.js").Molecule} Molecule
 * @typedef {import("../types.js").State} State
 */

/**
 * @param {Store} store
 * @param {typeof import("../api.js")} api
 * @param {ReturnType<typeof import("./problems.js").createProblems>} problems
 */
export function createPairActions(store, api, problems) {
  let running = new AbortController();
  /** @type {Molecule | null} the one whose pairs were asked for; explained once more, it is another */
  let asked = null;

  /** @param {Molecule} molecule */
  async function load(molecule) {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    asked = molecule;
    try {
      const found = await api.pairs(molecule.id, { signal });
      if (!signal.aborted) store.set({ pairs: Object.fromEntries(found.map((pairs) => [pairs.model, pairs])) });
    } catch (error) {
      problems.report(error, "pairs", () => load(molecule));
    }
  }

  /** @param {State} state */
  function react({ quantity, molecule, predictions }) {
    if (quantity === "pairs" && predictions.length > 0 && molecule && molecule !== asked) load(molecule).catch(problems.reportUnexpected);
  }

  return {
    start() {
      store.subscribe(react);
      react(store.get());
    },
  };
}
