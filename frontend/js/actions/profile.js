/**
 * The profile: a probe along a line away from the selected atom, or through the point that was clicked, asked for when
 * the potential is shown and there is such a line.
 *
 * @typedef {import("../store.js").Store} Store
 * @typedef {import("../types.js").State} State
 */
import { fieldModels, probeElement } from "../lib/fields.js";
import { onTheWay } from "../lib/live.js";
import { chosenPoint, profileLine } from "../lib/profile.js";

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
    const point = chosenPoint(state);
    if (quantity !== "potential" || !molecule || (selected.length === 0 && !point)) return null;
    if (onTheWay(state)) return null; // the service puts a probe beside molecules alone
    const models = fieldModels(state).map(({ name }) => name);
    return models.length > 0 ? JSON.stringify([molecule.id, models, probeElement(state), point ?? selected.slice(-2)]) : null;
  }

  /** @param {State} state @param {string} key */
  async function load(state, key) {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    const line = profileLine(state);
    store.set({ profile: line ? { key, probes: null, at: null } : null });
    if (!line || !state.molecule) return;
    const points = line.chosen ? [...line.points, line.chosen] : line.points;
    try {
      const answer = await api.points({ molecule: state.molecule.id, models: fieldModels(state).map(({ name }) => name), element: probeElement(state), points }, { signal });
      if (signal.aborted) return;
      const part = (/** @type {number} */ from, /** @type {number | undefined} */ to) => answer.map(({ model, one_way, insertion }) =>
        ({ model, one_way: one_way.slice(from, to), insertion: insertion.slice(from, to) }));
      store.set({ profile: { key, probes: part(0, line.points.length), at: line.chosen ? part(line.points.length, undefined) : null } });
    } catch (error) {
      problems.report(error, "probe", () => (asked === key ? load(state, key) : undefined), { kind: "profile" });
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
