// The panel with the image that is searched by: chosen, pasted, or one of the collection.

import { imageRoute } from "./api.js";
import { drawBox, startBox } from "./box.js";
import { byId } from "./dom.js";
import { text } from "./i18n.js";
import { copyLink } from "./notifications.js";
import { currentUpload, searchByFile } from "./query_images.js";
import { change, linkTo, state } from "./state.js";

const preview = byId("preview", HTMLImageElement);

/** Show the image that is searched by now, or where to choose one. */
export function drawQuery() {
  const upload = currentUpload();
  const hasQuery = Boolean(upload || state.id);
  byId("drop").hidden = hasQuery;
  byId("picked").hidden = !hasQuery;
  byId("copy-link").hidden = !state.id;
  if (!hasQuery) return void preview.removeAttribute("src");
  const source = upload ? upload.url : imageRoute(state.id, "file");
  if (preview.getAttribute("src") !== source) {
    byId("stage").hidden = false;
    byId("part").hidden = false;
    preview.src = source;
    preview.alt = text("query.alt", { name: upload ? upload.name : state.id });
    byId("picked-note").textContent = text("box.hint");
  }
  drawBox();
}

function showUnreadable() {
  const upload = currentUpload();
  const thumbnail = imageRoute(state.id, "thumbnail");
  if (state.id && preview.getAttribute("src") !== thumbnail) {
    preview.src = thumbnail; // a format that the browser does not know: its thumbnail is a JPEG
    return;
  }
  byId("stage").hidden = true;
  byId("part").hidden = true;
  byId("picked-note").textContent = upload ? text("query.noPreview", { name: upload.name }) : "";
}

/** @param {ClipboardEvent} event */
function takePasted(event) {
  const file = [...(event.clipboardData?.files ?? [])].find((one) => one.type.startsWith("image/"));
  if (!file) return;
  event.preventDefault();
  searchByFile(file, text("query.pasted"));
}

/** Let the reader choose, paste, replace and clear the image. */
export function startQuery() {
  const input = byId("file", HTMLInputElement);
  input.addEventListener("change", () => {
    const [file] = input.files ?? [];
    if (file) searchByFile(file);
    input.value = ""; // so that the same file can be chosen again
  });
  preview.addEventListener("error", () => preview.hasAttribute("src") && showUnreadable());
  document.addEventListener("paste", takePasted);
  byId("clear-query").addEventListener("click", () => {
    change({ id: "", queryImage: null, box: "" });
    input.focus();
  });
  byId("copy-link").addEventListener("click", () => copyLink(linkTo(state.id)));
  startBox();
}
