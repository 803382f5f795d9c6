/**
 * Addresses: `/` (with `?q=` a molecule or `?example=` a bundled one, and `&show=envelope&probe=C` its potential on the envelope for that probe,
 * or `&with=` a molecule to compare it with),
 * `/v/{id}` a stored view, `/embed/{id}` the same without surroundings, `/gallery`, `/embeddings` (with `?model=` a model),
 * `/batch` (with `?q=` lines of molecules or `?id=` a batch), `/reactions` (with `?q=` an equation), `/?molecule=` a stored one,
 * `/?trajectory=` the frames of a file (with `&frame=` one of them, from 1), `/help`.
 */
import { settleSight } from "./sight.js";

/**
 * @param {{pathname: string, search: string}} location
 * @returns {import("../types.js").Route}
 */
export function parseRoute({ pathname, search }) {
  const [, page, id] = pathname.match(/^\/(v|embed)\/([^/]+)\/?$/) ?? [];
  const asked = new URLSearchParams(search);
  const query = asked.get("q")?.trim() || null;
  if (page && id) return { page: page === "v" ? "view" : "embed", id: decodeURIComponent(id), query: null };
  if (/^\/gallery\/?$/.test(pathname)) return { page: "gallery", id: null, query: null };
  if (/^\/help\/?$/.test(pathname)) return { page: "help", id: null, query: null };
  if (/^\/embeddings\/?$/.test(pathname)) return { page: "vectors", id: asked.get("model"), query: null };
  if (/^\/batch\/?$/.test(pathname)) return { page: "batch", id: asked.get("id"), query: asked.get("q") };
  if (/^\/reactions\/?$/.test(pathname)) return { page: "reactions", id: null, query };
  const trajectory = query === null ? asked.get("trajectory") : null;
  if (trajectory) return { page: "main", id: null, query, trajectory, frame: Math.max(1, Number.parseInt(asked.get("frame") ?? "1", 10) || 1) - 1 };
  const example = asked.get("example")?.trim();
  return { page: "main", id: query === null ? asked.get("molecule") : null, query, ...(example ? { example } : {}) };
}

/**
 * What an address of the page says beside the molecule.
 *
 * @param {{search: string}} location
 * @param {import("../types.js").Probe} probe the page's own, for what the address does not say
 * @returns {Partial<import("../types.js").State>}
 */
export function parseView({ search }, probe) {
  const asked = new URLSearchParams(search);
  if (asked.get("show") !== "envelope") return {};
  return { quantity: "potential", probe: { ...probe, mode: "envelope", element: asked.get("probe") ?? probe.element } };
}

/** @param {{search: string}} location @returns {string | null} the molecule with which that of the address is compared */
export function parseCompared({ search }) {
  return new URLSearchParams(search).get("with")?.trim() || null;
}

/** What of an address names its molecule. */
const NAMES = /** @type {const} */ (["q", "example", "molecule", "trajectory"]);

/**
 * The address of a molecule beside another.
 *
 * @param {{search: string}} location of the molecule alone or beside any other
 * @param {Record<string, string> | null} own by which the molecule is read, where the address does not name it
 * @param {string | null} other null: alone
 * @returns {string | null} null where no address names the molecule
 */
export function comparedAddress({ search }, own, other) {
  const asked = new URLSearchParams(search);
  const key = NAMES.find((name) => asked.get(name)?.trim());
  /** @type {Record<string, string> | null} */
  const named = key ? { [key]: asked.get(key)?.trim() ?? "" } : own;
  if (named && key === "trajectory" && asked.has("frame")) named.frame = asked.get("frame") ?? "";
  return named && `/?${new URLSearchParams(other === null ? named : { ...named, with: other })}`;
}

/** @param {string} molecule of the gallery @param {string} element of the probe @returns {string} address of its potential on the envelope */
export function envelopeAddress(molecule, element) {
  return `/?${new URLSearchParams({ example: molecule, show: "envelope", probe: element })}`;
}

/** @param {string} id of a stored molecule @returns {string} address at which it is explained */
export function moleculeAddress(id) {
  return `/?${new URLSearchParams({ molecule: id })}`;
}

/** @param {string} id of a stored trajectory @param {number} frame from 0 @returns {string} address at which it is shown */
export function trajectoryAddress(id, frame) {
  return `/?${new URLSearchParams({ trajectory: id, ...(frame > 0 ? { frame: String(frame + 1) } : {}) })}`;
}

/** The browser's history goes on to an address, unless that is where it is. @param {string} address @param {object | null} kept with the place */
export function goTo(address, kept = null) {
  if (location.pathname + location.search === address) return;
  settleSight();
  history.pushState(kept, "", address);
}
