// The set that is looked at: how many images it has, which sets there are, and emptying it.

import { read, write } from "./api.js";
import { button, byId, element } from "./dom.js";
import { facts } from "./config.js";
import { showError, toast } from "./notifications.js";
import { change, isCurrent, nameless, state } from "./state.js";
import { text } from "./i18n.js";

const modes = new Map(facts.images ? [[state.collection, facts.modes]] : []); // else the store was away, or is not made yet
let images = facts.images;
let refresh = () => {};

/** Show that there are `count` images in `collection`, if it is looked at. */
export function setCount(count, collection = state.collection) {
  if (!isCurrent(collection)) return;
  images = count;
  byId("count").textContent = images ? text("images", { count: images }) : text("images.none");
  byId("clear").hidden = !images;
}

/** Ask which sets there are and how many images each has; return the one that is looked at. */
export async function loadSets() {
  const { collections } = await read("collections");
  for (const one of collections) if (one.metric !== null) modes.set(nameless(one.name), one.modes);
  byId("collections").hidden = collections.length < 2;
  const options = collections.map(({ name }) => {
    const shown = name === "default" ? text("collection.default") : name;
    return element("option", { value: nameless(name) }, shown);
  });
  byId("collection").replaceChildren(...options);
  byId("collection").value = state.collection;
  const current = collections.find(({ name }) => isCurrent(name));
  if (current) setCount(current.images);
  return current;
}

/** Whether the set can be asked for images: the first upload or indexed folder makes it. */
export async function isThere() {
  if (images) return true;
  const current = await loadSets();
  return !current || current.metric !== null;
}

/** The mode to search in: "exact" wherever it is to be had. */
export async function searchMode() {
  if (!modes.has(state.collection)) await loadSets();
  const known = modes.get(state.collection) ?? ["exact"]; // of a set that is gone the search itself says so
  return known.includes("exact") ? "exact" : "ann";
}

async function askToClear({ changed = false } = {}) {
  const dialog = byId("clear-dialog");
  const confirmed = images;
  const act = async () => {
    dialog.close();
    await clear(confirmed);
  };
  const cancel = button(text("cancel"), { onclick: () => dialog.close() });
  const remove = button(text("clear.confirm", { count: confirmed }), { class: "danger primary", onclick: act });
  const content = element(
    "form",
    { method: "dialog" },
    element("h2", { id: "clear-title" }, text("clear.title", { count: confirmed })),
    changed && element("p", { role: "alert" }, text("clear.changed")),
    element("p", {}, text("clear.text", { collection: state.collection || text("collection.default") })),
    element("div", { class: "choice" }, cancel, remove),
  );
  dialog.replaceChildren(content);
  dialog.showModal();
  cancel.focus();
}

async function clear(confirmed) {
  const { collection } = state;
  try {
    const { deleted } = await write("DELETE", "images", { parameters: { collection, confirm: confirmed } });
    setCount(0, collection);
    toast(text("clear.done", { count: deleted }));
    if (isCurrent(collection)) refresh();
  } catch (error) {
    if (!isCurrent(collection)) return showError("set-notice", error);
    if (error.name !== "confirm_mismatch") return showError("set-notice", error, () => askToClear());
    await loadSets();
    await askToClear({ changed: true });
  }
}

export function startSet(onCleared) {
  refresh = onCleared;
  byId("clear").hidden = !images;
  byId("clear").addEventListener("click", () => askToClear());
  byId("collection").addEventListener("change", (event) => {
    change({ collection: event.target.value, id: "", box: "", filter: {}, score: null, distance: null });
  });
}
