/**
 * The service: every request that the page makes (docs/http.md). The only module that fetches.
 *
 * @typedef {import("./types.js").Field} Field
 * @typedef {import("./types.js").Mesh} Mesh
 * @typedef {import("./types.js").Model} Model
 * @typedef {import("./types.js").Molecule} Molecule
 * @typedef {import("./types.js").NameSuggestion} NameSuggestion
 * @typedef {import("./types.js").PairDecay} PairDecay
 * @typedef {import("./types.js").Prediction} Prediction
 * @typedef {import("./types.js").Problem} Problem
 * @typedef {import("./types.js").StoredView} StoredView
 *
 * @typedef {(fraction: number) => void | Promise<void>} OnProgress
 *
 * @typedef {object} Options
 * @property {AbortSignal} [signal]
 * @property {(seconds: number) => void} [onBusy] told before the page waits and asks again; 0 while an answer takes long, or waits for its turn
 */
import { decodeGallery } from "./lib/gallery.js";
import { decodeMesh } from "./lib/mesh.js";
import { text } from "./lib/text.js";

const ROOT = "/api/v1";
/** Files that are served beside the page. */
const FILES = "/examples/";
const OFFLINE = "/offline.html";
/** What the server answers where it cannot keep or find its data. */
const STORAGE = "storage";
/** Codes of jobs that failed because nobody had time for them: as little final as a request that is refused with 503. */
const NO_TIME = Object.freeze(["busy", "no_worker", "queue_full"]);
/** What it answers of a job from before it was started. */
const FORGOTTEN = "unknown_job";
const ATTEMPTS = 4;
/** Milliseconds after which it is said that an answer takes long. */
const SLOW_MS = 4000;
const LONGEST_WAIT_S = 10;
const POLL_MS = Object.freeze({ first: 80, longest: 500, growth: 1.5 });

/** An answer that is an error, or none at all; as people read it. */
export class ApiError extends Error {
  /** @param {Problem & {status?: number, wait?: number}} problem `status` 0: the server was not reached; `wait`: seconds after which it wants to be asked again */
  constructor({ code, message, hint, field, status = 0, wait = 0 }) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.hint = hint;
    this.field = field;
    this.status = status;
    this.wait = wait;
  }

  /** @returns {boolean} whether the server could not be reached at all */
  get offline() {
    return this.code === "offline";
  }

  /** @returns {boolean} whether the server has too much to do, and will do it later */
  get busy() {
    return this.status === 429 || this.status === 503;
  }

  /** @returns {Problem} */
  get problem() {
    return { code: this.code, message: this.message, hint: this.hint, field: this.field };
  }
}

/** @returns {ApiError} that the server could not be reached at all */
export function offline() {
  return new ApiError({ code: "offline", message: text.errors.offline, hint: text.errors.offlineHint, field: null });
}

/** @param {unknown} error @returns {boolean} whether a newer request took this one's place */
export function isAbort(error) {
  return error instanceof DOMException && error.name === "AbortError";
}

/** @param {number} ms @param {AbortSignal} [signal] @returns {Promise<void>} */
function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(timer);
      reject(new DOMException("given up", "AbortError"));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener("abort", stop);
      resolve();
    }, ms);
    if (signal?.aborted) stop();
    else signal?.addEventListener("abort", stop, { once: true });
  });
}

/** @param {Response} response @returns {Promise<ApiError>} */
async function errorOf(response) {
  const body = await response.json().catch(() => null);
  const error = body?.error ?? {};
  return new ApiError({
    code: String(error.code ?? `http_${response.status}`),
    message: String(error.message ?? `${text.errors.unreadable} (${response.status})`),
    hint: error.hint ?? (error.message ? null : text.errors.unreadableHint),
    field: error.field ?? null,
    status: response.status,
    wait: Number(response.headers.get("Retry-After")) || 0,
  });
}

/**
 * One request; asked again as the server says (Retry-After) while it is busy.
 *
 * @param {string} path after /api/v1, or of a file
 * @param {RequestInit} init
 * @param {Options} options
 * @returns {Promise<Response>} of success
 * @throws {ApiError}
 */
async function request(path, init, { signal, onBusy } = {}) {
  for (let attempt = 1; ; attempt++) {
    let response;
    const slow = setTimeout(() => onBusy?.(0), SLOW_MS);
    try {
      response = await fetch(path.startsWith(ROOT) || path.startsWith(FILES) || path === OFFLINE ? path : ROOT + path, { ...init, ...(signal ? { signal } : {}) });
    } catch (error) {
      if (isAbort(error)) throw error;
      throw offline();
    } finally {
      clearTimeout(slow);
    }
    if (response.ok) return response;
    const refused = await errorOf(response);
    // a disk that is full is no queue that ends by itself: it is said
    if (!refused.busy || refused.code === STORAGE || attempt >= ATTEMPTS) throw refused;
    const seconds = Math.min(LONGEST_WAIT_S, Math.max(1, refused.wait || attempt));
    onBusy?.(seconds);
    await pause(seconds * 1000, signal);
  }
}

/** @param {string} path @param {RequestInit} init @param {Options} [options] */
async function json(path, init, options) {
  const response = await request(path, init, options);
  try {
    return { status: response.status, body: await response.json() };
  } catch (error) {
    if (isAbort(error)) throw error;
    throw new ApiError({ code: "unreadable_answer", message: text.errors.unreadable, hint: text.errors.unreadableHint, field: null });
  }
}

/** @param {string} path @param {Options} [options] */
const get = async (path, options) => (await json(path, {}, options)).body;

/** @param {string} code of the error that means that there is nothing @param {string} path @param {Options} [options] @returns {Promise<any>} null where there is nothing */
async function getUnless(code, path, options) {
  try {
    return await get(path, options);
  } catch (error) {
    if (error instanceof ApiError && error.code === code) return null;
    throw error;
  }
}

/** @param {string} path @param {unknown} body @param {Options} [options] */
const post = (path, body, options) =>
  json(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) }, options);

/** @param {Options} [options] @returns {Promise<Model[]>} */
export async function models(options) {
  return (await get("/models", options)).models;
}

/**
 * @param {string} model
 * @param {Options} [options]
 * @returns {Promise<PairDecay | null>} null where nobody took the statistics of this checkpoint
 */
export function pairDecay(model, options) {
  return getUnless("no_decay", `/models/${encodeURIComponent(model)}/pairs`, options);
}

/** @param {string} model @returns {Promise<import("./types.js").ElementVectors>} */
export function embeddings(model) {
  return get(`/models/${encodeURIComponent(model)}/embeddings`);
}

/** @returns {Promise<import("./types.js").Gallery>} precomputed, beside the page */
export async function gallery() {
  return decodeGallery((await json("/examples/gallery.json", {})).body);
}

/** @param {string} prefix @param {Options} [options] @returns {Promise<NameSuggestion[]>} */
export async function names(prefix, options) {
  return (await get(`/names?${new URLSearchParams({ prefix, limit: "8" })}`, options)).names;
}

/** @param {string} format @param {string} input @param {Options} [options] @returns {Promise<Molecule>} */
export async function molecule(format, input, options) {
  return (await post("/molecules", { format, text: input }, options)).body;
}

/** @param {string} id @param {import("./types.js").Vector[]} positions Å @param {Options} [options] @returns {Promise<Molecule>} */
export async function moved(id, positions, options) {
  return (await post(`/molecules/${encodeURIComponent(id)}/moved`, { positions }, options)).body;
}

/** @param {string} id @param {import("./types.js").MoleculeChange} change @param {Options} [options] @returns {Promise<Molecule>} */
export async function edited(id, change, options) {
  return (await post(`/molecules/${encodeURIComponent(id)}/edited`, { change }, options)).body;
}

/** @param {string} id @param {string[]} models energy models @param {Options} [options] @returns {Promise<import("./types.js").Conformers>} */
export async function conformers(id, models, options) {
  return (await post(`/molecules/${encodeURIComponent(id)}/conformers`, { models }, options)).body;
}

/** @returns {Promise<import("./types.js").Example[]>} precomputed, beside the page */
export async function examples() {
  return (await json("/examples/molecules.json", {})).body;
}

/** @param {string} id @param {Options} [options] @returns {Promise<import("./types.js").Explained>} */
export async function predictions(id, options) {
  return (await post("/predictions", { molecule: id, models: null }, options)).body;
}

/**
 * A field of a probe atom, waited for until it is computed.
 *
 * @param {{molecule: string, model: string, quantity: string, elements: string[], spacing: number}} wanted
 * @param {Options & {onProgress?: (fraction: number) => void}} [options]
 * @returns {Promise<Field>}
 */
export function field(wanted, options = {}) {
  return ready("/fields", { ...wanted, coarser: true }, options);
}

/**
 * What is computed at once or as a job, waited for. A server that was started anew knows nothing of the jobs before: it is
 * asked once more.
 *
 * @param {string} path
 * @param {unknown} wanted
 * @param {Options & {onProgress?: OnProgress}} options
 * @param {(result: string) => OnProgress | undefined} [watch] by the path of the result: what is told of a job's progress
 */
async function ready(path, wanted, { onProgress, ...options }, watch = () => onProgress) {
  const ask = async () => {
    const { status, body } = await post(path, wanted, options);
    if (status !== 202) return body;
    const told = watch(body.result);
    return get(await finished(body.job, { ...options, ...(told ? { onProgress: told } : {}) }), options);
  };
  try {
    return await ask();
  } catch (error) {
    if (error instanceof ApiError && error.code === FORGOTTEN) return ask();
    throw error;
  }
}

/** @param {string} id of a job @param {Options & {onProgress?: OnProgress}} options @returns {Promise<string>} */
async function finished(id, { signal, onProgress, onBusy }) {
  const path = `/jobs/${encodeURIComponent(id)}`;
  const options = { ...(signal ? { signal } : {}), ...(onBusy ? { onBusy } : {}) };
  try {
    for (let wait = /** @type {number} */ (POLL_MS.first); ; wait = Math.min(POLL_MS.longest, wait * POLL_MS.growth)) {
      await pause(wait, signal);
      const job = await get(path, options);
      if (job.status === "queued") onBusy?.(0);
      else await onProgress?.(job.progress ?? 0);
      if (job.status === "done") return job.result;
      if (job.status === "failed" || job.status === "cancelled") {
        const error = job.error?.error ?? job.error ?? {};
        const code = error.code ?? job.status;
        throw new ApiError({ code, message: error.message ?? text.errors.unreadable, hint: error.hint ?? null, field: null, status: NO_TIME.includes(code) ? 503 : 0 });
      }
    }
  } catch (error) {
    // a job that nobody waits for any more is given up; whether that reaches the server changes nothing here
    if (isAbort(error)) fetch(ROOT + path, { method: "DELETE", keepalive: true }).catch(() => undefined);
    throw error;
  }
}

/**
 * A surface: an isovalue (eV or e) or an envelope's level (Å⁻²), the field whose values it carries, if not its own, and the
 * one whose values are subtracted.
 *
 * @typedef {({isovalue: number, both_signs?: boolean} | {envelope: number}) & {values?: string, values_element?: string, less?: string}} Shape
 */

/** @param {string} id of a field @param {"data" | "surface"} what @param {string} element @param {object} parameters @returns {string} */
function fieldPath(id, what, element, parameters) {
  const query = new URLSearchParams(Object.entries(parameters).map(([key, value]) => [key, String(value)]));
  return `/fields/${encodeURIComponent(id)}/${what}/${encodeURIComponent(element)}?${query}`;
}

/**
 * @param {string} id of a field
 * @param {string} element of the probe
 * @param {Shape} shape
 * @param {Options} [options]
 * @returns {Promise<Mesh>}
 */
export async function surface(id, element, shape, options) {
  const path = fieldPath(id, "surface", element, shape);
  const response = await request(path, { headers: { Accept: "application/octet-stream" } }, options);
  try {
    return decodeMesh(await response.arrayBuffer());
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ApiError({ code: "unreadable_answer", message: text.errors.unreadable, hint: text.errors.unreadableHint, field: null });
  }
}

/**
 * A field or a surface in it as a file, with the name that the service gives it.
 *
 * @param {string} id of a field
 * @param {"data" | "surface"} what
 * @param {string} element of the probe
 * @param {{format: string}} parameters
 * @returns {Promise<{content: Blob, name: string}>}
 */
export async function file(id, what, element, parameters) {
  return named(await request(fieldPath(id, what, element, parameters), {}), parameters.format);
}

/** @param {Response} response @param {string} format @returns {Promise<{content: Blob, name: string}>} */
async function named(response, format) {
  const name = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "")?.[1];
  return { content: await response.blob(), name: name ?? `atomlens.${format}` };
}

/**
 * @param {Field} field
 * @param {string} element of the probe
 * @param {Options} [options]
 * @returns {Promise<import("./types.js").Volume>}
 */
export async function volume({ id, origin, spacing, shape }, element, options) {
  const response = await request(`/fields/${encodeURIComponent(id)}/data/${encodeURIComponent(element)}`, {}, options);
  const buffer = await response.arrayBuffer();
  const expected = 4 * shape[0] * shape[1] * shape[2];
  if (buffer.byteLength !== expected) {
    throw new ApiError({ code: "unreadable_answer", message: text.errors.unreadable, hint: text.errors.unreadableHint, field: null });
  }
  return { origin, spacing, shape, values: new Float32Array(buffer) };
}

/**
 * @param {{molecule: string, atom: number}} wanted
 * @param {Options} [options]
 * @returns {Promise<import("./types.js").Surroundings[]>} of every model that knows the molecule and has an atlas
 */
export async function surroundings(wanted, options) {
  return (await post("/environments", wanted, options)).body.environments;
}

/** @param {string} model @param {string} element @returns {Promise<import("./types.js").Distribution>} */
export function distribution(model, element) {
  return get(`/models/${encodeURIComponent(model)}/environments/${encodeURIComponent(element)}`);
}

/** @param {string} model @returns {Promise<import("./types.js").Rings>} */
export function rings(model) {
  return get(`/models/${encodeURIComponent(model)}/rings`);
}

/** @param {string} id of a molecule @param {string[]} models @param {Options} [options] @returns {Promise<import("./types.js").ModelPairs[]>} */
export async function pairs(id, models, options) {
  return (await post("/pairs", { molecule: id, models }, options)).body.pairs;
}

/**
 * @param {{molecule: string, models: string[], element: string, points: import("./types.js").Vector[]}} wanted
 * @param {Options} [options]
 * @returns {Promise<import("./types.js").ModelPoints[]>}
 */
export async function points(wanted, options) {
  return (await post("/points", wanted, options)).body.probes;
}

/**
 * @param {{molecule: string, models: string[], changes: import("./types.js").AlchemyChange[], steps: number}} path
 * @param {Options} [options]
 * @returns {Promise<import("./types.js").AlchemyAnswer>}
 */
export async function alchemy(path, options) {
  return (await post("/alchemy", path, options)).body;
}

/**
 * A molecule's way to a network's minimum, waited for until it is computed.
 *
 * @param {{molecule: string, model: string}} wanted
 * @param {Options & {onProgress?: (fraction: number) => void}} [options]
 * @returns {Promise<import("./types.js").RelaxationAnswer>}
 */
export function relaxation(wanted, options = {}) {
  return ready("/relaxations", wanted, options);
}

/** @param {string} id @param {Options} [options] @returns {Promise<import("./types.js").RelaxationAnswer>} */
export function storedRelaxation(id, options) {
  return get(`/relaxations/${encodeURIComponent(id)}`, options);
}

/** @param {string} id of a relaxation @param {number} step from 0, which is the molecule that was relaxed @param {Options} [options] @returns {Promise<import("./types.js").Molecule>} */
export function step(id, step, options) {
  return get(`/relaxations/${encodeURIComponent(id)}/frames/${step}`, options);
}

/** @param {string} input of several frames @param {Options & {onProgress?: (fraction: number) => void}} [options] @returns {Promise<import("./types.js").TrajectoryAnswer>} */
export function trajectory(input, options = {}) {
  return ready("/trajectories", { text: input }, options);
}

/**
 * What models say along a relaxation.
 *
 * @param {string} relaxation id @param {string[]} models @param {Options} [options] @returns {Promise<import("./types.js").TrajectoryAnswer>}
 */
export function alongRelaxation(relaxation, models, options = {}) {
  return ready("/trajectories", { relaxation, models }, options);
}

/** @param {string} id @param {Options} [options] @returns {Promise<import("./types.js").TrajectoryAnswer>} */
export function storedTrajectory(id, options) {
  return get(`/trajectories/${encodeURIComponent(id)}`, options);
}

/** @param {string} id of a trajectory @param {number} number from 0 @param {Options} [options] @returns {Promise<Molecule>} */
export function frame(id, number, options) {
  return get(`/trajectories/${encodeURIComponent(id)}/frames/${number}`, options);
}

/**
 * @param {import("./types.js").BatchFile[]} files
 * @param {Options & {onRows?: (fraction: number, there: import("./types.js").Batch, of: number) => void}} [options] `onRows`: told of the
 *   rows that are there, of as many as there will be
 * @returns {Promise<import("./types.js").Batch>}
 */
export function batch(files, { onRows, ...options } = {}) {
  return ready("/batches", { files }, options, (result) => {
    /** @type {import("./types.js").Batch} */
    const there = { id: result.split("/").at(-1) ?? "", models: [], rows: [], partial: true };
    let last = 0;
    return async (share) => {
      if (share === last) return;
      last = share;
      const { rows, of } = await get(`${result}/rows?start=${there.rows.length}`, options);
      if (rows.length > 0) there.rows = [...there.rows, ...rows];
      onRows?.(share, { ...there }, of);
    };
  });
}

/** @param {string} id @param {Options} [options] @returns {Promise<import("./types.js").Batch>} */
export function storedBatch(id, options) {
  return get(`/batches/${encodeURIComponent(id)}`, options);
}

/** @param {string} id of a batch @param {"csv" | "sdf"} format @returns {string} address of its file */
export function batchFile(id, format) {
  return `${ROOT}/batches/${encodeURIComponent(id)}/file?format=${format}`;
}

/** @param {string} id of a batch @returns {string} address of its JSON */
export function batchAddress(id) {
  return `${ROOT}/batches/${encodeURIComponent(id)}`;
}

/** @param {{equation: string, balance: boolean}} wanted @param {Options} [options] @returns {Promise<import("./types.js").ReactionAnswer>} */
export async function reaction(wanted, options) {
  return (await post("/reactions", wanted, options)).body;
}

/** @param {string} id of a molecule @param {Options} [options] @returns {Promise<import("./types.js").Part[]>} */
export async function parts(id, options) {
  return (await get(`/molecules/${encodeURIComponent(id)}/parts`, options)).parts;
}

/** @param {string} id of a molecule @param {Options} [options] @returns {Promise<import("./types.js").Structure | null>} its structural formula; null where the service has forgotten the molecule */
export function structure(id, options) {
  return getUnless("unknown_molecule", `/molecules/${encodeURIComponent(id)}/structure`, options);
}

/** @param {string} id of a molecule @param {Options} [options] @returns {Promise<import("./types.js").Reference[]>} */
export async function references(id, options) {
  return (await get(`/molecules/${encodeURIComponent(id)}/references`, options)).references;
}

/** @param {string} id of a molecule @param {string[]} models @param {Options} [options] @returns {Promise<import("./types.js").ModelMembers[]>} */
export async function members(id, models, options) {
  return (await post("/members", { molecule: id, models }, options)).body.members;
}

/** @param {string} id of a molecule @param {string[]} models of the energy @param {Options} [options] @returns {Promise<import("./types.js").ModelForces[]>} */
export async function forces(id, models, options) {
  return (await post("/forces", { molecule: id, models }, options)).body.forces;
}

/**
 * @param {string} first id of a molecule
 * @param {string} second
 * @param {Options} [options]
 * @returns {Promise<Pick<import("./types.js").Comparison, "pairs" | "rotation" | "rmsd" | "complete"> & {second: Molecule, positions: import("./types.js").Vector[]}>}
 */
export async function comparison(first, second, options) {
  return (await post("/comparisons", { first, second }, options)).body;
}

/** @param {unknown} state @returns {Promise<{id: string, url: string, delete_token: string}>} */
export async function createView(state) {
  return (await post("/views", { state })).body;
}

/** @param {string} id @param {Options} [options] @returns {Promise<StoredView>} */
export function view(id, options) {
  return get(`/views/${encodeURIComponent(id)}`, options);
}

/** @param {string} id @param {string} token */
export async function deleteView(id, token) {
  await request(`/views/${encodeURIComponent(id)}`, { method: "DELETE", headers: { "X-Delete-Token": token } });
}

/** @param {string} id of a view @param {string} token @param {Blob} picture PNG, that announces the link elsewhere */
export async function keepPicture(id, token, picture) {
  await request(`/views/${encodeURIComponent(id)}/picture`, { method: "PUT", headers: { "X-Delete-Token": token, "Content-Type": "image/png" }, body: picture });
}

/** @param {string} id of a view @returns {Promise<import("./types.js").Receipt>} */
export function receipt(id) {
  return get(`/views/${encodeURIComponent(id)}/receipt`);
}

/** @param {string} id of a view @returns {Promise<import("./types.js").Recomputation>} its numbers computed once more */
export async function recomputation(id) {
  return (await post(`/views/${encodeURIComponent(id)}/recomputation`, {})).body;
}

/**
 * An explanation as a file: of a molecule by these models, or of a link as it was stored.
 *
 * @param {{molecule: string, models: string[]} | {view: string}} of
 * @param {Record<string, string>} parameters format, and of drawings quantity, unit and limit
 * @returns {Promise<{content: Blob, name: string}>}
 */
export async function explanation(of, parameters) {
  const query = new URLSearchParams(parameters);
  if ("models" in of) for (const model of of.models) query.append("model", model);
  const path = "view" in of ? `/views/${encodeURIComponent(of.view)}` : `/molecules/${encodeURIComponent(of.molecule)}`;
  return named(await request(`${path}/explanation?${query}`, {}), parameters.format ?? "");
}

/** @param {string[]} models @returns {Promise<{version: string, cite: import("./types.js").Citation[]}>} what to cite of their results */
export function citations(models) {
  return get(`/citations?${new URLSearchParams(models.map((model) => ["model", model]))}`);
}

/** @returns {Promise<string>} the page that a saved explanation is put into */
export async function offlinePage() {
  return (await request(OFFLINE, {})).text();
}

/** @param {number} [patience] ms after which it counts as one that does, for who is slow is not gone @returns {Promise<boolean>} whether the server answers */
export async function alive(patience) {
  try {
    return (await fetch("/healthz", { cache: "no-store", signal: patience === undefined ? null : AbortSignal.timeout(patience) })).ok;
  } catch (error) {
    if (error instanceof TypeError) return false; // what fetch throws when nobody answers
    if (error instanceof DOMException && error.name === "TimeoutError") return true;
    throw error;
  }
}

/** Where a browser's message names the module that it could not load. */
const NAMED = /https?:\S+\.js\b/;

/**
 * A part of the page that is loaded when it is asked for.
 *
 * @template T
 * @param {() => Promise<T>} load a dynamic import
 * @returns {Promise<T>}
 * @throws {ApiError} while the server cannot be reached
 */
export async function part(load) {
  try {
    return await load();
  } catch (error) {
    if (!(await alive())) throw offline();
    // some browsers remember that a module could not be loaded, and never ask for that address again
    const [address] = error instanceof TypeError ? (NAMED.exec(error.message) ?? []) : [];
    if (!address) throw error;
    return import(`${address}?again=${Date.now()}`);
  }
}
