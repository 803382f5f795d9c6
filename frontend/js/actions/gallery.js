/**
 * The gallery: its file is read once, when the page is the gallery's.
 *
 * @typedef {import("../store.js").Store} Store
 */

/**
 * @param {Store} store
 * @param {typeof import("../api.js")} api
 * @param {ReturnType<typeof import("./problems.js").createProblems>} problems
 */
export function createGalleryActions(store, api, problems) {
  return {
    async openGallery() {
      try {
        const [gallery, models] = await Promise.all([api.gallery(), api.models()]);
        store.set({ gallery, models });
      } catch (error) {
        problems.report(error, "gallery", () => this.openGallery());
      }
    },
  };
}
