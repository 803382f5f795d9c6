/**
 * Fields and their surfaces: whenever the picture needs another field or another level, they are asked for;
 * a coarse grid first, so that something is seen soon, then a fine one.
 *
 * @typedef {import("../store.js").Store} Store
 * @typedef {import("../types.js").State} State
 * @typedef {import("../types.js").Field} Field
 * @typedef {import("../types.js").Mesh} Mesh
 * @typedef {import("../types.js").Model} Model
 * @typedef {import("../types.js").Surface} Surface
 */
import { ApiError } from "../api.js";
import { colorSource, currentLevel, drawnLevels, ENVELOPE, fieldModels, levelKey, median, probeElement, shownFields } from "../lib/fields.js";
import { isAwaited, liveSurfaces, onTheWay } from "../lib/live.js";
import { progressOf } from "../lib/progress.js";
import { QUANTITIES, shortName } from "../lib/quantities.js";
import { isUnderWay } from "../lib/relaxation.js";
import { along, basePlane, cutSheet } from "../lib/slice.js";
import { text } from "../lib/text.js";

const SPACINGS = Object.freeze({ coarse: 0.35, fine: 0.2 });
const KEPT_MESHES = 48;
const KEPT_VOLUMES = 12;

/**
 * @param {Store} store
 * @param {typeof import("../api.js")} api
 * @param {ReturnType<typeof import("./problems.js").createProblems>} problems
 * @returns {{start: () => void, redraw: () => void}}
 */
export function createFieldActions(store, api, problems) {
  let fieldsWanted = "";
  let surfacesWanted = "";
  let fieldsRun = new AbortController();
  let computing = false;
  /** whether surfaces of these fields could not be drawn */
  let undrawn = false;
  /** @type {Promise<void> | null} the drawing that is going on */
  let drawing = null;
  let forgiven = "";
  /** @type {Map<string, Promise<Mesh>>} */
  const meshes = new Map();
  /** @type {Map<string, Promise<import("../types.js").Volume>>} */
  const volumes = new Map();

  /** @param {string} model @param {Partial<State["fields"][string]>} patch */
  function setField(model, patch) {
    store.set(({ fields }) => ({
      fields: { ...fields, [model]: { ...(fields[model] ?? { field: null, refining: true, error: null }), ...patch } },
    }));
  }

  /** @param {State} state @param {Model} model @param {AbortSignal} signal */
  async function loadField({ molecule, quantity }, model, signal) {
    const kind = QUANTITIES[quantity].field;
    if (!molecule || !kind) return;
    for (const [name, spacing] of Object.entries(SPACINGS)) {
      const say = name === "coarse" ? text.status.field : text.status.refining;
      const onProgress = (/** @type {number} */ share) => store.set({ busy: progressOf(say(shortName(model)), share) });
      const onBusy = (/** @type {number} */ seconds) => store.set({ busy: text.status.busy(seconds) });
      onProgress(0);
      const wanted = { molecule: molecule.id, model: model.name, quantity: kind, elements: model.elements, spacing };
      const field = await api.field(wanted, { signal, onProgress, onBusy });
      setField(model.name, { field, refining: name === "coarse", error: null });
      await drawing; // or the surface of this grid would wait behind the computation of the next
    }
  }

  /** @param {State} state */
  async function loadFields(state) {
    fieldsRun.abort();
    fieldsRun = new AbortController();
    const { signal } = fieldsRun;
    const models = fieldModels(state);
    undrawn = false;
    store.set({ fields: {}, surfaces: liveSurfaces(store.get().surfaces), ...(computing ? { busy: null } : {}) });
    computing = models.length > 0;
    const outcomes = await Promise.allSettled(models.map((model) => loadField(state, model, signal)));
    if (signal.aborted || models.length === 0) return;
    computing = false;
    const ready = !undrawn && outcomes.every(({ status }) => status === "fulfilled");
    store.set({ busy: null, done: ready ? text.status.surfaceReady : "" });
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome.status === "fulfilled") continue;
      const model = /** @type {Model} */ (models[i]);
      if (outcome.reason instanceof ApiError) setField(model.name, { refining: false, error: outcome.reason.problem });
      reportField(outcome.reason);
    }
  }

  function again() {
    fieldsWanted = "";
    react(store.get());
  }

  /** @param {unknown} error of what is wanted now */
  function reportField(error) {
    const wanted = fieldsWanted;
    // what took its place has been asked for already
    problems.report(error, "probe", () => (fieldsWanted === wanted ? again() : undefined), { kind: "field" });
  }

  /** @param {Field} field @param {string} element @param {import("../api.js").Shape} shape */
  function mesh(field, element, shape) {
    const key = `${field.id} ${element} ${JSON.stringify(shape)}`;
    const known = meshes.get(key);
    if (known) return known;
    const asked = api.surface(field.id, element, shape, {});
    meshes.set(key, asked);
    asked.catch(() => meshes.delete(key)); // the one who asked hears of the failure
    const oldest = meshes.keys().next().value;
    if (meshes.size > KEPT_MESHES && oldest !== undefined) meshes.delete(oldest);
    return asked;
  }

  /** The field itself, from which slices are cut here; asked for once. @param {Field} field @param {string} element */
  function volume(field, element) {
    const key = `${field.id} ${element}`;
    const known = volumes.get(key);
    if (known) return known;
    const asked = api.volume(field, element);
    volumes.set(key, asked);
    asked.catch(() => volumes.delete(key)); // the one who asked hears of the failure
    const oldest = volumes.keys().next().value;
    if (volumes.size > KEPT_VOLUMES && oldest !== undefined) volumes.delete(oldest);
    return asked;
  }

  /** @param {State} state @param {Field} field @param {string} element @returns {Promise<Surface[]>} */
  async function slicesOf({ molecule, probe: { slice } }, field, element) {
    const grid = await volume(field, element);
    const atoms = molecule?.positions ?? [];
    const { origin, normal } = basePlane(slice, atoms);
    const sheet = cutSheet(grid, { origin: along(origin, slice.offset, normal), normal }, atoms);
    return sheet ? [{ key: `${field.id} ${element} slice`, mesh: sheet.mesh, level: null, median: 0, sheet }] : [];
  }

  /** @param {State} state @param {Model} model @param {Field} field of it @returns {Promise<Surface[]>} */
  function surfacesOf(state, model, field) {
    const element = probeElement(state);
    if (state.probe.mode === "slice") return slicesOf(state, field, element);
    if (state.probe.mode === "envelope") {
      const envelope = mesh(field, element, { envelope: ENVELOPE });
      return Promise.all([envelope.then((drawn) => ({ key: `${field.id} ${element} envelope`, mesh: drawn, level: null, median: median(drawn.values) }))]);
    }
    const level = currentLevel(state);
    const limits = field.elements[element];
    if (level === null || !limits) return Promise.resolve([]);
    const reached = drawnLevels(state, level).filter((value) => value > limits.minimum && value < limits.maximum);
    const source = colorSource(state, model);
    const other = source && state.fields[source.model.name]?.field;
    const values = source && other ? { values: other.id, values_element: source.element } : null;
    return Promise.all(reached.map(async (isovalue) => {
      const drawn = await mesh(field, element, { isovalue, ...values });
      const key = `${field.id} ${element} ${isovalue} ${JSON.stringify(values)}`;
      return values ? { key, mesh: drawn, level: null, median: median(drawn.values) } : { key, mesh: drawn, level: isovalue, median: isovalue };
    }));
  }

  /** Draws the newest level wanted; while a slider moves, those between are skipped. */
  async function drawSurfaces() {
    try {
      for (let drawn = ""; drawn !== surfacesWanted; ) {
        drawn = surfacesWanted;
        await loadSurfaces(store.get());
      }
    } catch (error) {
      const forgotten = error instanceof ApiError && error.status === 404;
      if (forgotten && forgiven !== surfacesWanted) {
        forgiven = surfacesWanted; // the service no longer keeps the field: compute it once more
        again();
      } else {
        undrawn = true;
        reportField(error);
      }
    } finally {
      drawing = null;
    }
  }

  /** @param {State} state */
  async function loadSurfaces(state) {
    const { signal } = fieldsRun;
    await Promise.all(fieldModels(state).map(async (model) => {
      const field = state.fields[model.name]?.field;
      if (!field) return;
      const surfaces = await surfacesOf(state, model, field);
      // meanwhile the molecule may have set out to another: its surfaces are none of this field
      if (!signal.aborted && !onTheWay(store.get())) store.set((now) => ({ surfaces: { ...now.surfaces, [model.name]: surfaces } }));
    }));
  }

  /** Gives up what is being computed; it is asked for again when it is wanted. */
  function rest() {
    fieldsRun.abort();
    fieldsWanted = "";
    surfacesWanted = "";
    computing = false;
  }

  /** Keeps the level that the first fields of all models suggested, so that finer ones do not move it. @param {State} state */
  function settleLevel(state) {
    const key = levelKey(state);
    const level = currentLevel(state);
    if (state.probe.levels[key] || level === null || shownFields(state).length < fieldModels(state).length) return;
    store.set(({ probe }) => ({ probe: { ...probe, levels: { ...probe.levels, [key]: { value: level, chosen: false } } } }));
  }

  /** @param {State} state */
  function react(state) {
    if (isUnderWay(state)) return; // of the molecule on its way there are no fields
    if (isAwaited(state)) return rest(); // first comes what is to be seen
    const fieldsKey = JSON.stringify([state.molecule?.id, QUANTITIES[state.quantity].field, fieldModels(state).map(({ checkpoint }) => checkpoint)]);
    if (fieldsKey !== fieldsWanted) {
      fieldsWanted = fieldsKey;
      surfacesWanted = "";
      loadFields(state).catch(problems.reportUnexpected);
      return;
    }
    if (state.moving && computing) {
      fieldsRun.abort(); // of a geometry that is left
      computing = false;
      store.set({ busy: null });
    }
    if (!QUANTITIES[state.quantity].field || state.moving || onTheWay(state)) return;
    settleLevel(state);
    const now = store.get();
    const ids = Object.values(now.fields).map(({ field }) => field?.id);
    const surfacesKey = JSON.stringify([ids, probeElement(now), now.probe.mode, now.probe.by, now.probe.bothSigns, currentLevel(now), now.probe.mode === "slice" ? now.probe.slice : null]);
    if (surfacesKey === surfacesWanted) return;
    surfacesWanted = surfacesKey;
    drawing ??= drawSurfaces().catch(problems.reportUnexpected);
  }

  return {
    start() {
      store.subscribe(react);
      react(store.get());
    },
    /** Draws the surfaces of the molecule itself again. */
    redraw() {
      surfacesWanted = "";
      react(store.get());
    },
  };
}
