/** The pages that the header leads to, in its order: the route's name, which is the key of its name in the catalogue, and its address. */

/** @type {readonly {page: keyof typeof import("./text.js").text.pages.names, path: string}[]} */
export const PAGES = Object.freeze([
  { page: "main", path: "/" },
  { page: "gallery", path: "/gallery" },
  { page: "vectors", path: "/embeddings" },
  { page: "batch", path: "/batch" },
  { page: "reactions", path: "/reactions" },
  { page: "help", path: "/help" },
]);

/** @param {import("../types.js").Route["page"]} page @returns {string} which of them it belongs to */
export function pageOf(page) {
  return page === "view" ? "main" : page;
}
