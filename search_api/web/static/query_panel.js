// The panel with the picture that is searched by: chosen, pasted, or one of the set.

import { route } from "./api.js";
import { drawBox, startBox } from "./box.js";
import { byId } from "./dom.js";
import { copyLink } from "./notifications.js";
import { currentPicture, searchByFile } from "./query_images.js";
import { change, linkTo, state } from "./state.js";
import { text } from "./i18n.js";

const preview = byId("preview");

/** Show the picture that is searched by now, or the place to choose one. */
export function drawQuery() {
  const picture = currentPicture();
  const asked = Boolean(picture || state.id);
  byId("drop").hidden = asked;
  byId("picked").hidden = !asked;
  byId("copy-link").hidden = !state.id;
  if (!asked) return void preview.removeAttribute("src");
  const source = picture ? picture.url : route(`images/${encodeURIComponent(state.id)}/file`);
  if (preview.getAttribute("src") !== source) {
    byId("stage").hidden = false;
    byId("part").hidden = false;
    preview.src = source;
    preview.alt = text("query.alt", { name: picture ? picture.name : state.id });
    byId("picked-note").textContent = text("box.hint");
  }
  drawBox();
}

function cannotShow() {
  const picture = currentPicture();
  const small = route(`images/${encodeURIComponent(state.id)}/thumbnail`);
  if (state.id && preview.getAttribute("src") !== small) {
    preview.src = small; // a kind of picture that the browser does not know: its thumbnail is a JPEG
    return;
  }
  byId("stage").hidden = true;
  byId("part").hidden = true;
  byId("picked-note").textContent = picture ? text("query.noPreview", { name: picture.name }) : "";
}

function takePasted(event) {
  const file = [...(event.clipboardData?.files ?? [])].find((one) => one.type.startsWith("image/"));
  if (!file) return;
  event.preventDefault();
  searchByFile(file, text("query.pasted"));
}

export function startQuery() {
  const file = byId("file");
  file.addEventListener("change", () => {
    if (file.files[0]) searchByFile(file.files[0]);
    file.value = ""; // so that the same file can be chosen again
  });
  preview.addEventListener("error", () => preview.hasAttribute("src") && cannotShow());
  document.addEventListener("paste", takePasted);
  byId("clear-query").addEventListener("click", () => {
    change({ id: "", picture: null, box: "" });
    file.focus();
  });
  byId("copy-link").addEventListener("click", () => copyLink(linkTo(state.id)));
  startBox();
}
