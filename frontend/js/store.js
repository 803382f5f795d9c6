/**
 * The store: the one state of the page. Panels read it and draw; actions change it; nobody else holds state
 * that another part needs.
 *
 * @typedef {import("./types.js").State} State
 * @typedef {(state: State) => void} Listener
 * @typedef {ReturnType<typeof createStore>} Store
 */
import { FIRST_SLICE } from "./lib/slice.js";

/** @returns {State} before anything was explained */
export function initialState() {
  return {
    route: { page: "main", id: null, query: null },
    models: [],
    text: "",
    molecule: null,
    answers: [],
    choice: [],
    trainedOn: null,
    predictions: [],
    opened: null,
    restoring: false,
    quantity: "contributions",
    contributionView: "output",
    unit: "kcal/mol",
    labels: "values",
    layout: "both",
    theme: "system",
    limits: {},
    fit: false,
    probe: { element: "C", mode: "isosurface", levels: {}, opacity: 0.65, bothSigns: false, centre: "median", by: "level", slice: FIRST_SLICE },
    fields: {},
    surfaces: {},
    pairs: {},
    pairsBeyond: false,
    decays: {},
    profile: null,
    surroundings: null,
    distributions: {},
    rings: {},
    gallery: null,
    vectors: null,
    point: null,
    alchemy: null,
    wholeEnergy: false,
    refiningWay: false,
    relaxation: null,
    relaxing: null,
    relaxer: null,
    moving: null,
    hand: false,
    before: [],
    hover: null,
    hoverPair: null,
    selected: [],
    camera: null,
    captions: null,
    frame: null,
    busy: null,
    done: "",
    told: "",
    alert: null,
    offline: false,
    share: null,
    viewerError: null,
    trajectory: null,
    batch: null,
    batching: null,
    batchText: "",
    batchKind: "atomization",
    reaction: null,
    equation: "",
    after: [],
    examples: [],
    recent: [],
    structures: {},
    sketching: false,
    conformers: null,
    members: {},
    forces: {},
    parts: null,
    references: null,
    dipoleArrow: "physics",
    showForces: false,
    along: 20,
    barOrder: "number",
    atomOrder: { key: "number", direction: "ascending" },
    compareOrder: { key: "first", direction: "ascending" },
    comparison: null,
    kept: null,
    ofLink: {},
    receipt: null,
    language: "system",
    welcomed: false,
    spoken: "",
  };
}

/** @returns {Pick<State, "captions" | "frame" | "fields" | "surfaces" | "pairs" | "point" | "alchemy" | "relaxation" | "relaxing" | "spoken" | "trajectory" | "moving" | "hover" | "hoverPair" | "busy" | "alert" | "conformers" | "members" | "forces" | "parts" | "references" | "comparison">} what ends with the molecule it is of */
export function nothingOfTheMolecule() {
  return { fields: {}, surfaces: {}, pairs: {}, point: null, alchemy: null, relaxation: null, relaxing: null, trajectory: null, moving: null, captions: null, frame: null, hover: null, hoverPair: null, busy: null, alert: null, conformers: null, members: {}, forces: {}, parts: null, references: null, comparison: null, spoken: "" };
}

/**
 * @param {Partial<State>} [initial] differences from `initialState`
 */
export function createStore(initial = {}) {
  let state = { ...initialState(), ...initial };
  /** @type {Set<Listener>} */
  const listeners = new Set();
  let notifying = false;
  let pending = false;

  function notify() {
    if (notifying) {
      pending = true; // a listener changed the state: everyone hears of the newest one next
      return;
    }
    notifying = true;
    try {
      do {
        pending = false;
        for (const listener of [...listeners]) listener(state);
      } while (pending);
    } finally {
      notifying = false;
    }
  }

  return {
    /** @returns {State} */
    get: () => state,
    /**
     * Takes over the entries of `patch`; listeners hear of it only if something changed.
     *
     * @param {Partial<State> | ((state: State) => Partial<State>)} patch
     */
    set(patch) {
      const entries = Object.entries(typeof patch === "function" ? patch(state) : patch);
      const current = /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (state));
      if (entries.every(([key, value]) => Object.is(current[key], value))) return;
      state = { ...state, ...Object.fromEntries(entries) };
      notify();
    },
    /** @param {Listener} listener @returns {() => void} ends the subscription */
    subscribe(listener) {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
  };
}
