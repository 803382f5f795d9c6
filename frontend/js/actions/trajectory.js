/**
 * Trajectories: the frames of a file are predicted together and played; where the player rests, the frame takes the molecule's
 * place, so that whatever is asked of a molecule can be asked of it.
 *
 * @typedef {import("../store.js").Store} Store
 */
import { ApiError } from "../api.js";
import { withoutComparison } from "../lib/comparison.js";
import { leaveFiles } from "../lib/handover.js";
import { atRest } from "../lib/relaxation.js";
import { text } from "../lib/text.js";
import { predictionsAlong } from "../lib/trajectory.js";
import { createPlayer } from "./player.js";

/** Without a movement of the scrubber for so long, the frame is looked into. */
const REST_MS = 350;

/**
 * @param {Store} store
 * @param {typeof import("../api.js")} api
 * @param {ReturnType<typeof import("./problems.js").createProblems>} problems
 * @param {{show: (answer: import("../types.js").Explained) => void, stand: ReturnType<typeof import("./live.js").createLiveActions>["stand"]}} molecules
 */
export function createTrajectoryActions(store, api, problems, { show, stand }) {
  let settling = new AbortController();
  /** @type {import("../types.js").Vector[] | null} the frame that is being looked into, or could not be */
  let wanted = null;
  let timer = 0;
  const player = createPlayer(store, "trajectory", predictionsAlong);
  const onBusy = (/** @type {number} */ seconds) => store.set({ busy: text.status.busy(seconds) });

  /** @param {import("../types.js").TrajectoryAnswer} answer @param {number} frame */
  async function begin(answer, frame, options = {}) {
    const molecule = await api.frame(answer.id, frame, options);
    show(await api.predictions(molecule.id, options));
    const { predictions: base, route } = store.get();
    const address = `/?${new URLSearchParams({ trajectory: answer.id })}`;
    if (location.pathname + location.search !== address) history.pushState(null, "", address);
    store.set({ route: { ...route, page: "main", id: null, query: null }, trajectory: { answer, frame, rest: frame, playing: false, base }, done: text.trajectory.opened(answer.positions.length) });
  }

  /** The frame that is shown becomes the molecule; what is played stops there. */
  async function settle() {
    if (store.get().trajectory?.playing) player.play();
    clearTimeout(timer);
    settling.abort();
    settling = new AbortController();
    const { signal } = settling;
    const { trajectory } = store.get();
    if (!trajectory || atRest(trajectory)) return;
    const { answer, frame } = trajectory;
    wanted = answer.positions[frame] ?? null;
    try {
      const molecule = await api.frame(answer.id, frame, { signal, onBusy });
      const explained = await api.predictions(molecule.id, { signal, onBusy });
      const now = store.get().trajectory;
      if (signal.aborted || now?.answer !== answer || now.frame !== frame) return;
      // by the networks of the other frames: the curves are of those
      stand(explained, ({ predictions: base }) => ({ trajectory: { ...now, rest: frame, base } }));
    } catch (error) {
      problems.report(error, "trajectory", () => settle());
    }
  }

  /** @param {import("../types.js").State} state */
  function react(state) {
    const { trajectory } = state;
    // of frames in passing there is nothing to lay beside another molecule
    if (trajectory && !atRest(trajectory)) store.set(withoutComparison(state));
    const stopped = trajectory !== null && !trajectory.playing && !atRest(trajectory);
    // whatever else changes on the page does not begin it again
    if (stopped && trajectory.answer.positions[trajectory.frame] === wanted) return;
    wanted = null;
    clearTimeout(timer);
    if (stopped) timer = window.setTimeout(settle, REST_MS);
  }

  return {
    /**
     * Opens a text of several frames.
     *
     * @param {string} input
     * @param {string} name of the file, or ""
     * @param {AbortSignal} signal
     * @returns {Promise<boolean>} false: these are frames that are not played, as of crystals
     */
    async openFrames(input, name, signal) {
      const onProgress = (/** @type {number} */ share) => store.set({ busy: text.trajectory.computing(Math.round(100 * share)) });
      store.set({ busy: text.status.reading, alert: null });
      try {
        await begin(await api.trajectory(input, { signal, onBusy, onProgress }), 0, { signal, onBusy });
      } catch (error) {
        if (error instanceof ApiError && error.code === "crystal") return false;
        problems.report(error, "molecule", () => this.openFrames(input, name, signal));
        if (error instanceof ApiError && error.code === "other_atoms") {
          if (!(await leaveFiles([{ name, text: input }]))) return true;
          store.set(({ alert }) => ({ alert: alert && { ...alert, hint: text.trajectory.otherAtoms, link: { href: "/batch", label: text.trajectory.asBatch } } }));
        }
      }
      return true;
    },
    /** A trajectory that an address names. @param {string} id */
    async openStored(id) {
      store.set({ busy: text.status.reading, alert: null });
      try {
        const answer = await api.storedTrajectory(id, { onBusy });
        await begin(answer, 0, { onBusy });
        store.set({ text: answer.molecule.name || answer.molecule.formula });
      } catch (error) {
        problems.report(error, "molecule", () => this.openStored(id));
      }
    },
    /** A trajectory that a link holds. @param {string} id @param {number} frame from 0 */
    async resume(id, frame) {
      try {
        const answer = await api.storedTrajectory(id, { onBusy });
        const { predictions: base } = store.get();
        if (frame < answer.positions.length) store.set({ trajectory: { answer, frame, rest: frame, playing: false, base } });
      } catch (error) {
        problems.report(error, "trajectory", () => this.resume(id, frame));
      }
    },
    /** @param {number} frame */
    turn(frame) {
      player.show(frame, false);
    },
    play: player.play,
    settle,
    /** Gives up what another molecule leaves behind. */
    start() {
      store.subscribe(react);
    },
  };
}
