// Filtering by metadata: a form for any key and value, and chips for what the hits have in common.

import { button, byId, element, icon } from "./dom.js";
import { text } from "./i18n.js";
import { change, state } from "./state.js";

const UNSUITED = new Set(["bytes", "name"]); // nearly every image has its own
const MAX_CHIPS = 8;

/** @type {Map<string, Map<MetadataValue, number>>} how often each value of a key occurs */
let counted = new Map();

/** Offer what `hits` have in common, and show what is filtered by. @param {Hit[]} hits */
export function showFacets(hits) {
  counted = countValues(hits);
  byId("filter-keys").replaceChildren(...[...counted.keys()].map((key) => element("option", { value: key })));
  byId("facets").replaceChildren(...chosenChips(), ...offeredChips(hits.length));
}

/**
 * Filter by `value` as the API gives it: how it is written for comparing, the service knows.
 * @param {string} key @param {MetadataValue} value
 */
export function addFilter(key, value) {
  const values = state.filter[key] ?? [];
  if (!values.includes(value)) change({ filter: { ...state.filter, [key]: [...values, value] } });
}

/** @param {string} key @param {MetadataValue} value */
function removeFilter(key, value) {
  const { [key]: values = [], ...others } = state.filter;
  const left = values.filter((one) => one !== value);
  change({ filter: left.length ? { ...state.filter, [key]: left } : others });
}

/** Do something that takes the pressed chip away: the keyboard is brought to the results. @param {() => void} act */
function withFocus(act) {
  act();
  byId("results").focus({ preventScroll: true });
}

/** @param {Hit[]} hits */
function countValues(hits) {
  /** @type {typeof counted} */
  const counts = new Map();
  for (const hit of hits) {
    for (const [key, value] of Object.entries(hit.metadata ?? {})) {
      const values = counts.get(key) ?? new Map();
      counts.set(key, values.set(value, (values.get(value) ?? 0) + 1));
    }
  }
  return counts;
}

function chosenChips() {
  return Object.entries(state.filter).flatMap(([key, values]) =>
    values.map((value) =>
      element(
        "button",
        {
          type: "button",
          class: "chip chosen",
          "aria-label": text("filter.remove", { key, value: String(value) }),
          onclick: () => withFocus(() => removeFilter(key, value)),
        },
        element("span", {}, `${key}: ${value}`),
        icon("close"),
      ),
    ),
  );
}

/** @param {number} shown how many hits there are */
function offeredChips(shown) {
  const offered = [];
  for (const [key, values] of counted) {
    const shared = values.size > 1 && values.size <= shown / 2;
    if (UNSUITED.has(key) || key in state.filter || !shared) continue;
    for (const [value, count] of values) if (count > 1) offered.push({ key, value, count });
  }
  offered.sort((one, other) => other.count - one.count);
  return offered.slice(0, MAX_CHIPS).map(({ key, value }) =>
    element(
      "button",
      {
        type: "button",
        class: "chip",
        title: text("filter.by", { key, value: String(value) }),
        onclick: () => withFocus(() => addFilter(key, value)),
      },
      element("span", {}, String(value) || "/"),
    ),
  );
}

/** Let the reader type a filter. */
export function startFilters() {
  const key = byId("filter-key", HTMLInputElement);
  const value = byId("filter-value", HTMLInputElement);
  key.addEventListener("input", () => {
    const values = [...(counted.get(key.value)?.keys() ?? [])];
    byId("filter-values").replaceChildren(...values.map((one) => element("option", { value: String(one) })));
  });
  byId("filter").addEventListener("submit", (event) => {
    event.preventDefault();
    addFilter(key.value.trim(), suggested(key.value, value.value) ?? value.value.trim());
    value.value = "";
  });
}

/**
 * Return the value that the form suggested as `written`, unless another was typed.
 * @param {string} key @param {string} written
 */
function suggested(key, written) {
  return [...(counted.get(key)?.keys() ?? [])].find((one) => String(one) === written);
}

/**
 * Return a button that filters by one piece of metadata, and calls `before` first.
 * @param {string} key @param {MetadataValue} value @param {() => void} before
 */
export function filterButton(key, value, before) {
  const act = () => {
    before();
    addFilter(key, value);
  };
  const written = String(value);
  return button(written || "/", { title: text("filter.by", { key, value: written }), onclick: act });
}
