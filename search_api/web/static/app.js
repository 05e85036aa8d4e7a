// Puts the page together: which part follows which change.

import { showDetails, startDetails } from "./details.js";
import { startDrop } from "./drop.js";
import { byId } from "./dom.js";
import { facts } from "./config.js";
import { startFilters } from "./filters.js";
import { loadJobs, startJobs } from "./jobs.js";
import { askForKey } from "./api_key.js";
import { showError } from "./notifications.js";
import { currentPicture } from "./query_images.js";
import { drawQuery, startQuery } from "./query_panel.js";
import { draw, fill, isEmpty, load, startResults } from "./results.js";
import { loadSets, startSet } from "./collection.js";
import { address, change, onChange, state } from "./state.js";
import { drawThreshold, startThreshold } from "./threshold.js";
import { addFiles, startUpload } from "./upload.js";

const ASKED_BY = ["collection", "id", "picture", "box", "filter", "excludeSelf", "collapse"];

function follow(before) {
  const changed = (name) => JSON.stringify(before[name]) !== JSON.stringify(state[name]);
  drawQuery();
  drawThreshold();
  drawOptions();
  if (changed("collection")) {
    for (const about of ["details", "clear-dialog"]) byId(about).close(); // Back leaves them open over the other set
    loadSet();
  }
  if (["id", "picture", "collection"].some(changed)) scrollTo({ top: 0 });
  if (ASKED_BY.some(changed)) load();
  else {
    draw();
    fill();
  }
}

function drawOptions() {
  byId("exclude-self").checked = state.excludeSelf;
  byId("collapse").checked = state.collapse;
  const other = new URL(address(state), location.href);
  other.searchParams.set("lang", byId("language").hreflang);
  byId("language").href = other.href;
  byId("home").href = address({ collection: state.collection });
}

/** What is known of the set beside its pictures; without it one can still search. */
function loadSet() {
  for (const part of [loadSets, loadJobs]) part().catch((error) => showError("set-notice", error));
}

function refresh() {
  loadSets().catch((error) => showError("set-notice", error));
  load();
}

/** The set has grown: its first pictures are shown at once, later ones do not move what one looks at. */
function grow() {
  const reload = isEmpty();
  loadSets().catch((error) => showError("set-notice", error));
  if (reload) load();
}

function startOptions() {
  byId("exclude-self").addEventListener("change", (event) => change({ excludeSelf: event.target.checked }, "replace"));
  byId("collapse").addEventListener("change", (event) => change({ collapse: event.target.checked }, "replace"));
  byId("key").hidden = !facts.needsKey;
  byId("key").addEventListener("click", () => askForKey());
  if (matchMedia("(max-width: 760px)").matches) for (const name of ["options", "set"]) byId(name).open = name === "set" && !facts.images;
}

startOptions();
startQuery();
startFilters();
startThreshold(draw);
startResults(showDetails);
startDetails();
startSet(refresh);
startJobs(refresh, grow);
startUpload(refresh);
startDrop(addFiles);
onChange(follow);
if (state.picture !== null && !currentPicture()) Object.assign(state, { picture: null, box: "" }); // lost by a reload
history.replaceState({ picture: state.picture }, "", address(state)); // the language is in the cookie now
drawQuery();
drawOptions();
loadSet();
load();
