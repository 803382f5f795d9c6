/**
 * The player of a molecule's way: frame by frame by hand, or at the pace of the clock.
 *
 * @typedef {import("../store.js").Store} Store
 * @typedef {import("../types.js").Relaxation | import("../types.js").Trajectory} Way
 */
import { lastFrame } from "../lib/relaxation.js";

/** The whole way is played within about this time, if it has enough steps. */
const PLAY_MS = 4000;
const STEP_MS = Object.freeze({ least: 30, most: 200 });

/**
 * @template {Way} T
 * @param {Store} store
 * @param {"relaxation" | "trajectory"} key of the way in the state
 * @param {(way: T) => import("../types.js").Prediction[]} predictionsAt
 */
export function createPlayer(store, key, predictionsAt) {
  let timer = 0;
  const current = () => /** @type {T | null} */ (store.get()[key]);

  /** @param {number} frame @param {boolean} playing */
  function show(frame, playing) {
    const way = current();
    if (!way) return;
    const last = lastFrame(way);
    const now = { ...way, frame: Math.min(last, Math.max(0, frame)) };
    store.set({ [key]: { ...now, playing: playing && now.frame < last }, predictions: predictionsAt(now) });
  }

  /** Goes on at the pace of the clock: where pictures take longer than a step, some steps are passed over. */
  function advance() {
    clearTimeout(timer);
    const way = current();
    if (!way?.playing) return;
    const { answer, frame } = way;
    const pace = Math.min(STEP_MS.most, Math.max(STEP_MS.least, PLAY_MS / answer.positions.length));
    const began = performance.now();
    const step = () => {
      const now = current();
      if (!now?.playing || now.answer !== answer) return;
      show(frame + Math.max(1, Math.floor((performance.now() - began) / pace)), true);
      timer = window.setTimeout(step, pace);
    };
    timer = window.setTimeout(step, pace);
  }

  return {
    show,
    advance,
    play() {
      const way = current();
      if (!way) return;
      show(way.playing ? way.frame : way.frame === lastFrame(way) ? 0 : way.frame, !way.playing);
      advance();
    },
  };
}
