/**
 * Addresses: `/` (with `?q=` a molecule, and `&show=envelope&probe=C` its potential on the envelope for that probe),
 * `/v/{id}` a stored view, `/embed/{id}` the same without surroundings, `/gallery`, `/embeddings` (with `?model=` a model), `/help`.
 */

/**
 * @param {{pathname: string, search: string}} location
 * @returns {import("../types.js").Route}
 */
export function parseRoute({ pathname, search }) {
  const [, page, id] = pathname.match(/^\/(v|embed)\/([^/]+)\/?$/) ?? [];
  const query = new URLSearchParams(search).get("q")?.trim() || null;
  if (page && id) return { page: page === "v" ? "view" : "embed", id: decodeURIComponent(id), query: null };
  if (/^\/gallery\/?$/.test(pathname)) return { page: "gallery", id: null, query: null };
  if (/^\/embeddings\/?$/.test(pathname)) return { page: "vectors", id: new URLSearchParams(search).get("model"), query: null };
  if (/^\/help\/?$/.test(pathname)) return { page: "help", id: null, query: null };
  return { page: "main", id: null, query };
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

/** @param {string} molecule @param {string} element of the probe @returns {string} address of its potential on the envelope */
export function envelopeAddress(molecule, element) {
  return `/?${new URLSearchParams({ q: molecule, show: "envelope", probe: element })}`;
}
