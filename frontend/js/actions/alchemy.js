/**
 * Alchemy: the molecule turns into another while a dial moves. The path is asked for when its changes are chosen; the dial
 * only reads from it, so it follows the hand.
 *
 * @typedef {import("../store.js").Store} Store
 * @typedef {import("../types.js").AlchemyChange} AlchemyChange
 */
import { shownPredictions } from "../lib/choice.js";
import { FADES_IN, FADES_OUT, morphed, thereAndBack } from "../lib/alchemy.js";
import { isAwaited } from "../lib/live.js";
import { text } from "../lib/text.js";
import { createTicker } from "../lib/ticking.js";

/** Steps of a path: between them values are interpolated. */
const STEPS = 41;
/** Played, the dial goes so far with each step, and a step takes so many ms; for readers who want no motion in few jumps. */
const PLAYED = Object.freeze({ smooth: { stride: 0.01, pace: 40 }, still: { stride: 0.25, pace: 1000 } });

/**
 * @param {Store} store
 * @param {typeof import("../api.js")} api
 * @param {ReturnType<typeof import("./problems.js").createProblems>} problems
 * @param {(name: string, again: () => unknown) => Promise<void>} explain an example
 */
export function createAlchemyActions(store, api, problems, explain) {
  let running = new AbortController();
  const ticker = createTicker();

  /** @param {number} lambda 0 to 1 @param {boolean} playing */
  function show(lambda, playing) {
    const { alchemy } = store.get();
    if (!alchemy?.answer) return;
    store.set({ alchemy: { ...alchemy, lambda, playing }, predictions: morphed(alchemy.base, alchemy.answer, lambda) });
  }

  /** @param {AlchemyChange[]} changes @param {number} [lambda] where the dial stands then */
  async function follow(changes, lambda = 0) {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    const state = store.get();
    const { molecule } = state;
    if (!molecule) return;
    if (changes.length === 0) {
      store.set({ alchemy: null, predictions: shownPredictions(state), ...(isAwaited(state) ? { busy: null } : {}) });
      return;
    }
    const able = shownPredictions(state, changes.flatMap(({ to }) => to ?? []));
    // where none knows an element of the end, the service says so
    const base = able.length > 0 ? able : shownPredictions(state);
    const begun = { changes, lambda, playing: false, answer: null, base };
    // what is drawn is of the molecule at the beginning
    const elsewhere = lambda > 0 ? { surfaces: {}, busy: text.alchemy.computing } : isAwaited(state) ? { busy: null } : {};
    store.set({ alchemy: begun, relaxation: null, trajectory: null, predictions: base, alert: null, ...elsewhere });
    // another molecule, or the same explained once more, has taken its place otherwise
    const goesOn = () => store.get().alchemy === begun;
    try {
      const answer = await api.alchemy({ molecule: molecule.id, models: base.map(({ model }) => model), changes, steps: STEPS }, { signal });
      if (goesOn()) store.set({ alchemy: { ...begun, answer }, predictions: morphed(base, answer, lambda), ...(lambda > 0 ? { busy: null } : {}) });
    } catch (error) {
      if (!goesOn()) return;
      const refused = { ...begun, lambda: 0 }; // what is shown is the molecule at the beginning
      store.set({ alchemy: refused });
      problems.report(error, "alchemy", () => (store.get().alchemy === refused ? follow(changes, lambda) : undefined));
    }
  }

  return {
    follow,
    /** @param {number} atom from 0 @param {string} target a symbol, "out", "in", or "" for no change */
    async change(atom, target) {
      const others = (store.get().alchemy?.changes ?? []).filter((one) => one.atom !== atom);
      const symbol = store.get().molecule?.symbols[atom];
      if (target === "" || target === symbol) return follow(others);
      return follow([...others, target === FADES_OUT || target === FADES_IN ? { atom, fade: target } : { atom, to: target }]);
    },
    /** @param {number} lambda 0 to 1 */
    turn(lambda) {
      show(lambda, false);
    },
    /** From where the dial stands to the end and back to the beginning, by itself; or it stops. */
    play() {
      const { alchemy } = store.get();
      if (!alchemy?.answer || alchemy.playing) return this.rest();
      const { answer, lambda: from } = alchemy;
      const { stride, pace } = PLAYED[matchMedia("(prefers-reduced-motion: reduce)").matches ? "still" : "smooth"];
      show(from, true);
      ticker.start(pace, (ticks) => {
        const now = store.get().alchemy;
        if (!now?.playing || now.answer !== answer) return false;
        const { lambda, over } = thereAndBack(from + ticks * stride);
        show(lambda, !over);
        return !over;
      });
    },
    /** The dial stays where it is. */
    rest() {
      const { alchemy } = store.get();
      if (alchemy?.playing) show(alchemy.lambda, false);
    },
    /** @param {{molecule: string, changes: AlchemyChange[]}} preset */
    async preset({ molecule, changes }) {
      store.set({ text: molecule, quantity: "contributions" });
      await explain(molecule, () => this.preset({ molecule, changes }));
      if (store.get().molecule?.name?.toLowerCase() === molecule) await follow(changes);
    },
    reset: () => follow([]),
  };
}
