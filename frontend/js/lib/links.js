/** Links: whether the page still shows what one holds, and the code that puts a view into a frame of another page. */
import { resolveTheme } from "./theme.js";
import { encodeView } from "./viewstate.js";

/** Sizes of frames, pixels: from the smallest in which a picture and its legend have room. */
export const FRAMES = Object.freeze({
  "320x240": { width: 320, height: 240 }, "480x360": { width: 480, height: 360 }, "640x480": { width: 640, height: 480 },
  "800x600": { width: 800, height: 600 }, "1024x640": { width: 1024, height: 640 },
});

/**
 * @param {import("../types.js").State} state with a molecule
 * @returns {string} what a link to it would hold, to be compared; neither what stands in the molecule box nor the camera, which
 *   is the reader's again as soon as the card of the link is there
 */
export function sharedOf(state) {
  return JSON.stringify({ ...encodeView({ ...state, theme: resolveTheme(state.theme) }, null), text: "" });
}

/** @param {string} text @returns {string} as the value of an attribute in double quotes */
export function attribute(text) {
  return text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/**
 * @param {string} url of the view's own page
 * @param {string} title for those who do not see the frame
 * @param {{width: number, height: number}} size pixels
 * @returns {string} HTML
 */
export function embedCode(url, title, { width, height }) {
  const source = url.replace(/\/v\/([^/]+)$/, "/embed/$1");
  return `<iframe src="${attribute(source)}" title="${attribute(title)}" width="${width}" height="${height}" style="border: 0; max-width: 100%" loading="lazy" allowfullscreen></iframe>`;
}
