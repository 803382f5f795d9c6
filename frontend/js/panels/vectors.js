/**
 * The page of element vectors: a map of their first two principal components, the periodic table coloured by what one
 * likes, neighbours of an element, and how much of the order is no chance.
 *
 * @typedef {import("../types.js").ElementVectors} ElementVectors
 * @typedef {import("../lib/vectors.js").Metric} Metric
 */
import { Scatter } from "../charts/scatter.js";
import { Choice, Explained, Problem } from "../lib/controls.js";
import { html, useEffect, useMedia, useRef, useState, useStore } from "../lib/html.js";
import { seenOf } from "../lib/progress.js";
import { elementName, text } from "../lib/text.js";
import { coloring, familyColor, familyShape, inkOn, LEVEL, lookAddress, neighbours, nextInTable, parseLook, percent, pText, SYMBOLS, tablePlace } from "../lib/vectors.js";
import { prettyNumber } from "../lib/units.js";

const COMPONENTS = 4;
const LISTED = 8;
/** As in vectors.css. */
const NARROW = "(width < 48rem)";
const METRICS = /** @type {Metric[]} */ (["euclidean", "cosine"]);

/** @param {import("../main.js").Parts} props */
export function Vectors({ store, actions }) {
  const { models, vectors, alert, busy } = useStore(store, (state) => ({ models: state.models, vectors: state.vectors, alert: state.alert, busy: state.busy }));
  const [look, setLook] = useState(() => parseLook(location));
  const change = (/** @type {Partial<import("../lib/vectors.js").Look>} */ part) => setLook((now) => ({ ...now, ...part }));
  const { network, by, metric, element: chosen } = look;
  const [pointed, setPointed] = useState(/** @type {string | null} */ (null));
  const schnets = models.filter(({ family }) => family === "schnet");
  const found = vectors?.found ?? null;
  const member = found && network < found.members.length ? network : 0;
  const element = chosen && found?.elements.includes(chosen) ? chosen : null;
  const links = { pointed: pointed && found?.elements.includes(pointed) ? pointed : null, chosen: element, onPoint: setPointed, onChoose: (/** @type {string} */ symbol) => change({ element: symbol === chosen ? null : symbol }) };
  const shown = vectors ? lookAddress(vectors.model, { network: member, by, metric, element }) : null;
  useEffect(() => {
    if (shown && location.pathname + location.search !== shown) history.replaceState(null, "", shown);
  }, [shown]);
  // all of them are SchNets, and a phone has no room to say so of each
  const titleOf = (/** @type {string} */ title) => text.card(title.replace(/^SchNet, /, ""));
  return html`<main class="vectors">
    <div class="card vectors-head">
      <h1>${text.vectors.heading}</h1>
      <p class="muted">${text.vectors.about} <${Explained} term="embedding" /></p>
      <div class="gallery-controls">
        ${schnets.length > 0 ? html`<${Choice} label=${text.vectors.model} className="strong" value=${vectors?.model ?? ""} options=${schnets.map(({ name, title }) => ({ value: name, label: titleOf(title) }))}
          onChange=${(/** @type {string} */ name) => actions.openVectors(name)} />` : null}
        ${found && found.members.length > 1 ? html`<${Choice} label=${text.vectors.member} value=${String(member)} options=${found.members.map((_, k) => ({ value: String(k), label: text.vectors.memberName(k) }))}
          onChange=${(/** @type {string} */ k) => change({ network: Number(k) })} />` : null}
      </div>
      <p role="status" class="muted">${busy ? seenOf(busy) : models.length > 0 && schnets.length === 0 ? text.vectors.none : ""}</p>
      <${Problem} alert=${alert} place="vectors" onDismiss=${actions.dismiss} />
    </div>
    ${found ? html`<div class="vectors-grid">
      <${ElementMap} found=${found} member=${member} ...${links} />
      <${PeriodicTable} found=${found} member=${member} by=${by} onBy=${(/** @type {string} */ value) => change({ by: value })} ...${links} />
      <${Similar} found=${found} member=${member} element=${element} metric=${metric} onMetric=${(/** @type {Metric} */ value) => change({ metric: value })}
        onElement=${(/** @type {string} */ symbol) => change({ element: symbol || null })} />
      <${Order} found=${found} member=${member} />
    </div>` : null}
  </main>`;
}

/**
 * @typedef {{pointed: string | null, chosen: string | null, onPoint: (symbol: string | null) => void, onChoose: (symbol: string) => void}} Links
 */

/** @param {{found: ElementVectors, member: number} & Links} props */
function ElementMap({ found, member, ...links }) {
  const { components = [], explained_variance: variance = [] } = found.members[member] ?? {};
  const [first, second] = [percent(variance[0] ?? 0), percent(variance[1] ?? 0)];
  const points = found.elements.map((name, i) => {
    const family = found.families[i] ?? "";
    const color = familyColor(family);
    const title = `${elementName(name)}, ${text.vectors.groupName(family)}`;
    return { name, title, shape: (/** @type {number} */ radius) => familyShape(family, radius), x: components[i]?.[0] ?? 0, y: components[i]?.[1] ?? 0, color, ink: inkOn(color), faint: !found.measured[i] };
  });
  const narrow = useMedia(NARROW);
  const families = [...new Set(found.families)].sort((a, b) => (Number(a) || 99) - (Number(b) || 99));
  return html`<section class="card vectors-map"><h2>${text.vectors.map}</h2><p class="muted">${text.vectors.mapAbout} <${Explained} term="component" /></p>
    <${Scatter} points=${points} narrow=${narrow} xLabel=${text.vectors.axis(0, first)} yLabel=${text.vectors.axis(1, second)} label=${text.vectors.mapLabel(first, second, found.elements.length)} ...${links} />
    <ul class="vectors-groups" aria-label=${text.vectors.groups}>${families.map((family) => html`<li key=${family}><svg viewBox="-17 -17 34 34" aria-hidden="true"><path d=${familyShape(family, 10.5)} style=${{ fill: familyColor(family) }} /></svg>${text.vectors.groupName(family)}</li>`)}</ul>
    ${found.measured.every(Boolean) ? null : html`<p class="muted">${text.vectors.rare}</p>`}
    <details><summary>${text.vectors.numbers}</summary><${Numbers} found=${found} member=${member} /></details>
  </section>`;
}

/** @param {{found: ElementVectors, member: number}} props */
function Numbers({ found, member }) {
  const components = found.members[member]?.components ?? [];
  const kept = Array.from({ length: Math.min(COMPONENTS, components[0]?.length ?? 0) }, (_, k) => k);
  return html`<div class="table-scroll" tabindex="0" role="region" aria-label=${text.vectors.numbers}><table class="vectors-numbers"><thead><tr><th scope="col">${text.vectors.element}</th><th scope="col">${text.vectors.group}</th>
      ${kept.map((k) => html`<th key=${k} scope="col" class="number">${text.vectors.component(k)}</th>`)}</tr></thead>
    <tbody>${found.elements.map((symbol, i) => html`<tr key=${symbol}><th scope="row">${symbol} <span class="muted">${elementName(symbol)}</span></th><td>${found.families[i]}</td>
      ${kept.map((k) => html`<td key=${k} class="number">${prettyNumber(components[i]?.[k] ?? 0, 3)}</td>`)}</tr>`)}</tbody></table></div>`;
}

/** @param {{found: ElementVectors, member: number, by: string, onBy: (by: string) => void} & Links} props */
function PeriodicTable({ found, member, by: asked, onBy, pointed, chosen, onPoint, onChoose }) {
  const grid = useRef(/** @type {HTMLElement | null} */ (null));
  const [at, setAt] = useState(/** @type {string | null} */ (null));
  const kept = Math.min(COMPONENTS, found.members[member]?.components[0]?.length ?? 0);
  // an address may ask for what there is not
  const by = (/^\d+$/.test(asked) && Number(asked) < kept) || Object.hasOwn(text.vectors.properties, asked) ? asked : "0";
  const { values, low, high, color, gradient } = coloring(found, member, by);
  const stop = at && found.elements.includes(at) ? at : found.elements[0];
  const unit = Object.hasOwn(text.vectors.units, by) ? text.vectors.units[/** @type {keyof typeof text.vectors.units} */ (by)] : "";
  const digits = by === "group" || by === "period" ? 0 : 2;
  const rows = [...new Set(SYMBOLS.map((_, i) => tablePlace(i + 1).row))].sort((a, b) => a - b);

  /** @param {KeyboardEvent} event @param {string} symbol */
  function onKey(event, symbol) {
    if (event.key === "Enter" || event.key === " ") onChoose(symbol);
    else {
      const next = nextInTable(found.elements, symbol, event.key);
      if (!next) return;
      setAt(next);
      /** @type {HTMLElement | null | undefined} */ (grid.current?.querySelector(`[data-element="${next}"]`))?.focus();
    }
    event.preventDefault();
  }

  return html`<section class="card vectors-table"><h2>${text.vectors.table}</h2>
    <${Choice} label=${text.vectors.colorBy} value=${by} onChange=${onBy} options=${[
      ...Array.from({ length: kept }, (_, k) => ({ value: String(k), label: text.vectors.component(k) })),
      ...Object.entries(text.vectors.properties).map(([value, label]) => ({ value, label })),
    ]} />
    <div class="periodic" role="grid" aria-label=${text.vectors.tableLabel} ref=${grid} onMouseLeave=${() => onPoint(null)}>
      ${rows.map((row) => html`<div key=${row} role="row" class="periodic-row">${SYMBOLS.map((symbol, i) => {
        const place = tablePlace(i + 1);
        if (place.row !== row) return null;
        const index = found.elements.indexOf(symbol);
        const where = { gridColumn: place.column };
        if (index < 0) return html`<span key=${symbol} role="gridcell" class="periodic-cell absent" style=${where} aria-label=${text.vectors.cell(symbol, elementName(symbol), text.vectors.unknown)}>${symbol}</span>`;
        const value = values[index] ?? null;
        const background = value === null ? null : color(value);
        return html`<span key=${symbol} role="gridcell" data-element=${symbol} tabindex=${symbol === stop ? 0 : -1} aria-selected=${symbol === chosen ? "true" : "false"}
          class=${`periodic-cell${found.measured[index] ? "" : " faint"}${symbol === pointed ? " pointed" : ""}${symbol === chosen ? " chosen" : ""}`}
          style=${{ ...where, ...(background ? { background, color: inkOn(background) } : {}) }}
          aria-label=${text.vectors.cell(symbol, elementName(symbol), value === null ? text.vectors.unknown : `${prettyNumber(value, digits)} ${unit}`.trim())}
          onMouseEnter=${() => onPoint(symbol)} onFocus=${() => {
            setAt(symbol);
            onPoint(symbol);
          }} onBlur=${() => onPoint(null)} onClick=${() => onChoose(symbol)} onKeyDown=${(/** @type {KeyboardEvent} */ event) => onKey(event, symbol)}>
          <b>${symbol}</b> <small>${value === null ? "–" : prettyNumber(value, digits)}</small></span>`;
      })}</div>`)}
    </div>
    <div class="vectors-scale"><span>${prettyNumber(low, digits)}</span><i style=${{ background: gradient }}></i><span>${prettyNumber(high, digits)} ${unit}</span></div>
  </section>`;
}

/** @param {{found: ElementVectors, member: number, element: string | null, metric: Metric, onMetric: (metric: Metric) => void,
 *   onElement: (symbol: string) => void}} props `onElement`: empty for none */
function Similar({ found, member, element, metric, onMetric, onElement }) {
  const index = element ? found.elements.indexOf(element) : -1;
  const near = index < 0 ? [] : neighbours(found.members[member]?.vectors ?? [], index, metric).slice(0, LISTED);
  const structures = found.structures?.[index];
  return html`<section class="card vectors-similar"><h2>${element ? text.vectors.similar(elementName(element)) : text.vectors.similar("…")}</h2>
    <div class="gallery-controls"><${Choice} label=${text.vectors.element} value=${element ?? ""} onChange=${onElement}
      options=${[{ value: "", label: text.vectors.noElement }, ...found.elements.map((symbol) => ({ value: symbol, label: `${symbol} ${elementName(symbol)}` }))]} />
    <${Choice} label=${text.vectors.metric} value=${metric} onChange=${onMetric} options=${METRICS.map((value) => ({ value, label: text.vectors.metrics[value] }))} /></div>
    ${element ? html`<p class="muted">${text.vectors.groupName(found.families[index] ?? "")}${structures === undefined ? "" : `, ${text.vectors.structures(structures)}`}</p>
    <table class="vectors-numbers"><thead><tr><th scope="col">${text.vectors.rank}</th><th scope="col">${text.vectors.element}</th><th scope="col">${text.vectors.group}</th><th scope="col" class="number">${text.vectors.metrics[metric]}</th></tr></thead>
      <tbody>${near.map((entry, i) => html`<tr key=${entry.element} class=${found.families[entry.element] === found.families[index] ? "same" : ""}><td>${i + 1}</td>
        <th scope="row">${found.elements[entry.element]} <span class="muted">${elementName(found.elements[entry.element] ?? "")}${found.measured[entry.element] ? "" : ` (${text.vectors.hardlyLearned})`}</span></th>
        <td>${found.families[entry.element]}</td><td class="number">${prettyNumber(entry.distance, 3)}</td></tr>`)}</tbody></table>`
      : html`<p class="muted">${text.vectors.choose}</p>`}
  </section>`;
}

/** @param {{found: ElementVectors, member: number}} props */
function Order({ found, member }) {
  const { correlations = [], same_group: share = null } = found.members[member] ?? {};
  const left = found.elements.filter((_, i) => !found.measured[i]);
  if (!share) return html`<section class="card vectors-order"><h2>${text.vectors.order}</h2><p>${text.vectors.tooFew}</p></section>`;
  const shares = found.members.flatMap(({ same_group: each }) => (each ? [each.euclidean.share] : []));
  const verdict = text.vectors.verdict(percent(Math.min(...shares)), percent(Math.max(...shares)), percent(share.euclidean.chance), found.additive ? percent(found.additive.euclidean.share) : null);
  const properties = Object.entries(text.vectors.properties).filter(([key]) => correlations.some(({ property }) => property === key));
  const kept = Array.from({ length: COMPONENTS }, (_, k) => k).filter((k) => correlations.some(({ component }) => component === k));
  return html`<section class="card vectors-order"><h2>${text.vectors.order}</h2>
    <p><strong>${verdict}</strong>${found.agreement === null ? "" : ` ${text.vectors.agreement(prettyNumber(found.agreement, 2))}`}</p>
    <div class="table-scroll" tabindex="0" role="region" aria-label=${text.vectors.order}><table class="vectors-numbers"><thead><tr><th scope="col">${text.vectors.correlation}</th>${kept.map((k) => html`<th key=${k} scope="col" class="number">${text.vectors.component(k)}</th>`)}</tr></thead>
      <tbody>${properties.map(([key, name]) => html`<tr key=${key}><th scope="row">${name}</th>${kept.map((k) => {
        const cell = correlations.find(({ property, component }) => property === key && component === k);
        if (!cell) return html`<td key=${k}></td>`;
        const real = cell.adjusted < LEVEL;
        return html`<td key=${k} class=${`number${real ? " real" : ""}`} title=${text.vectors.chanceTitle(pText(cell.p), pText(cell.adjusted), cell.n)}>${signed(cell.rho)}${real ? "\u2009*" : ""}</td>`;
      })}</tr>`)}</tbody></table></div>
    <p class="muted">${text.vectors.orderAbout}</p>
    <h3>${text.vectors.nearest}</h3>
    <table class="vectors-numbers"><thead><tr><th scope="col">${text.vectors.share}</th>${METRICS.map((metric) => html`<th key=${metric} scope="col" class="number">${text.vectors.sharesBy[metric]}</th>`)}</tr></thead>
      <tbody>${found.members.map(({ same_group: each }, k) => html`<tr key=${k}><th scope="row">${text.vectors.memberName(k)}</th>${METRICS.map((metric) => html`<td key=${metric} class="number">${each ? percent(each[metric].share) : ""}</td>`)}</tr>`)}
        ${found.additive ? html`<tr><th scope="row">${text.vectors.additive}</th>${METRICS.map((metric) => html`<td key=${metric} class="number">${percent(found.additive?.[metric].share ?? 0)}</td>`)}</tr>` : null}
        <tr><th scope="row">${text.vectors.chance}</th>${METRICS.map((metric) => html`<td key=${metric} class="number">${percent(share[metric].chance)}</td>`)}</tr></tbody></table>
    ${left.length > 0 ? html`<p class="muted">${text.vectors.left(left.join(", "))}</p>` : null}
    <p class="muted">${text.vectors.sources}</p>
  </section>`;
}

/** @param {number} value @returns {string} with its sign, to two digits */
function signed(value) {
  return `${value < 0 ? "−" : "+"}${prettyNumber(Math.abs(value), 2)}`;
}
