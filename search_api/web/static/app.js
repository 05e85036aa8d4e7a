// Puts the page together: which part follows which change.

import { askForKey } from "./api_key.js";
import { loadCollections, startCollection } from "./collection.js";
import { config } from "./config.js";
import { showDetails, startDetails } from "./details.js";
import { byId } from "./dom.js";
import { startDrop } from "./drop.js";
import { startFilters } from "./filters.js";
import { loadJobs, startJobs } from "./jobs.js";
import { showError } from "./notifications.js";
import { PARAMETERS } from "./parameters.js";
import { currentUpload } from "./query_images.js";
import { drawQuery, startQuery } from "./query_panel.js";
import { draw, fill, isEmpty, load, startResults } from "./results.js";
import { address, change, onChange, replaceAddress, state } from "./state.js";
import { drawThreshold, startThreshold } from "./threshold.js";
import { addFiles, startUpload } from "./upload.js";

const QUERY = ["queryImage", ...PARAMETERS.filter(({ live }) => !live).map(({ name }) => name)];
const language = byId("language", HTMLAnchorElement);
const switches = PARAMETERS.flatMap(({ name, control }) => {
  const box = control && document.getElementById(control);
  return box instanceof HTMLInputElement && box.type === "checkbox" ? [{ name, box }] : [];
});

/** @param {State} before */
function follow(before) {
  const changed = (/** @type {string} */ name) => JSON.stringify(before[name]) !== JSON.stringify(state[name]);
  drawQuery();
  drawThreshold();
  drawOptions();
  if (changed("collection")) {
    // Back leaves them open over the other collection
    for (const id of ["details", "clear-dialog"]) byId(id, HTMLDialogElement).close();
    loadCollection();
  }
  if (["id", "queryImage", "collection"].some(changed)) scrollTo({ top: 0 });
  if (QUERY.some(changed)) load();
  else {
    draw();
    fill();
  }
}

function drawOptions() {
  for (const { name, box } of switches) box.checked = Boolean(state[name]);
  const other = new URL(address(state), location.href);
  other.searchParams.set("lang", language.hreflang);
  language.href = other.href;
  byId("home", HTMLAnchorElement).href = address({ collection: state.collection });
}

/** Load what is known of the collection beside its images; without it one can still search. */
function loadCollection() {
  for (const part of [loadCollections, loadJobs]) part().catch(report);
}

/** @param {unknown} error */
function report(error) {
  showError("collection-notice", error);
}

function refresh() {
  loadCollections().catch(report);
  load();
}

/** The collection has grown: its first images are shown at once, later ones do not move what one looks at. */
function grow() {
  const reload = isEmpty();
  loadCollections().catch(report);
  if (reload) load();
}

function startOptions() {
  for (const { name, box } of switches) {
    box.addEventListener("change", () => change({ [name]: box.checked }, "replace"));
  }
  byId("key").hidden = !config.needsKey;
  byId("key").addEventListener("click", () => askForKey());
  if (!matchMedia("(max-width: 760px)").matches) return;
  byId("options", HTMLDetailsElement).open = false;
  byId("collection-panel", HTMLDetailsElement).open = !config.images;
}

startOptions();
startQuery();
startFilters();
startThreshold(draw);
startResults(showDetails);
startDetails();
startCollection(refresh);
startJobs(refresh, grow);
startUpload(refresh);
startDrop(addFiles);
onChange(follow);
// A reload loses the uploads.
if (state.queryImage !== null && !currentUpload()) Object.assign(state, { queryImage: null, box: "" });
replaceAddress(); // the language is in the cookie now
drawQuery();
drawOptions();
loadCollection();
load();
