/**
 * A molecule in motion: atoms that a hand moves, or the dial of an alchemical path. Predictions and coarse surfaces follow;
 * when the hand rests, the geometry is kept, and fine ones take their place.
 *
 * @typedef {import("../store.js").Store} Store
 * @typedef {import("../types.js").Molecule} Molecule
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Vector} Vector
 */
import { answeredAgain, shownPredictions } from "../lib/choice.js";
import { withoutComparison } from "../lib/comparison.js";
import { LiveConnection } from "../live.js";
import { displaced, liveRequest, onTheWay, shownMolecule } from "../lib/live.js";
import { QUANTITIES } from "../lib/quantities.js";
import { asItStood, standing } from "../lib/history.js";
import { resting, shownWay } from "../lib/relaxation.js";
import { writeTrainedOn } from "../lib/preferences.js";
import { moleculeAddress, trajectoryAddress } from "../lib/route.js";
import { text } from "../lib/text.js";
import { nothingOfTheMolecule } from "../store.js";

/** Without a movement for so long, the hand rests. */
const REST_MS = 400;

/**
 * @param {Store} store
 * @param {typeof import("../api.js")} api
 * @param {ReturnType<typeof import("./problems.js").createProblems>} problems
 * @param {{camera: () => import("../types.js").View | null, redraw: () => void, follow: (address: string, made: boolean) => void}} page
 *   `follow`: the address names what has taken the molecule's place
 */
export function createLiveActions(store, api, problems, { camera, redraw, follow }) {
  let timer = 0;
  /** @type {string | null} what was asked last, without its fineness */
  let wanted = null;
  let running = new AbortController();

  const live = new LiveConnection({
    onAnswer(answer) {
      const state = store.get();
      if (!state.moving && !onTheWay(state)) return; // the hand has let go since
      if (answer.fine && !live.isNewest(answer)) return;
      // a network that has no surface here has none: that of another place on the way does not stay
      const drawn = answer.models.filter(({ surfaces }) => surfaces.length > 0 || onTheWay(state));
      const surfaces = Object.fromEntries(drawn.map(({ model, surfaces: own }) => [model, own]));
      const predictions = answer.models.flatMap(({ prediction }) => prediction ?? []);
      const finest = answer.fine ? { refiningWay: false } : {};
      store.set({ surfaces: { ...state.surfaces, ...surfaces }, ...finest, ...(state.moving && predictions.length > 0 ? { predictions } : {}) });
    },
    atoms: () => shownMolecule(state())?.positions ?? [],
    onProblem(problem) {
      store.set({ refiningWay: false });
      problems.report(problem, state().moving ? "molecule" : "alchemy", () => ask(true), { kind: "live" });
    },
  });

  const state = () => store.get();

  /** @param {boolean} fine */
  function ask(fine) {
    const request = liveRequest(state(), fine);
    if (request) live.ask(request);
  }

  /**
   * Another geometry of the molecule, or another molecule, takes its place under the same camera.
   *
   * @param {import("../types.js").Explained} answer
   * @param {Partial<State> | ((taken: ReturnType<typeof answeredAgain>) => Partial<State>)} more
   */
  function stand(answer, more) {
    drop();
    const taken = answeredAgain(state(), answer);
    const further = typeof more === "function" ? more(taken) : more;
    const { trajectory } = further;
    const address = trajectory ? trajectoryAddress(trajectory.answer.id, trajectory.rest) : moleculeAddress(answer.molecule.id);
    if (trajectory || answer.molecule.id !== state().molecule?.id) follow(address, !trajectory);
    store.set({ ...withoutComparison(state()), ...nothingOfTheMolecule(), molecule: answer.molecule, ...taken, opened: null, share: null, camera: camera(), ...further });
  }

  /**
   * What stood there takes its place again.
   *
   * @param {import("../types.js").Standing} before
   * @param {Partial<State>} more
   */
  function goBack(before, more) {
    drop();
    follow(before.address, false);
    store.set({ ...withoutComparison(state()), ...nothingOfTheMolecule(), ...asItStood(state(), before), share: null, camera: camera(), ...more });
  }

  /** What was to be kept of a movement is not wanted any more. */
  function drop() {
    clearTimeout(timer);
    running.abort();
    live.forget();
  }

  /** Keeps the geometry as a molecule of its own, and explains it. @param {NonNullable<State["moving"]>} moving */
  async function keep(moving) {
    running.abort();
    running = new AbortController();
    const { signal } = running;
    const onBusy = (/** @type {number} */ seconds) => store.set({ busy: text.status.busy(seconds) });
    const there = state().molecule;
    if (!there) return;
    try {
      const moved = await api.moved(there.id, moving.molecule.positions, { signal, onBusy });
      const answer = await api.predictions(moved.id, { signal, onBusy });
      if (signal.aborted) return;
      const { surfaces, before } = state();
      stand(answer, { surfaces, before: [...before, moving.from], after: [], done: text.status.moved });
    } catch (error) {
      problems.report(error, "molecule", () => (state().moving === moving ? keep(moving) : undefined), { kind: "movement" });
    }
  }

  /** What was moved becomes the molecule. */
  async function settle() {
    clearTimeout(timer);
    const { moving } = state();
    if (moving) await keep(moving);
  }

  function rest() {
    settle().catch(problems.reportUnexpected);
  }

  /** @param {number[]} atoms from 0 @param {Vector} by Å */
  function move(atoms, by) {
    const now = shownMolecule(state());
    if (!now || atoms.length === 0) return;
    running.abort(); // what was being kept has moved on
    const left = state().alchemy ?? shownWay(state());
    const [from] = state().moving ? [state().moving?.from] : standing(state(), location);
    if (!from) return;
    store.set({ moving: { molecule: displaced(now, atoms, by), from }, ...(left ? { alchemy: null, relaxation: null, trajectory: null, predictions: left.base } : {}) });
    ask(false);
  }

  /** The dial: the path has the contributions, the surfaces are asked for. @param {State} now */
  function react(now) {
    if (now.moving) return;
    const request = QUANTITIES[now.quantity].field ? liveRequest(now, false) : null;
    const key = request && JSON.stringify(request);
    if (key === wanted) return;
    const ended = wanted !== null && request === null;
    wanted = key;
    clearTimeout(timer);
    if (request) {
      store.set({ refiningWay: false });
      live.ask(request);
      timer = window.setTimeout(() => {
        store.set({ refiningWay: true });
        ask(true);
      }, REST_MS);
    } else if (ended) {
      live.forget();
      store.set({ refiningWay: false });
      redraw();
    }
  }

  return {
    stand,
    goBack,
    settle,
    /** Explains the molecule of an opened link once more, with the models of today, on whatever way it is. */
    async recompute() {
      const { molecule, relaxation, trajectory } = state();
      if (!molecule) return;
      store.set({ busy: text.status.predicting, alert: null });
      try {
        const answer = await api.predictions(molecule.id);
        if (state().molecule !== molecule) return;
        follow(moleculeAddress(molecule.id), true); // the link has other numbers
        stand(answer, ({ predictions: base }) => ({ relaxation: resting(relaxation, base), trajectory: resting(trajectory, base) }));
      } catch (error) {
        problems.report(error, "molecule", () => (state().molecule?.id === molecule.id ? this.recompute() : undefined), { kind: "recomputation" });
      }
    },
    move,
    rest,
    /** The models of this training set are shown wherever they know the molecule. @param {string | null} trainedOn null: those that the service chooses */
    train(trainedOn) {
      writeTrainedOn(trainedOn);
      const { molecule, relaxation, trajectory, choice, answers } = state();
      const names = () => shownPredictions(state()).map(({ model }) => model).join();
      const before = names();
      store.set({ trainedOn });
      if (!molecule || names() === before) return;
      // explained once more it is another: whatever is of its models is asked for again
      const base = shownPredictions(state());
      stand({ molecule: { ...molecule }, predictions: answers, choice }, {
        relaxation: resting(relaxation, base),
        trajectory: resting(trajectory, base),
      });
    },
    /** One step of the keyboard: kept when no other follows. @param {number[]} atoms from 0 @param {Vector} by Å */
    nudge(atoms, by) {
      move(atoms, by);
      clearTimeout(timer);
      timer = window.setTimeout(rest, REST_MS);
    },
    start() {
      store.subscribe(react);
    },
  };
}
