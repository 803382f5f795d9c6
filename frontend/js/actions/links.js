/**
 * Links: a view is stored by the service and opened again, with the numbers that it showed.
 *
 * @typedef {import("../store.js").Store} Store
 */
import { nothingOfTheMolecule } from "../store.js";
import { sharedOf } from "../lib/links.js";
import { text } from "../lib/text.js";
import { resolveTheme } from "../lib/theme.js";
import { decodeView, encodeView, readAlchemy, readAlone, readCompared, readConformers, readWay } from "../lib/viewstate.js";
import { nameOf } from "../lib/comparison.js";
import { titleOf } from "../lib/input.js";

/**
 * @param {Store} store
 * @param {typeof import("../api.js")} api
 * @param {ReturnType<typeof import("./problems.js").createProblems>} problems
 * @param {() => import("../stage.js").Stage | null} stage
 * @param {(changes: import("../types.js").AlchemyChange[], lambda: number) => Promise<void>} follow an alchemical path
 * @param {Record<"trajectory" | "relaxation", (id: string, frame: number) => Promise<void>>} resume ways
 * @param {(id: string) => Promise<void>} compare with a stored molecule
 * @param {(id: string, models: string[]) => Promise<void>} list conformers of a stored molecule
 * @param {() => Promise<Blob | null>} picture of what is shown, PNG; null where nothing is drawn
 */
export function createLinkActions(store, api, problems, stage, follow, resume, compare, list, picture) {
  /** the picture of the newest link, on its way */
  let announcing = Promise.resolve();

  /**
   * Gives a link the picture by which other programs announce it.
   *
   * @param {string} id @param {string} token
   */
  async function announce(id, token) {
    try {
      const shown = await picture();
      if (shown) await api.keepPicture(id, token, shown);
    } catch (error) {
      problems.report(error, "share", () => (store.get().share?.id === id ? announce(id, token) : undefined), { kind: "picture of a link" });
    }
  }

  return {
    async share() {
      const state = store.get();
      if (!state.molecule) return;
      store.set(({ share }) => ({ busy: text.status.sharing, alert: null, share: share && { ...share, url: "" } }));
      try {
        // what was seen: the system of another reader may be of the other kind
        const view = await api.createView(encodeView({ ...state, theme: resolveTheme(state.theme) }, stage()));
        const url = new URL(view.url, location.origin).href;
        store.set({ busy: null, done: text.share.made, share: { url, of: sharedOf(state), id: view.id, deleteToken: view.delete_token } });
        announcing = announce(view.id, view.delete_token);
        await announcing;
      } catch (error) {
        store.set(({ share }) => (share?.url === "" ? { share: null } : {}));
        problems.report(error, "share", () => this.share(), { of: state.molecule?.id });
      }
    },

    async remove() {
      const { share } = store.get();
      if (!share) return;
      try {
        await announcing; // a link that is gone takes no picture
        await api.deleteView(share.id, share.deleteToken);
        store.set({ share: null, done: text.share.removed });
      } catch (error) {
        problems.report(error, "share", () => this.remove(), { kind: "removal of a link" });
      }
    },

    close() {
      store.set({ share: null });
    },

    /** @param {string} url @returns {Promise<string>} SVG; dark on light with a margin, which cameras need */
    async qrCode(url) {
      const { renderSVG } = await api.part(() => import(/* who asks for none need not load it */ "../../vendor/uqr.js"));
      return renderSVG(url, { border: 2, whiteColor: "#ffffff", blackColor: "#000000" });
    },

    /** What a link was made with, and whether it comes out the same today. @param {string} id */
    async checkReceipt(id) {
      store.set({ receipt: { view: id, receipt: null, recomputed: null } });
      const keep = (/** @type {Partial<import("../types.js").ReceiptState>} */ part) =>
        store.set(({ receipt }) => (receipt?.view === id ? { receipt: { ...receipt, ...part } } : {}));
      try {
        keep({ receipt: await api.receipt(id) });
        keep({ recomputed: await api.recomputation(id) });
      } catch (error) {
        problems.report(error, "share", () => this.checkReceipt(id), { kind: "receipt" });
      }
    },

    /** The molecule is on the way again on which it was. @param {unknown} ways as a link or the browser's history kept them */
    async goOn(ways) {
      const { molecule } = store.get();
      const alchemy = readAlchemy(ways, molecule?.symbols.length ?? 0);
      if (alchemy) await follow(alchemy.changes, alchemy.lambda);
      for (const key of /** @type {const} */ (["trajectory", "relaxation"])) {
        const way = readWay(ways, key);
        if (way) await resume[key](way.id, way.frame);
      }
    },

    /** @param {string} id of a stored view */
    async open(id) {
      store.set({ busy: text.status.opening, restoring: true });
      try {
        const view = await api.view(id, { onBusy: (seconds) => store.set({ busy: text.status.busy(seconds) }) });
        const { molecule, predictions } = view; // of the models that it shows, whatever there is else
        store.set((state) => ({
          text: text.molecule(titleOf(molecule)),
          selected: [],
          ...nothingOfTheMolecule(), molecule, predictions: readAlone(view.state, predictions), answers: predictions, choice: [],
          ...decoded(view, state),
          opened: { id: view.id, created: view.created, changed: view.changed },
          done: text.status.explained(nameOf(molecule), molecule.symbols.length),
        }));
        await this.goOn(view.state);
        const other = readCompared(view.state);
        if (other) await compare(other);
        const listed = readConformers(view.state);
        // a picture alone has no list
        if (listed && store.get().route.page === "view") list(listed.molecule, listed.models).catch(problems.reportUnexpected);
      } catch (error) {
        problems.report(error, "molecule", () => (store.get().route.id === id ? this.open(id) : undefined));
      } finally {
        store.set({ restoring: false });
      }
    },
  };
}

/** @param {import("../types.js").StoredView} view @param {import("../types.js").State} state @returns {Partial<import("../types.js").State>} */
function decoded(view, state) {
  const restored = decodeView(view.state, view.molecule.symbols.length, state.probe);
  const { theme, unit, labels } = restored;
  return { ...restored, ofLink: { theme, unit, labels } };
}
