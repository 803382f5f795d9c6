/**
 * Trajectories: the frames of a file are predicted together and played.
 *
 * @typedef {import("../store.js").Store} Store
 */
import { ApiError } from "../api.js";
import { answeredAgain } from "../lib/choice.js";
import { leaveFiles } from "../lib/handover.js";
import { lastFrame } from "../lib/relaxation.js";
import { comparedAddress, goTo, trajectoryAddress } from "../lib/route.js";
import { text } from "../lib/text.js";
import { predictionsAlong } from "../lib/trajectory.js";
import { createPlayer } from "./player.js";

/**
 * @param {Store} store
 * @param {typeof import("../api.js")} api
 * @param {ReturnType<typeof import("./problems.js").createProblems>} problems
 * @param {{show: (answer: import("../types.js").Explained) => void, stand: ReturnType<typeof import("./live.js").createLiveActions>["stand"]}} molecules
 */
export function createTrajectoryActions(store, api, problems, { show, stand }) {
  const player = createPlayer(store, api, problems, "trajectory", { predictionsAt: predictionsAlong, moleculeAt: api.frame, stand });
  const onBusy = (/** @type {number} */ seconds) => store.set({ busy: text.status.busy(seconds) });

  /** @param {import("../types.js").TrajectoryAnswer} answer @param {number} frame from 0 @param {import("../api.js").Options} options */
  async function begin(answer, frame, options) {
    const shown = Math.min(frame, lastFrame({ answer }));
    const explainedAt = async (/** @type {number} */ place) => api.predictions((await api.frame(answer.id, place, options)).id, options);
    const first = await explainedAt(0);
    const explained = shown === 0 ? first : await explainedAt(shown);
    // by the networks of the first frame, wherever one begins: an address shows everybody the same
    const { choice } = answeredAgain({ ...store.get(), molecule: first.molecule, choice: first.choice }, explained);
    show({ ...explained, choice });
    const { predictions: base, route } = store.get();
    store.set({ route: { ...route, page: "main", id: null, query: null }, trajectory: { answer, frame: shown, rest: shown, playing: false, base }, done: text.trajectory.opened(answer.positions.length) });
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
        const answer = await api.trajectory(input, { signal, onBusy, onProgress });
        await begin(answer, 0, { signal, onBusy });
        const address = trajectoryAddress(answer.id, 0);
        goTo(address);
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
    /** A trajectory that an address names. @param {string} id @param {number} frame from 0 */
    async openStored(id, frame) {
      store.set({ busy: text.status.reading, alert: null });
      try {
        const answer = await api.storedTrajectory(id, { onBusy });
        await begin(answer, frame, { onBusy });
        const address = trajectoryAddress(id, store.get().trajectory?.rest ?? 0);
        const asked = comparedAddress(location, null, null);
        if (asked && asked !== address) history.replaceState(null, "", address);
        store.set({ text: answer.molecule.name || answer.molecule.formula });
      } catch (error) {
        problems.report(error, "molecule", () => this.openStored(id, frame));
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
    settle: player.settle,
    start: player.start,
  };
}
