/**
 * Edits: changes by hand, other conformers, and the way back and forth through everything that was done to a molecule.
 *
 * @typedef {import("../store.js").Store} Store
 * @typedef {import("../types.js").Molecule} Molecule
 * @typedef {import("../types.js").MoleculeChange} MoleculeChange
 * @typedef {import("../types.js").State} State
 */
import { sameAtoms } from "../lib/edits.js";
import { standing } from "../lib/history.js";
import { predictionsOf } from "../lib/quantities.js";
import { text } from "../lib/text.js";
import { titleOf } from "../lib/input.js";

/**
 * @param {Store} store
 * @param {typeof import("../api.js")} api
 * @param {ReturnType<typeof import("./problems.js").createProblems>} problems
 * @param {Pick<ReturnType<typeof import("./live.js").createLiveActions>, "stand" | "goBack"> & {settle: () => Promise<void>}
 *   & Pick<ReturnType<typeof import("./comparison.js").createComparisonActions>, "beside">} page another molecule takes the place of the
 *   one shown, under the same camera; `settle`: what is shown becomes the molecule; `beside`: what stands beside it
 */
export function createEditActions(store, api, problems, { stand, goBack, settle, beside }) {
  let running = new AbortController();

  function begin() {
    running.abort();
    running = new AbortController();
    const onBusy = (/** @type {number} */ seconds) => store.set({ busy: text.status.busy(seconds) });
    return { signal: running.signal, onBusy };
  }

  /**
   * Another molecule takes the place of the one shown.
   *
   * @param {(there: Molecule, options: {signal: AbortSignal, onBusy: (seconds: number) => void}) => Promise<string>} find its id
   * @param {import("../types.js").Alert["place"]} place
   * @param {() => unknown} retry
   * @param {Partial<State>} more
   */
  async function replace(find, place, retry, more) {
    await settle();
    const { molecule } = store.get();
    if (!molecule) return;
    const options = begin();
    store.set({ alert: null, busy: text.status.predicting });
    try {
      const answer = await api.predictions(await find(molecule, options), options);
      if (options.signal.aborted || store.get().molecule?.id !== molecule.id) return;
      const { smiles, symbols } = answer.molecule;
      const another = smiles !== molecule.smiles || symbols.length !== molecule.symbols.length;
      const before = [...store.get().before, ...standing(store.get(), location)];
      const compare = beside();
      stand(answer, { selected: sameAtoms(store.get().selected, molecule, answer.molecule), ...(another ? { text: text.molecule(titleOf(answer.molecule)) } : {}), before, after: [], ...more, ...(compare ? { told: "" } : {}) });
      await compare?.(more.done ?? "");
    } catch (error) {
      // by their numbers, another molecule has other atoms
      problems.report(error, place, () => (store.get().molecule?.id === molecule.id ? retry() : undefined));
    }
  }

  /** To what stood there before, or after. @param {import("../types.js").Standing | undefined} place @param {Partial<State>} more */
  function go(place, more) {
    const { molecule, selected } = store.get();
    if (!place || !molecule) return;
    begin(); // what was on its way is not wanted any more
    const compare = beside();
    goBack(place, { selected: sameAtoms(selected, molecule, place.molecule), ...more, ...(compare ? { told: "" } : {}) });
    compare?.(more.done ?? "").catch(problems.reportUnexpected);
  }

  return {
    /** @param {MoleculeChange} change @param {string} done what to say when it is */
    async edit(change, done) {
      const find = async (/** @type {Molecule} */ there, /** @type {import("../api.js").Options} */ options) => (await api.edited(there.id, change, options)).id;
      await replace(find, "edit", () => this.edit(change, done), { done, ...(change.kind === "delete" ? { selected: [] } : {}) });
    },
    /** Back to the molecule before the last edit, movement or relaxation. */
    undo() {
      const { before, after, moving } = store.get();
      // a movement that is not kept yet is the last that was done
      if (moving) goBack(moving.from, { before, after, done: text.molecules.undone });
      else go(before.at(-1), { before: before.slice(0, -1), after: [...after, ...standing(store.get(), location)], done: text.molecules.undone });
    },
    /** Forth again. */
    redo() {
      const { before, after } = store.get();
      go(after.at(-1), { before: [...before, ...standing(store.get(), location)], after: after.slice(0, -1), done: text.molecules.redone });
    },
    async findConformers() {
      await settle();
      const { molecule } = store.get();
      if (!molecule) return;
      const options = begin();
      store.set({ alert: null, busy: text.molecules.conformers.busy });
      try {
        const models = predictionsOf(store.get(), "energy").map(({ model }) => model.name);
        const conformers = await api.conformers(molecule.id, models, options);
        if (store.get().molecule?.id !== molecule.id) return;
        store.set({ conformers, busy: null, done: text.molecules.conformers.found(conformers.conformers.length) });
      } catch (error) {
        problems.report(error, "conformers", () => (store.get().molecule?.id === molecule.id ? this.findConformers() : undefined));
      }
    },
    /**
     * The list from which a link's molecule was chosen.
     *
     * @param {string} start id of the molecule whose conformers they are
     * @param {string[]} models that gave their energies
     */
    async listConformers(start, models) {
      const { molecule } = store.get();
      const { signal } = begin();
      const goesOn = () => store.get().molecule === molecule && !signal.aborted;
      try {
        const conformers = await api.conformers(start, models, { signal });
        if (goesOn()) store.set({ conformers });
      } catch (error) {
        problems.report(error, "conformers", () => (goesOn() ? this.listConformers(start, models) : undefined), { kind: "conformers" });
      }
    },
    /** @param {Molecule} chosen */
    async showConformer(chosen) {
      const { conformers } = store.get();
      await replace(async () => chosen.id, "conformers", () => this.showConformer(chosen), { conformers, done: text.molecules.conformers.shown });
    },
    /** Gives up what another molecule leaves behind. */
    start() {
      let { molecule } = store.get();
      store.subscribe((state) => {
        if (state.molecule === molecule) return;
        molecule = state.molecule;
        running.abort();
      });
    },
  };
}
