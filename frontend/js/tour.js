/**
 * The tour: the few places of the page that a newcomer must know, one after another. Loaded when somebody starts it, with
 * driver.js, which moves the light and the words by the style properties of their elements, as the policy allows.
 *
 * @typedef {keyof typeof text.tour.steps} Step
 */
import { driver } from "../vendor/driver.js";
import { part } from "./api.js";
import { text } from "./lib/text.js";

/** What each step points at, in order; what is not on the page is left out. @type {readonly (readonly [Step, string])[]} */
const PLACES = Object.freeze([
  ["picture", ".stage .panes"],
  ["legend", ".legend .value-legend"],
  ["quantity", ".toolbar .field.strong"],
  ["table", ".table-scroll"],
  ["summary", ".summary"],
  ["molecule", ".search"],
  ["help", ".pages a[href='/help'], .menu > button"],
]);

/** @param {string} href of a style sheet; asked for once */
function dress(href) {
  if (document.querySelector(`link[href="${href}"]`)) return Promise.resolve();
  const link = Object.assign(document.createElement("link"), { rel: "stylesheet", href });
  const loaded = new Promise((resolve, reject) => {
    link.addEventListener("load", resolve, { once: true });
    link.addEventListener("error", () => {
      link.remove(); // or it would count as asked for
      reject(new Error(`${href} was not loaded`));
    }, { once: true });
  });
  document.head.append(link);
  return loaded;
}

/** @param {string} selector @returns {HTMLElement | undefined} the first that is drawn */
function visible(selector) {
  return [.../** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(selector))].find((element) => element.offsetParent !== null);
}

/** @param {() => void} onEnd */
export async function startTour(onEnd) {
  await Promise.all(["/vendor/driver.css", "/css/tour.css"].map((href) => part(() => dress(href))));
  const from = /** @type {HTMLElement | null} */ (document.activeElement);
  const steps = PLACES.flatMap(([step, selector]) => {
    const element = visible(selector);
    const { title, about } = text.tour.steps[step];
    return element ? [{ element, popover: { title, description: about } }] : [];
  });
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  driver({
    steps, animate: !still, smoothScroll: !still, showProgress: true, progressText: text.tour.progress, popoverClass: "tour",
    nextBtnText: text.tour.next, prevBtnText: text.tour.back, doneBtnText: text.tour.done, stageRadius: 8, overlayOpacity: 0.45,
    disableActiveInteraction: true,
    onPopoverRender({ closeButton, footer, nextButton, title, wrapper }) {
      // driver.js makes them of <header> and <footer>, which would be those of the page
      title.setAttribute("role", "none");
      footer.setAttribute("role", "group");
      closeButton.setAttribute("aria-label", text.tour.close);
      closeButton.title = text.tour.close;
      wrapper.lang = document.documentElement.lang;
      // driver.js is about to focus what stands first, which ends the tour: whoever goes on with Enter would leave it
      queueMicrotask(() => nextButton.focus({ preventScroll: true }));
    },
    onHighlightStarted(element) {
      // the words are a dialogue of their own: what they point at is no button that opens them, as driver.js is about to say
      queueMicrotask(() => {
        for (const name of ["aria-haspopup", "aria-expanded", "aria-controls"]) element?.removeAttribute(name);
      });
    },
    onDestroyed() {
      onEnd();
      // driver.js gives the focus back once more after this, to what it had pointed at; and the button of the welcome is gone
      requestAnimationFrame(() => {
        const place = from?.isConnected && from.offsetParent !== null ? from : visible(".search input, .search textarea");
        place?.focus({ preventScroll: true });
      });
    },
  }).drive();
}
