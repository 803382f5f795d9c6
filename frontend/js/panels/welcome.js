/** The first lines that a newcomer reads: what is seen, and what to do next; once dismissed they never come back. */
import { Icon } from "../lib/controls.js";
import { html, useStore } from "../lib/html.js";
import { pageOf } from "../lib/pages.js";
import { text } from "../lib/text.js";

/** @param {import("../main.js").Parts} props */
export function Welcome({ store, actions }) {
  const { welcomed, page, crystal } = useStore(store, (state) => ({ welcomed: state.welcomed, page: state.route.page, crystal: Boolean(state.molecule?.cell) }));
  if (welcomed || pageOf(page) !== "main") return null;
  return html`<section class="welcome" aria-label=${text.welcome.region}>
    <p><strong>${text.welcome.heading}</strong> <span class="welcome-about">${crystal ? text.welcome.aboutCrystal : text.welcome.about}</span> ${text.welcome.balls} <span class="welcome-next">${text.welcome.next}</span></p>
    <div class="welcome-actions">
      <button type="button" class="primary" onClick=${() => actions.startTour()}>${text.welcome.tour}</button>
      <a href="/help">${text.welcome.help}</a>
      <button type="button" class="icon" aria-label=${text.welcome.dismiss} title=${text.welcome.dismiss} onClick=${() => store.set({ welcomed: true })}><${Icon} name="close" /></button>
    </div>
  </section>`;
}
