/**
 * Trajectories: the frames of a file are predicted together and played.
 *
 * @typedef {import("../store.js").Store} Store
 */
import { ApiError } from "../api.js";
import { answeredAgain } from "../lib/choice.js";
import { leaveFiles } from "../lib/handover.js";
import { progressOf } from "../lib/progress.js";
import { lastFrame } from "../lib/relaxation.js";
import { comparedAddress, goTo, trajectoryAddress } from "../lib/route.js";
import { text } from "../lib/text.js";
import { holdsRecords, predictionsAlong } from "../lib/trajectory.js";
import { createPlayer } from "./player.js";

/** Code of what is wrong where the frames are of different molecules. */
const OTHER = "other_atoms";
/** Codes of what is wrong with the frames together, where no one of them is to blame. */
const TOGETHER = Object.freeze(["other_order", "too_many_frames"]);

/** @param {ApiError} error of an SDF of several records @returns {boolean} whether it is of what was sent, and not of the server */
function isOfRecords({ status, busy }) {
  return status >= 400 && status < 500 && !busy;
}

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

  /**
   * Beside what is said, a link that makes a table of them.
   *
   * @param {import("../types.js").BatchFile[]} files
   * @param {string | null} hint null: the alert's own
   */
  async function offerTable(files, hint) {
    const { alert } = store.get();
    if (!alert || !(await leaveFiles(files))) return;
    const link = { href: "/batch", label: text.trajectory.asBatch };
    store.set((now) => (now.alert === alert ? { alert: { ...alert, hint: hint ?? alert.hint, link } } : {}));
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
      const onProgress = (/** @type {number} */ share) => store.set({ busy: progressOf(text.trajectory.computing, share) });
      store.set({ busy: text.status.reading, alert: null });
      try {
        const answer = await api.trajectory(input, { signal, onBusy, onProgress });
        await begin(answer, 0, { signal, onBusy });
        const address = trajectoryAddress(answer.id, 0);
        goTo(address);
      } catch (error) {
        if (error instanceof ApiError && error.code === "crystal") return false;
        const records = holdsRecords(input);
        // records of different molecules, or with one that cannot be read, are a table, as the lines of a CSV are, which says what
        // is wrong in the row of each; frames that differ may have been meant to be one molecule
        const table = records && error instanceof ApiError && isOfRecords(error) && !TOGETHER.includes(error.code);
        if (table && (await leaveFiles([{ name, text: input }]))) {
          if (!signal.aborted) location.assign("/batch");
          return true;
        }
        problems.report(error, "molecule", () => (signal.aborted ? undefined : this.openFrames(input, name, signal)));
        if (error instanceof ApiError && error.code === OTHER) await offerTable([{ name, text: input }], text.trajectory.otherAtoms);
        else if (error instanceof ApiError && records && isOfRecords(error)) await offerTable([{ name, text: input }], null);
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
        problems.report(error, "molecule", () => (store.get().route.trajectory === id ? this.openStored(id, frame) : undefined));
      }
    },
    /** A trajectory that a link holds. @param {string} id @param {number} frame from 0 */
    async resume(id, frame) {
      const shown = store.get().molecule?.id;
      try {
        const answer = await api.storedTrajectory(id, { onBusy });
        const { predictions: base } = store.get();
        if (frame < answer.positions.length) store.set({ trajectory: { answer, frame, rest: frame, playing: false, base } });
      } catch (error) {
        problems.report(error, "trajectory", () => (store.get().molecule?.id === shown ? this.resume(id, frame) : undefined), { kind: "trajectory of a link" });
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
