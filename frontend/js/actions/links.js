/**
 * Links: a view is stored by the service and opened again, with the numbers that it showed.
 *
 * @typedef {import("../store.js").Store} Store
 */
import { nothingOfTheMolecule } from "../store.js";
import { text } from "../lib/text.js";
import { decodeView, encodeView, readAlchemy, readCompared, readTrajectory } from "../lib/viewstate.js";
import { titleOf } from "./molecule.js";

/**
 * @param {Store} store
 * @param {typeof import("../api.js")} api
 * @param {ReturnType<typeof import("./problems.js").createProblems>} problems
 * @param {() => import("../types.js").View | null} camera where the picture's camera stands now
 * @param {(changes: import("../types.js").AlchemyChange[], lambda: number) => Promise<void>} follow an alchemical path
 * @param {(id: string, frame: number) => Promise<void>} resume a trajectory
 * @param {(id: string) => Promise<void>} compare with a stored molecule
 */
export function createLinkActions(store, api, problems, camera, follow, resume, compare) {
  return {
    async share() {
      const state = store.get();
      if (!state.molecule) return;
      store.set({ busy: text.status.sharing, alert: null });
      try {
        const view = await api.createView(encodeView(state, camera()));
        const url = new URL(view.url, location.origin).href;
        store.set({ busy: null, done: text.share.made, share: { url, id: view.id, deleteToken: view.delete_token } });
      } catch (error) {
        problems.report(error, "share", () => this.share());
      }
    },

    async remove() {
      const { share } = store.get();
      if (!share) return;
      try {
        await api.deleteView(share.id, share.deleteToken);
        store.set({ share: null, done: text.share.removed });
      } catch (error) {
        problems.report(error, "share", () => this.remove());
      }
    },

    close() {
      store.set({ share: null });
    },

    /** @param {string} id of a stored view */
    async open(id) {
      store.set({ busy: text.status.opening });
      try {
        const view = await api.view(id, { onBusy: (seconds) => store.set({ busy: text.status.busy(seconds) }) });
        const { molecule, predictions } = view; // of the models that it shows, whatever there is else
        store.set((state) => ({
          text: titleOf(molecule),
          selected: [],
          ...nothingOfTheMolecule(), molecule, predictions, answers: predictions, choice: [],
          ...decodeView(view.state, molecule.symbols.length, state.probe),
          opened: { id: view.id, created: view.created, changed: view.changed },
          done: text.status.explained(titleOf(molecule), molecule.symbols.length),
        }));
        const alchemy = readAlchemy(view.state, molecule.symbols.length);
        if (alchemy) await follow(alchemy.changes, alchemy.lambda);
        const trajectory = readTrajectory(view.state);
        if (trajectory) await resume(trajectory.id, trajectory.frame);
        const other = readCompared(view.state);
        if (other) await compare(other);
      } catch (error) {
        problems.report(error, "molecule", () => this.open(id));
      }
    },
  };
}
