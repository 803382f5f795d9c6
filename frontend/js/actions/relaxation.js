/**
 * Relaxing: the molecule follows a network's forces to the nearest minimum; the relaxed one takes its place, and the way is
 * played.
 *
 * @typedef {import("../store.js").Store} Store
 */
import { ApiError } from "../api.js";
import { answeredAgain } from "../lib/choice.js";
import { completed } from "../lib/comparison.js";
import { standing } from "../lib/history.js";
import { progressOf } from "../lib/progress.js";
import { lastFrame, predictionsAt, relaxer, unasked, wayOf } from "../lib/relaxation.js";
import { shortName } from "../lib/quantities.js";
import { text } from "../lib/text.js";
import { prettyNumber, withUnit } from "../lib/units.js";
import { createPlayer } from "./player.js";

/**
 * @param {Store} store
 * @param {typeof import("../api.js")} api
 * @param {ReturnType<typeof import("./problems.js").createProblems>} problems
 * @param {object} page
 * @param {ReturnType<typeof import("./live.js").createLiveActions>["stand"]} page.stand another geometry takes the molecule's place
 * @param {() => Promise<void>} page.settle what is shown becomes the molecule
 */
export function createRelaxationActions(store, api, problems, { stand, settle }) {
  let running = new AbortController();
  /** @type {string | null} id of the molecule that is being relaxed */
  let relaxed = null;
  const player = createPlayer(store, api, problems, "relaxation", { predictionsAt, moleculeAt: api.step, stand });
  /** for which way and which networks paths were asked last */
  let asked = "";

  /**
   * @param {import("../types.js").RelaxationAnswer} answer
   * @param {import("../types.js").Prediction[]} shown of the molecule
   * @param {import("../api.js").Options} [options]
   * @returns {Promise<import("../types.js").TrajectoryPath[]>} by the networks of today alone; none of a way that is too long
   */
  async function pathsOf(answer, shown, options) {
    asked = keyOf(answer, shown);
    try {
      const { paths } = await api.alongRelaxation(answer.id, shown.map(({ model }) => model), options);
      return paths.filter((path) => shown.some(({ model, checkpoint }) => model === path.model && checkpoint === path.checkpoint));
    } catch (error) {
      if (error instanceof ApiError && error.code === "too_many_frames") return [];
      throw error;
    }
  }

  /** The networks that are shown have changed, or a link has opened the way: what they say along it. @param {import("../types.js").Relaxation} relaxation */
  async function complete(relaxation) {
    const { answer, base } = relaxation;
    try {
      const paths = await pathsOf(answer, base);
      const { relaxation: now, answers } = store.get();
      if (now?.answer !== answer || keyOf(answer, now.base) !== keyOf(answer, base)) return;
      store.set({ relaxation: { ...now, paths }, predictions: predictionsAt({ ...now, paths }, answers) });
    } catch (error) {
      problems.report(error, "relaxation", () => complete(relaxation), { kind: "relaxation paths" });
    }
  }

  return {
    async relax() {
      await settle();
      running.abort();
      running = new AbortController();
      const { signal } = running;
      const state = store.get();
      const model = relaxer(state);
      const { molecule } = state;
      if (!molecule || !model) return;
      const family = shortName(model);
      const onProgress = (/** @type {number} */ share) => {
        if (!signal.aborted) store.set({ relaxing: share, busy: progressOf(text.status.relaxing(family), share) });
      };
      const onBusy = (/** @type {number} */ seconds) => store.set({ busy: text.status.busy(seconds) });
      store.set({ alert: null });
      relaxed = molecule.id;
      onProgress(0);
      try {
        const answer = await api.relaxation({ molecule: molecule.id, model: model.name }, { signal, onProgress, onBusy });
        const explained = await api.predictions(answer.molecule.id, { signal, onBusy });
        const paths = await pathsOf(answer, answeredAgain(store.get(), explained).predictions, { signal, onBusy });
        if (signal.aborted) return;
        relaxed = null;
        const lower = withUnit((answer.energies[0] ?? 0) - (answer.energies.at(-1) ?? 0), "energy", state.unit);
        const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
        const done = text.status.relaxed(family, answer.steps, lower, prettyNumber(wayOf(answer), 2), answer.converged);
        const before = [...store.get().before, ...standing(store.get(), location)];
        stand(explained, ({ predictions: base, answers }) => {
          const rest = lastFrame({ answer });
          const relaxation = { answer, base, paths, rest, frame: still ? rest : 0, playing: !still };
          return { relaxation, predictions: predictionsAt(relaxation, answers), before, after: [], done };
        });
        player.advance();
      } catch (error) {
        if (!signal.aborted) store.set({ relaxing: null });
        problems.report(error, "relaxation", () => (store.get().molecule?.id === molecule.id ? this.relax() : undefined));
      }
    },
    /** Gives a relaxation up that is being computed. */
    stop() {
      running.abort();
      store.set({ relaxing: null, busy: null, done: text.status.relaxingStopped });
    },
    /** @param {number} frame */
    turn(frame) {
      player.show(frame, false);
    },
    play: player.play,
    settle: player.settle,
    /** The way that a link holds. @param {string} id @param {number} frame from 0 */
    async resume(id, frame) {
      const shown = store.get().molecule?.id;
      try {
        const answer = await api.storedRelaxation(id);
        const { molecule, answers, predictions: base } = store.get();
        if (!molecule || frame > lastFrame({ answer })) return;
        // a link has the predictions of the networks alone that it shows, and another may have relaxed the molecule
        const known = answers.some(({ model }) => model === answer.model) ? answers : completed(answers, (await api.predictions(molecule.id)).predictions);
        if (store.get().molecule === molecule) store.set({ answers: known, relaxation: { answer, base, paths: [], frame, rest: frame, playing: false } });
      } catch (error) {
        problems.report(error, "relaxation", () => (store.get().molecule?.id === shown ? this.resume(id, frame) : undefined), { kind: "relaxation of a link" });
      }
    },
    /** Gives up what another molecule leaves behind. */
    start() {
      player.start();
      store.subscribe(({ relaxation }) => {
        if (relaxation && unasked(relaxation).length > 0 && asked !== keyOf(relaxation.answer, relaxation.base)) complete(relaxation);
      });
      store.subscribe(({ molecule }) => {
        if (relaxed === null || molecule?.id === relaxed) return;
        relaxed = null;
        running.abort();
        store.set({ relaxing: null, busy: null });
      });
    },
  };
}

/** @param {import("../types.js").RelaxationAnswer} answer @param {import("../types.js").Prediction[]} shown @returns {string} */
function keyOf(answer, shown) {
  return [answer.id, ...shown.map(({ model }) => model)].join();
}
