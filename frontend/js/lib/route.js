/**
 * Addresses: `/` (with `?q=` a molecule), `/v/{id}` a stored view, `/embed/{id}` the same without surroundings.
 */

/**
 * @param {{pathname: string, search: string}} location
 * @returns {import("../types.js").Route}
 */
export function parseRoute({ pathname, search }) {
  const [, page, id] = pathname.match(/^\/(v|embed)\/([^/]+)\/?$/) ?? [];
  const query = new URLSearchParams(search).get("q")?.trim() || null;
  if (page && id) return { page: page === "v" ? "view" : "embed", id: decodeURIComponent(id), query: null };
  return { page: "main", id: null, query };
}
