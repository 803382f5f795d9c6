/**
 * The profile: a probe along a line away from the selected atom, asked for when the potential is shown and an atom is
 * selected.
 *
 * @typedef {import("../store.js").Store} Store
 * @typedef {import("../types.js").State} State
 */
import { probeElement } from "../lib/fields.js";
import { lineAwayFrom } from "../lib/profile.js";

/**
 * @param {Store} store
 * @param {typeof import("../api.js")} api
 * @param {ReturnType<typeof import("./problems.js").createProblems>} problems
 */
export function createProfileActions(store, api, problems) {
  let running = new AbortController();

  /** @param {State} state @returns {string | null} what is to be asked */
  function wanted(state) {
    const { quantity, molecule, selected } = state;
    if (quantity !== "potential" || !molecule || selected.length === 0) return null;
    return JSON.stringify([molecule.id, probeElement(state), selected.slice(-2)]);
  }

  /** @param {State} state @param {string} key */
  async function load(state, key) {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    const points = state.molecule ? lineAwayFrom(state.molecule.positions, state.selected) : null;
    store.set({ profile: points ? { key, probes: null } : null });
    if (!points || !state.molecule) return;
    try {
      const probes = await api.points({ molecule: state.molecule.id, element: probeElement(state), points }, { signal });
      if (!signal.aborted) store.set({ profile: { key, probes } });
    } catch (error) {
      problems.report(error, "probe", () => load(state, key));
    }
  }

  /** @type {string | null} */
  let asked = null;

  /** @param {State} state */
  function react(state) {
    const key = wanted(state);
    if (key === asked) return;
    asked = key;
    if (key === null) {
      running.abort();
      store.set({ profile: null });
    } else load(state, key).catch(problems.reportUnexpected);
  }

  return {
    start() {
      store.subscribe(react);
      react(store.get());
    },
  };
}
