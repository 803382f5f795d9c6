/**
 * The player of a molecule's way: frame by frame by hand, or at the pace of the clock. Where it rests, the frame takes the
 * molecule's place, so that whatever is asked of a molecule can be asked of it.
 *
 * @typedef {import("../store.js").Store} Store
 * @typedef {import("../types.js").Relaxation | import("../types.js").Trajectory} Way
 */
import { withoutComparison } from "../lib/comparison.js";
import { atRest, lastFrame } from "../lib/relaxation.js";
import { text } from "../lib/text.js";
import { createTicker } from "../lib/ticking.js";

/** The whole way is played within about this time, if it has enough steps. */
const PLAY_MS = 4000;
const STEP_MS = Object.freeze({ least: 30, most: 200 });
/** Without a movement of the scrubber for so long, the frame is looked into. */
const REST_MS = 350;

/**
 * @template {Way} T
 * @param {Store} store
 * @param {typeof import("../api.js")} api
 * @param {ReturnType<typeof import("./problems.js").createProblems>} problems
 * @param {"relaxation" | "trajectory"} key of the way in the state, and where its problems are said
 * @param {object} way
 * @param {(way: T, answers: import("../types.js").Prediction[]) => import("../types.js").Prediction[]} way.predictionsAt a frame in passing
 * @param {(id: string, frame: number, options: import("../api.js").Options) => Promise<import("../types.js").Molecule>} way.moleculeAt
 * @param {ReturnType<typeof import("./live.js").createLiveActions>["stand"]} way.stand another geometry takes the molecule's place
 */
export function createPlayer(store, api, problems, key, { predictionsAt, moleculeAt, stand }) {
  const ticker = createTicker();
  let resting = 0;
  let settling = new AbortController();
  /** @type {import("../types.js").Vector[] | null} the frame that is being looked into, or could not be */
  let wanted = null;
  /** @type {{positions: import("../types.js").Vector[], done: Promise<void>} | null} the frame that is being looked into */
  let looking = null;
  const current = () => /** @type {T | null} */ (store.get()[key]);

  /** @param {number} frame @param {boolean} playing */
  function show(frame, playing) {
    const way = current();
    if (!way) return;
    const last = lastFrame(way);
    const now = { ...way, frame: Math.min(last, Math.max(0, frame)) };
    store.set({ [key]: { ...now, playing: playing && now.frame < last }, predictions: predictionsAt(now, store.get().answers) });
  }

  /** Goes on at the pace of the clock. */
  function advance() {
    ticker.stop();
    const way = current();
    if (!way?.playing) return;
    const { answer, frame } = way;
    const pace = Math.min(STEP_MS.most, Math.max(STEP_MS.least, PLAY_MS / answer.positions.length));
    ticker.start(pace, (ticks) => {
      const now = current();
      if (!now?.playing || now.answer !== answer) return false;
      show(frame + ticks, true);
      return true;
    });
  }

  function play() {
    const way = current();
    if (!way) return;
    show(way.playing ? way.frame : way.frame === lastFrame(way) ? 0 : way.frame, !way.playing);
    advance();
  }

  /** The frame that is shown becomes the molecule; what is played stops there. */
  async function settle() {
    if (current()?.playing) play();
    clearTimeout(resting);
    const way = current();
    const positions = way && !atRest(way) ? way.answer.positions[way.frame] : undefined;
    // asked once, whoever waits for it
    if (looking && looking.positions === positions) return looking.done;
    settling.abort();
    settling = new AbortController();
    if (!way || !positions) return;
    const begun = { positions, done: lookInto(way, settling.signal) };
    looking = begun;
    try {
      await begun.done;
    } finally {
      if (looking === begun) looking = null;
    }
  }

  /** @param {T} way @param {AbortSignal} signal */
  async function lookInto({ answer, frame }, signal) {
    const options = { signal, onBusy: (/** @type {number} */ seconds) => store.set({ busy: text.status.busy(seconds) }) };
    wanted = answer.positions[frame] ?? null;
    try {
      const molecule = await moleculeAt(answer.id, frame, options);
      const explained = await api.predictions(molecule.id, options);
      const now = current();
      if (signal.aborted || now?.answer !== answer || now.frame !== frame) return;
      // by the networks of the other frames: the curves are of those
      stand(explained, ({ predictions: base }) => ({ [key]: { ...now, rest: frame, base } }));
    } catch (error) {
      problems.report(error, key, () => settle());
    }
  }

  /** @param {import("../types.js").State} state */
  function react(state) {
    const way = /** @type {T | null} */ (state[key]);
    // of frames in passing there is nothing to lay beside another molecule
    if (way && !atRest(way)) store.set(withoutComparison(state));
    const stopped = way !== null && !way.playing && !atRest(way);
    // whatever else changes on the page does not begin it again
    if (stopped && way.answer.positions[way.frame] === wanted) return;
    wanted = null;
    clearTimeout(resting);
    if (stopped) resting = window.setTimeout(settle, REST_MS);
  }

  return {
    show,
    advance,
    play,
    settle,
    /** Looks into frames at which it rests. */
    start() {
      store.subscribe(react);
    },
  };
}
