// The collection that is looked at: how many images it has, which others there are, and emptying it.

import { isError, read, write } from "./api.js";
import { config } from "./config.js";
import { button, byId, element } from "./dom.js";
import { text } from "./i18n.js";
import { showError, toast } from "./notifications.js";
import { change, isCurrent, nameless, state } from "./state.js";

/** @type {Map<string, Mode[]>} of the collections that are there; empty while the store is away */
const modes = new Map(config.images ? [[state.collection, config.modes]] : []);
const chooser = byId("collection", HTMLSelectElement);
let images = config.images;
let refresh = () => {};

/**
 * Show that there are `count` images in `collection`, if it is looked at.
 * @param {number} count @param {string} [collection]
 */
export function setCount(count, collection = state.collection) {
  if (!isCurrent(collection)) return;
  images = count;
  byId("count").textContent = images ? text("images", { count: images }) : text("images.none");
  byId("clear").hidden = !images;
}

/** Ask which collections there are and how many images each has; return the one that is looked at. */
export async function loadCollections() {
  /** @type {{collections: CollectionSummary[]}} */
  const { collections } = await read("collections");
  for (const one of collections) if (one.metric !== null) modes.set(nameless(one.name), one.modes);
  byId("collections").hidden = collections.length < 2;
  const options = collections.map(({ name }) => {
    const shown = name === "default" ? text("collection.default") : name;
    return element("option", { value: nameless(name) }, shown);
  });
  chooser.replaceChildren(...options);
  chooser.value = state.collection;
  const current = collections.find(({ name }) => isCurrent(name));
  if (current) setCount(current.images);
  return current;
}

/** Return whether the collection can be asked for images: the first upload or indexed folder makes it. */
export async function isThere() {
  if (images) return true;
  const current = await loadCollections();
  return !current || current.metric !== null;
}

/** Return the mode to search in: "exact" wherever the collection has it. */
export async function searchMode() {
  if (!modes.has(state.collection)) await loadCollections();
  const known = modes.get(state.collection) ?? ["exact"]; // of a collection that is gone the search itself says so
  return known.includes("exact") ? "exact" : "ann";
}

async function askToClear({ changed = false } = {}) {
  const dialog = byId("clear-dialog", HTMLDialogElement);
  const confirmed = images ?? 0;
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

/** @param {number} confirmed */
async function clear(confirmed) {
  const { collection } = state;
  try {
    const { deleted } = await write("DELETE", "images", { parameters: { collection, confirm: confirmed } });
    setCount(0, collection);
    toast(text("clear.done", { count: deleted }));
    if (isCurrent(collection)) refresh();
  } catch (error) {
    if (!isCurrent(collection)) return showError("collection-notice", error);
    if (!isError(error, "confirm_mismatch")) return showError("collection-notice", error, () => askToClear());
    await loadCollections();
    await askToClear({ changed: true });
  }
}

/** Let the reader choose another collection, and empty this one. @param {() => void} onCleared */
export function startCollection(onCleared) {
  refresh = onCleared;
  byId("clear").hidden = !images;
  byId("clear").addEventListener("click", () => askToClear());
  chooser.addEventListener("change", () => {
    change({ collection: chooser.value, id: "", box: "", filter: {}, score: null, distance: null });
  });
}
