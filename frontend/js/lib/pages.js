/** The pages: which there are, and what leads from one to another. */

/** Those that the header leads to, in its order: the route's name, which is the key of its name in the catalogue, and its address. @type {readonly {page: keyof typeof import("./text.js").text.pages.names, path: string}[]} */
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

/** @param {import("../types.js").Route["page"]} page @returns {import("../types.js").Alert["place"]} where it says what concerns it as a whole */
export function placeOf(page) {
  return page === "gallery" || page === "vectors" || page === "batch" || page === "reactions" ? page : "molecule";
}

/**
 * @param {MouseEvent} event a click
 * @param {Pick<Location, "href" | "origin" | "pathname" | "search">} here
 * @returns {string | null} address of another page of this server that takes this one's place; null where none does
 */
export function destination({ target, button, altKey, ctrlKey, metaKey, shiftKey, defaultPrevented }, here) {
  if (defaultPrevented || button !== 0 || altKey || ctrlKey || metaKey || shiftKey) return null;
  const link = /** @type {Element | null} */ (target)?.closest?.("a[href]");
  if (!link || link.hasAttribute("download") || !["", "_self"].includes(link.getAttribute("target") ?? "")) return null;
  const to = new URL(link.getAttribute("href") ?? "", here.href);
  if (to.origin !== here.origin) return null;
  // to a part of this page nothing is loaded
  return to.hash === "" || to.pathname + to.search !== here.pathname + here.search ? to.href : null;
}
