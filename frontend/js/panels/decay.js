/** How a network's pairs fall with distance: over test molecules, with the molecule's own pairs among them. */
import { DecayChart } from "../charts/decay.js";
import { Choice } from "../lib/controls.js";
import { decayOf, offeredElements, ownPairs, twoDigits, usualElements } from "../lib/decay.js";
import { html, useState, useStore } from "../lib/html.js";
import { onTheWay } from "../lib/live.js";
import { predictionsOf, shortName } from "../lib/quantities.js";
import { text } from "../lib/text.js";
import { shownUnit, toShown } from "../lib/units.js";

/** As the plot marks the pairs of the first and of the second network. */
const MARKS = ["○", "◇"];

/** @param {import("../main.js").Parts} props */
export function DecayPanel({ store }) {
  const state = useStore(store, (all) => all);
  const [chosen, setChosen] = useState("");
  const { quantity, unit } = state;
  const offered = offeredElements(state);
  if (quantity !== "pairs" || offered.length === 0 || onTheWay(state)) return null;
  const key = offered.includes(chosen) ? chosen : usualElements(state, offered);
  const shown = shownUnit("energy", unit);
  const magnitude = (/** @type {number} */ value) => Math.abs(toShown(value, "energy", unit));
  const series = predictionsOf(state, "energy").flatMap(({ model }) => {
    const decay = state.decays[model.name];
    const table = decayOf(decay, key);
    if (!decay || !table) return [];
    const [low, median, high] = [table.low, table.median, table.high].map((values) => values.map(magnitude));
    const own = ownPairs(state, model.name, key).map((pair) => ({ ...pair, value: magnitude(pair.value) }));
    return [{ name: shortName(model), cutoff: decay.cutoff, molecules: decay.molecules, width: decay.width, distances: table.distances, low: low ?? [], median: median ?? [], high: high ?? [], own }];
  });
  if (series.length === 0) return null;
  const summary = series.map(({ name, distances, median }) => text.decay.medians(name, landmarks(distances)
    .map((i) => text.decay.median(twoDigits(median[i] ?? 0), distances[i] ?? 0)))).join(" ");
  return html`<section class="card pairs" aria-label=${text.decay.region}>
    <h2>${text.decay.heading}</h2>
    <${Choice} label=${text.decay.elements} value=${key} options=${offered.map((value) => ({ value, label: value }))} onChange=${setChosen} />
    <${DecayChart} series=${series} farthest=${Math.max(...series.map(({ cutoff }) => cutoff))} xLabel=${text.pairs.distance}
      yLabel=${text.decay.axis(shown)} label=${text.decay.label(key, shown, summary)} />
    <p class="decay-keys">${series.map(({ name, own }, i) => html`<span key=${name} class=${`decay-key series-${i}`}><span aria-hidden="true">${MARKS[i % 2]}</span> ${name}, ${text.decay.own(own.length)}</span>`)}</p>
    <p class="muted probe-note">${text.decay.about(Math.max(...series.map(({ molecules }) => molecules)))} ${text.decay.unit(shown)} ${summary}</p>
  </section>`;
}

/** @param {number[]} distances @returns {number[]} the first, the middle and the last place */
function landmarks(distances) {
  const last = distances.length - 1;
  return [...new Set([0, last >> 1, last])];
}
