// One image of the grid.

import { imageRoute } from "./api.js";
import { config } from "./config.js";
import { button, byId, element } from "./dom.js";
import { bytes, measure, text } from "./i18n.js";
import { address, change, state } from "./state.js";

/**
 * Return the tile of `hit`; its small button calls `showDetails`.
 * @param {Hit} hit @param {(hit: Hit) => void} showDetails
 */
export function makeTile(hit, showDetails) {
  const scored = hit.score !== undefined || hit.distance !== undefined;
  const link = element(
    "a",
    {
      href: address({ collection: state.collection, id: hit.id }),
      draggable: "false",
      "aria-label": labelOf(hit, scored),
    },
    element("span", { class: "frame" }, thumbnail(hit), scored && element("span", { class: "score" }, measure(hit))),
    caption(hit),
    hit.similar ? element("span", { class: "similar" }, text("results.similar", { count: hit.similar })) : null,
  );
  link.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return; // a new tab or window
    event.preventDefault();
    change({ id: hit.id, queryImage: null, box: "" });
    byId("results").focus({ preventScroll: true }); // the tile itself is gone
  });
  const details = button(text("tile.details", { path: hit.file_path }), {
    name: "info",
    bare: true,
    class: "more",
    onclick: () => showDetails(hit),
  });
  return element("li", { class: "tile", "data-id": hit.id }, link, details);
}

/** Return the image's file name: an upload has it in its metadata, its path is made of its content. @param {Hit} hit */
export function fileName(hit) {
  if (hit.file_path.startsWith(config.uploadFolder) && hit.metadata?.name) return String(hit.metadata.name);
  return hit.file_path.slice(hit.file_path.lastIndexOf("/") + 1);
}

/** @param {Hit} hit */
function thumbnail(hit) {
  const image = element("img", { alt: hit.file_path, loading: "lazy", decoding: "async", draggable: "false" });
  image.addEventListener("error", () => image.classList.add("broken"));
  image.src = imageRoute(hit.id, "thumbnail");
  return image;
}

/** @param {Hit} hit @param {boolean} scored */
function labelOf(hit, scored) {
  const search = text("tile.search", { path: hit.file_path });
  if (!scored) return search;
  const value = hit.distance === undefined ? "score" : "distance";
  return `${search}, ${text(`tile.${value}`, { [value]: measure(hit) })}`;
}

/** @param {Hit} hit */
function caption(hit) {
  const size = Number(hit.metadata?.bytes);
  return element(
    "span",
    { class: "caption", title: hit.file_path },
    element("b", {}, fileName(hit)),
    element("i", {}, hit.file_path.slice(0, hit.file_path.lastIndexOf("/") + 1)),
    size ? element("span", { class: "size" }, bytes(size)) : null,
  );
}
