// One image in full: what is known about it and what can be done with it.

import { imageRoute, write } from "./api.js";
import { setCount } from "./collection.js";
import { button, byId, element, icon } from "./dom.js";
import { filterButton } from "./filters.js";
import { bytes, measure, text } from "./i18n.js";
import { copyLink, showError, toast } from "./notifications.js";
import { neighbour, removeTile } from "./results.js";
import { change, linkTo, state } from "./state.js";
import { fileName } from "./tile.js";

const dialog = byId("details", HTMLDialogElement);

/** @type {Hit | null} */
let shown = null;

/** Open the details of `hit`, or go over to them, `step` places on. @param {Hit} hit @param {number} [step] */
export function showDetails(hit, step = 0) {
  shown = hit;
  const pixels = element("dd", {}, "…");
  const back = stepButton(hit, -1);
  const on = stepButton(hit, 1);
  const close = button(text("close"), { name: "close", bare: true, onclick: () => dialog.close() });
  const figure = element("figure", {}, original(hit, pixels), back, on);
  dialog.replaceChildren(element("div", { class: "sheet" }, figure, panel(hit, pixels, close)));
  if (!dialog.open) dialog.showModal();
  const target = step < 0 ? back : step > 0 ? on : close;
  (target.disabled ? close : target).focus(); // what had it is gone
}

/** @param {Hit} hit @param {HTMLElement} pixels */
function original(hit, pixels) {
  const file = imageRoute(hit.id, "file");
  const image = element("img", { alt: hit.file_path, decoding: "async" });
  image.addEventListener("load", () => {
    pixels.textContent = image.src.endsWith(file) ? `${image.naturalWidth} × ${image.naturalHeight}` : "–";
  });
  image.addEventListener("error", () => (image.src = imageRoute(hit.id, "thumbnail")), { once: true });
  image.src = file;
  return image;
}

/** @param {Hit} hit @param {-1 | 1} step */
function stepButton(hit, step) {
  const next = neighbour(hit, step);
  const act = () => next && showDetails(next, step);
  const label = text(step < 0 ? "details.previous" : "details.next");
  return button(label, { name: step < 0 ? "left" : "right", bare: true, disabled: !next, onclick: act });
}

/** @param {Hit} hit @param {HTMLElement} pixels @param {HTMLElement} close */
function panel(hit, pixels, close) {
  const head = element("header", {}, element("h2", { id: "details-title" }, fileName(hit)), close);
  const notice = element("div", { id: "details-notice" });
  const parts = [head, properties(hit, pixels), metadata(hit), copies(hit), notice, actions(hit)];
  return element("div", { class: "properties" }, ...parts);
}

/** @param {Hit} hit @param {HTMLElement} pixels */
function properties(hit, pixels) {
  const list = element("dl");
  const add = (/** @type {string} */ key, /** @type {HTMLElement} */ value) =>
    list.append(element("dt", {}, text(key)), value);
  if (hit.score !== undefined) add("details.score", element("dd", {}, measure(hit)));
  if (hit.distance !== undefined) add("details.distance", element("dd", {}, measure(hit)));
  add("details.path", element("dd", {}, hit.file_path));
  const size = Number(hit.metadata?.bytes);
  if (size) add("details.size", element("dd", {}, bytes(size)));
  add("details.pixels", pixels);
  add("details.id", element("dd", {}, element("code", {}, hit.id)));
  return list;
}

/** @param {Hit} hit */
function metadata(hit) {
  const pairs = Object.entries(hit.metadata ?? {});
  const list = element("dl");
  for (const [key, value] of pairs) {
    if (key === "bytes") continue; // shown as the size
    list.append(
      element("dt", {}, key),
      element(
        "dd",
        {},
        filterButton(key, value, () => dialog.close()),
      ),
    );
  }
  const content = pairs.length ? list : text("details.noMetadata");
  return element("section", {}, element("h3", {}, text("details.metadata")), content);
}

/** @param {Hit} hit */
function copies(hit) {
  if (!hit.collapsed?.length) return null;
  const links = hit.collapsed.map((copy) =>
    element(
      "a",
      { href: linkTo(copy.id), title: `${copy.file_path} ${copy.score === undefined ? "" : measure(copy)}` },
      element("img", { src: imageRoute(copy.id, "thumbnail"), alt: copy.file_path, loading: "lazy" }),
    ),
  );
  return element(
    "section",
    {},
    element("h3", {}, text("details.copies")),
    element("div", { class: "copies" }, ...links),
  );
}

/** @param {Hit} hit @returns {HTMLElement} */
function actions(hit) {
  const search = () => {
    dialog.close();
    change({ id: hit.id, queryImage: null, box: "" });
  };
  const file = { class: "button", href: imageRoute(hit.id, "file"), target: "_blank", rel: "noopener" };
  /** @type {HTMLElement} */
  const bar = element(
    "div",
    { class: "actions" },
    button(text("details.search"), { name: "search", class: "primary", onclick: search }),
    element("a", file, icon("open"), text("details.original")),
    button(text("details.copyLink"), { name: "link", onclick: () => copyLink(linkTo(hit.id)) }),
    button(text("details.delete"), { name: "trash", class: "danger", onclick: () => askToDelete(hit, bar) }),
  );
  return bar;
}

/** @param {Hit} hit @param {HTMLElement} bar */
function askToDelete(hit, bar) {
  const keep = button(text("details.deleteKeep"), { onclick: () => bar.replaceWith(actions(hit)) });
  const question = element("p", { class: "sure" }, text("details.deleteSure"));
  const remove = button(text("details.deleteConfirm"), { class: "danger primary", onclick: () => deleteImage(hit) });
  bar.replaceChildren(question, keep, remove);
  keep.focus();
}

/** @param {Hit} hit */
async function deleteImage(hit) {
  const { collection } = state;
  try {
    const { images } = await write("DELETE", `images/${encodeURIComponent(hit.id)}`, { parameters: { collection } });
    dialog.close();
    setCount(images, collection);
    removeTile(hit.id);
    toast(text("details.deleted", { path: hit.file_path }));
  } catch (error) {
    showError("details-notice", error);
  }
}

/** Let the arrow keys step from image to image, and a click beside the dialog close it. */
export function startDetails() {
  dialog.addEventListener("keydown", (event) => {
    const step = event.key === "ArrowLeft" ? -1 : event.key === "ArrowRight" ? 1 : 0;
    const next = step && shown && neighbour(shown, step);
    if (next) showDetails(next, step);
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close()); // on the backdrop
}
