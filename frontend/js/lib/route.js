/**
 * Addresses: `/` (with `?q=` a molecule or `?example=` a bundled one, and `&show=envelope&probe=C` its potential on the envelope for that probe,
 * or `&with=` a molecule to compare it with),
 * `/v/{id}` a stored view, `/embed/{id}` the same without surroundings, `/gallery`, `/embeddings` (with `?model=` a model),
 * `/batch` (with `?q=` lines of molecules or `?id=` a batch, and `&sort=` a column, behind a minus downwards, `&energies=total`,
 * `&show=` a grade or `failed`, `&trained_on=` a training set, `&filter=` words), `/reactions` (with `?q=` an equation, and `&atoms=all`
 * of its table), both with `&unit=` that of energies, `/?molecule=` a stored one,
 * `/?trajectory=` the frames of a file (with `&frame=` one of them, from 1), `/help`.
 */
import { settleSight } from "./sight.js";
import { isEnergyUnit } from "./units.js";

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

/** The unit that an address says when it says none. */
const USUAL_UNIT = "kcal/mol";
/** @type {import("./sorting.js").Order} */
const USUAL_ORDER = Object.freeze({ key: "number", direction: "ascending" });

/** @param {{search: string}} location of a page of tables @returns {import("../types.js").EnergyUnit | null} null where it says none */
export function parseUnit({ search }) {
  const unit = new URLSearchParams(search).get("unit");
  return isEnergyUnit(unit) ? unit : null;
}

/** Which rows of many molecules are shown. @typedef {"all" | "inside" | "unusual" | "outside" | "failed"} Rows */
/** @type {readonly Rows[]} */
const ROWS = ["all", "inside", "unusual", "outside", "failed"];

/**
 * What a table shows, beside its unit and its order.
 *
 * @param {{search: string}} location of the table
 * @returns {{kind: import("./batch.js").EnergyKind | null, only: Rows, trainedOn: string, words: string, atoms: "first" | "all"}} `kind`: null where
 *   it says none; `trainedOn`: "" where the service chooses; `atoms`: of the table of a reaction
 */
export function parseTable({ search }) {
  const asked = new URLSearchParams(search);
  const kind = asked.get("energies");
  return {
    kind: kind === "total" || kind === "atomization" ? kind : null,
    only: ROWS.find((rows) => rows === asked.get("show")) ?? "all",
    trainedOn: asked.get("trained_on") ?? "",
    words: asked.get("filter") ?? "",
    atoms: asked.get("atoms") === "all" ? "all" : "first",
  };
}

/** @param {{search: string}} location of a table @returns {import("./sorting.js").Order} */
export function parseOrder({ search }) {
  const sort = new URLSearchParams(search).get("sort");
  if (!sort) return USUAL_ORDER;
  return sort.startsWith("-") ? { key: sort.slice(1), direction: "descending" } : { key: sort, direction: "ascending" };
}

/**
 * @typedef {{unit: import("../types.js").EnergyUnit, order?: import("./sorting.js").Order} & Partial<ReturnType<typeof parseTable>>} Look
 *   how a table is looked at; of what it leaves out nothing is to be said
 */

/**
 * The address of a table as it is looked at; what is usual is not said.
 *
 * @param {{pathname: string, search: string}} location of the table
 * @param {Look} look
 * @returns {string}
 */
export function lookedAtAddress({ pathname, search }, { unit, order = USUAL_ORDER, kind, only, trainedOn, words, atoms }) {
  const asked = new URLSearchParams(search);
  const { key, direction } = order;
  const usual = key === USUAL_ORDER.key && direction === USUAL_ORDER.direction;
  const said = {
    unit: unit === USUAL_UNIT ? null : unit,
    sort: usual ? null : `${direction === "descending" ? "-" : ""}${key}`,
    energies: kind === "total" ? kind : null,
    show: only === "all" ? null : only,
    trained_on: trainedOn || null,
    filter: words || null,
    atoms: atoms === "all" ? atoms : null,
  };
  for (const [name, value] of Object.entries(said)) {
    asked.delete(name); // in one order, whichever was chosen first
    if (value) asked.set(name, value);
  }
  return asked.size > 0 ? `${pathname}?${asked}` : pathname;
}

/**
 * The address names what a page is of; how it is looked at stays in it where it was of the same.
 *
 * @param {string} path of the page
 * @param {Record<string, string>} named by which the page finds it again; nothing where it cannot
 */
export function nameInAddress(path, named) {
  const [asked, keys] = [new URLSearchParams(location.search), Object.keys(named)];
  if (keys.length > 0 && keys.every((key) => asked.get(key) === named[key])) return;
  const address = keys.length > 0 ? `${path}?${new URLSearchParams(named)}` : path;
  if (location.pathname + location.search !== address) history.replaceState(history.state, "", address);
}

/** @param {Look} look how the page's table is looked at, for its address */
export function keepLook(look) {
  const address = lookedAtAddress(location, look);
  if (location.pathname + location.search !== address) history.replaceState(history.state, "", address);
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
