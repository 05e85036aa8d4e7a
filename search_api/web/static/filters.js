// Filtering by metadata: a form for any key and value, and chips for what the finds have in common.

import { button, byId, element, icon } from "./dom.js";
import { change, state } from "./state.js";
import { text } from "./i18n.js";

const UNSUITED = new Set(["bytes", "name"]); // nearly every picture has its own
const MOST_CHIPS = 8;
let counted = new Map();

/** Offer what `hits` have in common, and show what is filtered by. */
export function showFacets(hits) {
  counted = countValues(hits);
  byId("filter-keys").replaceChildren(...[...counted.keys()].map((key) => element("option", { value: key })));
  byId("facets").replaceChildren(...chosenChips(), ...offeredChips(hits.length));
}

/** Filter by `value`, a text, number or boolean as the API gives it: how it is written for comparing, the service knows. */
export function addFilter(key, value) {
  const values = state.filter[key] ?? [];
  if (!values.includes(value)) change({ filter: { ...state.filter, [key]: [...values, value] } });
}

function removeFilter(key, value) {
  const filter = { ...state.filter, [key]: state.filter[key].filter((one) => one !== value) };
  if (!filter[key].length) delete filter[key];
  change({ filter });
}

/** The chip that is pressed goes: the keyboard is brought to the results. */
function withFocus(act) {
  act();
  byId("results").focus({ preventScroll: true });
}

function countValues(hits) {
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

function offeredChips(shown) {
  const offered = [];
  for (const [key, values] of counted) {
    const shared = values.size > 1 && values.size <= shown / 2;
    if (UNSUITED.has(key) || key in state.filter || !shared) continue;
    for (const [value, count] of values) if (count > 1) offered.push({ key, value, count });
  }
  offered.sort((one, other) => other.count - one.count);
  return offered.slice(0, MOST_CHIPS).map(({ key, value }) =>
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

export function startFilters() {
  const key = byId("filter-key");
  const value = byId("filter-value");
  key.addEventListener("input", () => {
    const values = counted.get(key.value) ?? new Map();
    byId("filter-values").replaceChildren(...[...values.keys()].map((one) => element("option", { value: String(one) })));
  });
  byId("filter").addEventListener("submit", (event) => {
    event.preventDefault();
    addFilter(key.value.trim(), suggested(key.value, value.value) ?? value.value.trim());
    value.value = "";
  });
}

/** The value that the form suggested as `written`, unless the reader has typed another. */
function suggested(key, written) {
  return [...(counted.get(key)?.keys() ?? [])].find((one) => String(one) === written);
}

/** A button that filters by one piece of metadata. */
export function filterButton(key, value, after) {
  const act = () => {
    after();
    addFilter(key, value);
  };
  const written = String(value);
  return button(written || "/", { title: text("filter.by", { key, value: written }), onclick: act });
}
