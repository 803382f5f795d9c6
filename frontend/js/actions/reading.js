/**
 * Reading values: what is asked of the service beside the predictions, once the page has a use for it: how the networks of
 * an ensemble divide the molecule, forces, parts of the molecule, and reference values.
 *
 * @typedef {import("../store.js").Store} Store
 * @typedef {import("../types.js").Molecule} Molecule
 * @typedef {import("../types.js").State} State
 */
import { forcesWanted } from "../lib/arrows.js";
import { isStill } from "../lib/fragment.js";
import { predictionsOf } from "../lib/quantities.js";

/**
 * @param {Store} store
 * @param {typeof import("../api.js")} api
 * @param {ReturnType<typeof import("./problems.js").createProblems>} problems
 */
export function createReadingActions(store, api, problems) {
  /** @type {Map<string, {molecule: Molecule, names: string, running: AbortController}>} what was asked for last; a molecule explained once more is another */
  const asked = new Map();

  /**
   * @param {string} kind
   * @param {Molecule} molecule
   * @param {string[]} models
   * @param {(signal: AbortSignal) => Promise<Partial<State>>} load
   */
  function ask(kind, molecule, models, load) {
    const names = models.join();
    const before = asked.get(kind);
    if (before?.molecule === molecule && before.names === names) return;
    before?.running.abort();
    const running = new AbortController();
    asked.set(kind, { molecule, names, running });
    load(running.signal).then(
      (found) => {
        if (!running.signal.aborted && store.get().molecule === molecule) store.set(found);
      },
      (error) => problems.report(error, "reading", () => {
        asked.delete(kind);
        react(store.get());
      }, { kind: `reading ${kind}` }),
    );
  }

  /** @param {State} state */
  function react(state) {
    const { molecule, busy, predictions, selected } = state;
    if (!molecule || busy !== null || !isStill(state)) return;
    const { id } = molecule;
    if (!molecule.cell && state.route.page !== "embed") {
      ask("parts", molecule, [], async (signal) => ({ parts: await api.parts(id, { signal }) }));
      ask("references", molecule, [], async (signal) => ({ references: await api.references(id, { signal }) }));
    }
    // a model that the service does not list, gone since a link was made, has no members to ask
    const listed = predictions.map(({ model }) => model).filter((name) => state.models.some((model) => model.name === name));
    if (selected.length > 0 && listed.length > 0) {
      ask("members", molecule, listed, async (signal) => ({ members: byModel(await api.members(id, listed, { signal })) }));
    }
    const energies = predictionsOf(state, "energy").map(({ model }) => model.name).filter((name) => listed.includes(name));
    if (forcesWanted(state) && energies.length > 0) {
      ask("forces", molecule, energies, async (signal) => ({ forces: byModel(await api.forces(id, energies, { signal })) }));
    }
  }

  return {
    start() {
      store.subscribe(react);
      react(store.get());
    },
  };
}

/** @template {{model: string}} T @param {T[]} answers @returns {Record<string, T>} */
function byModel(answers) {
  return Object.fromEntries(answers.map((answer) => [answer.model, answer]));
}
