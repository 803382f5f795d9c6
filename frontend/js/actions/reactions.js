/**
 * Reactions: an equation becomes its energy; the address follows.
 *
 * @typedef {import("../store.js").Store} Store
 */
import { labelled } from "../lib/quantities.js";
import { nameInAddress } from "../lib/route.js";
import { text } from "../lib/text.js";

/**
 * @param {Store} store
 * @param {typeof import("../api.js")} api
 * @param {ReturnType<typeof import("./problems.js").createProblems>} problems
 */
export function createReactionActions(store, api, problems) {
  let running = new AbortController();

  /** @param {string} equation @param {boolean} balance with the coefficients that balance it */
  async function react(equation, balance) {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    const onBusy = (/** @type {number} */ seconds) => store.set({ busy: text.status.busy(seconds) });
    store.set({ busy: text.reactions.computing, alert: null, done: "", equation });
    nameInAddress("/reactions", { q: equation }); // also where it is refused: the address is what the box says
    try {
      const reaction = await api.reaction({ equation, balance }, { signal, onBusy });
      nameInAddress("/reactions", { q: reaction.equation });
      const done = reaction.balance.balanced ? text.reactions.done(reaction.equation) : "";
      store.set({ reaction, equation: balance ? reaction.equation : equation, busy: null, done });
    } catch (error) {
      if (!signal.aborted) store.set({ reaction: null });
      problems.report(error, "reactions", () => (signal.aborted ? undefined : react(equation, balance)));
    }
  }

  return {
    /** @param {string | null} query an equation */
    async openReactions(query) {
      await Promise.all([this.loadModels(), query === null ? undefined : react(query, false)]);
    },
    /** What the networks are called. */
    async loadModels() {
      try {
        store.set({ models: labelled(await api.models()) });
      } catch (error) {
        problems.report(error, "reactions", () => this.loadModels(), { kind: "models" });
      }
    },
    /** @param {string} equation @param {{balance?: boolean}} [options] */
    async react(equation, { balance = false } = {}) {
      if (equation.trim()) return react(equation.trim(), balance);
      store.set({ alert: { code: "equation", message: text.reactions.empty, hint: "", field: "equation", place: "reactions", retry: null } });
      return undefined;
    },
  };
}
