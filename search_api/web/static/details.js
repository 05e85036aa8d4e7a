// One picture in full: what is known of it and what can be done with it.

import { route, write } from "./api.js";
import { button, byId, element, icon } from "./dom.js";
import { filterButton } from "./filters.js";
import { copyLink, showError, toast } from "./notifications.js";
import { neighbour, removeTile } from "./results.js";
import { setCount } from "./collection.js";
import { change, linkTo, state } from "./state.js";
import { bytes, measure, text } from "./i18n.js";
import { fileName, thumbnail } from "./tile.js";

const dialog = byId("details");
let shown = null;

/** Open the view of `hit`, or go over to it, `step` places on. */
export function showDetails(hit, step = 0) {
  shown = hit;
  const pixels = element("dd", {}, "…");
  dialog.replaceChildren(element("div", { class: "sheet" }, figure(hit, pixels), panel(hit, pixels)));
  if (!dialog.open) dialog.showModal();
  const [back, on] = dialog.querySelectorAll("figure button");
  const target = step < 0 ? back : step > 0 ? on : null;
  (target && !target.disabled ? target : dialog.querySelector("header button")).focus(); // what had it is gone
}

function figure(hit, pixels) {
  const image = element("img", { alt: hit.file_path, decoding: "async" });
  image.addEventListener("load", () => {
    if (image.src.endsWith(fileOf(hit))) pixels.textContent = `${image.naturalWidth} × ${image.naturalHeight}`;
    else pixels.textContent = "–";
  });
  image.addEventListener("error", () => (image.src = thumbnail(hit.id)), { once: true });
  image.src = fileOf(hit);
  return element("figure", {}, image, stepButton(hit, -1), stepButton(hit, 1));
}

function stepButton(hit, step) {
  const [label, name] = step < 0 ? ["details.previous", "left"] : ["details.next", "right"];
  const there = neighbour(hit, step);
  return button(text(label), { name, bare: true, disabled: !there, onclick: () => showDetails(there, step) });
}

function panel(hit, pixels) {
  const head = element(
    "header",
    {},
    element("h2", { id: "details-title" }, fileName(hit)),
    button(text("close"), { name: "close", bare: true, onclick: () => dialog.close() }),
  );
  const notice = element("div", { id: "details-notice" });
  return element("div", { class: "facts" }, head, facts(hit, pixels), metadata(hit), copies(hit), notice, actions(hit));
}

function facts(hit, pixels) {
  const list = element("dl");
  const add = (key, value) => list.append(element("dt", {}, text(key)), value);
  if (hit.score !== undefined) add("details.score", element("dd", {}, measure(hit)));
  if (hit.distance !== undefined) add("details.distance", element("dd", {}, measure(hit)));
  add("details.path", element("dd", {}, hit.file_path));
  const size = Number(hit.metadata?.bytes);
  if (size) add("details.size", element("dd", {}, bytes(size)));
  add("details.pixels", pixels);
  add("details.id", element("dd", {}, element("code", {}, hit.id)));
  return list;
}

function metadata(hit) {
  const pairs = Object.entries(hit.metadata ?? {});
  const list = element("dl");
  for (const [key, value] of pairs) {
    if (key === "bytes") continue; // shown as the size
    list.append(element("dt", {}, key), element("dd", {}, filterButton(key, value, () => dialog.close())));
  }
  return element("section", {}, element("h3", {}, text("details.metadata")), pairs.length ? list : text("details.noMetadata"));
}

function copies(hit) {
  if (!hit.collapsed?.length) return null;
  const pictures = hit.collapsed.map((copy) =>
    element(
      "a",
      { href: linkTo(copy.id), title: `${copy.file_path} ${copy.score === undefined ? "" : measure(copy)}` },
      element("img", { src: thumbnail(copy.id), alt: copy.file_path, loading: "lazy" }),
    ),
  );
  return element("section", {}, element("h3", {}, text("details.copies")), element("div", { class: "copies" }, ...pictures));
}

function actions(hit) {
  const search = () => {
    dialog.close();
    change({ id: hit.id, picture: null, box: "" });
  };
  const original = { class: "button", href: fileOf(hit), target: "_blank", rel: "noopener" };
  const bar = element(
    "div",
    { class: "actions" },
    button(text("details.search"), { name: "search", class: "primary", onclick: search }),
    element("a", original, icon("open"), text("details.original")),
    button(text("details.copyLink"), { name: "link", onclick: () => copyLink(linkTo(hit.id)) }),
    button(text("details.delete"), { name: "trash", class: "danger", onclick: () => askToDelete(hit, bar) }),
  );
  return bar;
}

function askToDelete(hit, bar) {
  const keep = button(text("details.deleteKeep"), { onclick: () => bar.replaceWith(actions(hit)) });
  const sure = element("p", { class: "sure" }, text("details.deleteSure"));
  const remove = button(text("details.deleteConfirm"), { class: "danger primary", onclick: () => deleteImage(hit) });
  bar.replaceChildren(sure, keep, remove);
  keep.focus();
}

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

function fileOf(hit) {
  return route(`images/${encodeURIComponent(hit.id)}/file`);
}

export function startDetails() {
  dialog.addEventListener("keydown", (event) => {
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const next = step && shown && neighbour(shown, step);
    if (next) showDetails(next, step);
  });
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close()); // on the backdrop
}
