/**
 * The atlas: asked for when an atom is selected whose value is shown, once for an atom; distributions once for a model
 * and an element; rings when a reader opens them.
 *
 * @typedef {import("../store.js").Store} Store
 * @typedef {import("../types.js").State} State
 */
import { atlasAtom } from "../lib/atlas.js";
import { predictionsOf } from "../lib/quantities.js";

/**
 * @param {Store} store
 * @param {typeof import("../api.js")} api
 * @param {ReturnType<typeof import("./problems.js").createProblems>} problems
 */
export function createAtlasActions(store, api, problems) {
  let running = new AbortController();
  /** @type {string | null} */
  let asked = null;
  /** @type {Set<string>} distributions and rings that were asked for */
  const known = new Set();

  /** @param {State} state @returns {string | null} what is to be asked */
  function wanted(state) {
    const atom = atlasAtom(state);
    return atom === null || state.predictions.length === 0 ? null : JSON.stringify([state.molecule?.id, atom]);
  }

  /** @param {string} molecule @param {number} atom @param {string} key */
  async function load(molecule, atom, key) {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    try {
      const found = await api.surroundings({ molecule, atom }, { signal });
      if (signal.aborted) return;
      store.set({ surroundings: { key, found } });
      await Promise.all(found.map(({ model, element }) => loadDistribution(model, element)));
    } catch (error) {
      problems.report(error, "atlas", () => (asked === key ? load(molecule, atom, key) : undefined), { kind: "surroundings" });
    }
  }

  /** @param {string} model @param {string} element */
  async function loadDistribution(model, element) {
    const key = `${model} ${element}`;
    if (known.has(key)) return;
    known.add(key);
    try {
      const distribution = await api.distribution(model, element);
      store.set(({ distributions }) => ({ distributions: { ...distributions, [key]: distribution } }));
    } catch (error) {
      known.delete(key);
      throw error;
    }
  }

  /** @param {State} state */
  function react(state) {
    const key = wanted(state);
    if (key === asked) return;
    asked = key;
    const atom = atlasAtom(state);
    if (key === null || atom === null || !state.molecule) {
      running.abort();
      store.set({ surroundings: null });
    } else load(state.molecule.id, atom, key).catch(problems.reportUnexpected);
  }

  return {
    /** The rings of every energy model that is listed. */
    async loadRings() {
      const { models, answers } = store.get();
      const names = predictionsOf({ models, predictions: answers }, "energy").filter(({ model }) => model.elements.length > 0).map(({ model }) => model.name);
      await Promise.all(names.filter((name) => !known.has(name)).map(async (name) => {
        known.add(name);
        try {
          const found = await api.rings(name);
          store.set(({ rings }) => ({ rings: { ...rings, [name]: found } }));
        } catch (error) {
          known.delete(name);
          problems.report(error, "atlas", () => this.loadRings(), { kind: "rings" });
        }
      }));
    },
    start() {
      store.subscribe(react);
      react(store.get());
    },
  };
}
