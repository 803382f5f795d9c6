/**
 * Pairs: asked for when they are to be shown, once for a molecule; how they fall with distance once for a model.
 *
 * @typedef {import("../store.js").Store} Store
 * @typedef {import("../types.js").Molecule} Molecule
 * @typedef {import("../types.js").State} State
 */
import { onTheWay } from "../lib/live.js";
import { predictionsOf } from "../lib/quantities.js";
import { isUnderWay } from "../lib/relaxation.js";

/**
 * @param {Store} store
 * @param {typeof import("../api.js")} api
 * @param {ReturnType<typeof import("./problems.js").createProblems>} problems
 */
export function createPairActions(store, api, problems) {
  let running = new AbortController();
  /** @type {Molecule | null} the one whose pairs were asked for; explained once more, it is another */
  let asked = null;

  /** @param {Molecule} molecule @param {string[]} models */
  async function load(molecule, models) {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    asked = molecule;
    try {
      const found = await api.pairs(molecule.id, models, { signal });
      if (!signal.aborted) store.set({ pairs: Object.fromEntries(found.map((pairs) => [pairs.model, pairs])) });
    } catch (error) {
      problems.report(error, "pairs", () => (asked === molecule ? load(molecule, models) : undefined));
    }
  }

  /** @type {Set<string>} models that were asked for their statistics */
  const decaysAsked = new Set();

  /** @param {string} model */
  async function loadDecay(model) {
    decaysAsked.add(model);
    try {
      const decay = await api.pairDecay(model);
      store.set(({ decays }) => ({ decays: { ...decays, [model]: decay } }));
    } catch (error) {
      problems.report(error, "pairs", () => loadDecay(model), { kind: `decay ${model}` });
    }
  }

  /** @param {State} state */
  function react(state) {
    if (isUnderWay(state)) return; // of the molecule on its way there are no pairs
    if (onTheWay(state)) {
      // nobody knows those of something between two molecules; those of the first would stand under another's name
      running.abort();
      asked = null;
      if (Object.keys(state.pairs).length > 0) store.set({ pairs: {} });
      return;
    }
    const { quantity, molecule } = state;
    if (quantity !== "pairs") return;
    // a model that the service does not list, gone since a link was made, has none
    const listed = predictionsOf(state, "energy").map(({ model }) => model).filter(({ elements }) => elements.length > 0).map(({ name }) => name);
    for (const name of listed.filter((one) => !decaysAsked.has(one))) loadDecay(name).catch(problems.reportUnexpected);
    if (listed.length > 0 && molecule && molecule !== asked) load(molecule, listed).catch(problems.reportUnexpected);
  }

  return {
    start() {
      store.subscribe(react);
      react(store.get());
    },
  };
}
