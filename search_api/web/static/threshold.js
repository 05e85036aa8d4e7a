// The two sliders: how many results, and how similar they must be. Both act on what is there already.

import { read } from "./api.js";
import { config } from "./config.js";
import { byId } from "./dom.js";
import { distance, text } from "./i18n.js";
import { serverDefault } from "./parameters.js";
import { change, state } from "./state.js";

const TOPS = [5, 10, 20, 50, 100, 200, 500, 1000, null]; // null: all
const STEPS = 200;
const ASK_AGAIN_MS = 5000;

const top = byId("top", HTMLInputElement);
const slider = byId("threshold", HTMLInputElement);
const reset = byId("threshold-reset");

/** @type {number | null} the largest distance of the hits; null where scores are what counts */
let farthest = null;

function suggested() {
  return config.suggestedThreshold ?? Number(serverDefault("score"));
}

/** Return the minimum score or largest distance that passes now. @returns {Bound} */
export function currentBound() {
  if (farthest === null) {
    const min = state.score ?? suggested();
    return { l2: false, passes: (hit) => min <= 0 || (hit.score ?? 0) >= min, shown: min.toFixed(2) };
  }
  const max = state.distance ?? Infinity;
  return { l2: true, passes: (hit) => (hit.distance ?? 0) <= max, shown: distance(Math.min(max, farthest)) };
}

/** Show what counts for `hits`: scores or distances. @param {Hit[]} hits */
export function adaptTo(hits) {
  farthest = hits[0]?.distance === undefined ? null : (hits.at(-1)?.distance ?? null);
  drawThreshold();
}

/** Show where both sliders stand. */
export function drawThreshold() {
  drawTop();
  if (farthest === null) drawScore();
  else drawDistance(farthest);
}

function drawTop() {
  const wanted = state.top;
  const position = TOPS.findIndex((count) => count === null || (wanted !== null && count >= wanted));
  top.max = String(TOPS.length - 1);
  top.value = String(position);
  say(top, "top-value", wanted === null ? text("top.all") : text("top.value", { count: wanted }));
}

function drawScore() {
  const value = state.score ?? suggested();
  byId("threshold-label").textContent = text("score.label");
  setRange(1, 0.01, value);
  say(slider, "threshold-value", value <= 0 ? text("score.any") : currentBound().shown);
  reset.hidden = state.score === null || state.score === suggested();
  reset.textContent = text("score.reset", { score: suggested().toFixed(2) });
}

/** @param {number} max */
function drawDistance(max) {
  byId("threshold-label").textContent = text("distance.label");
  setRange(max, max / STEPS || 1, state.distance ?? max);
  say(slider, "threshold-value", state.distance === null ? text("distance.any") : currentBound().shown);
  reset.hidden = state.distance === null;
  reset.textContent = text("distance.any");
}

/** @param {number} max @param {number} step @param {number} value */
function setRange(max, step, value) {
  [slider.min, slider.max, slider.step] = ["0", String(max), String(step)];
  slider.value = String(value);
}

/** @param {HTMLInputElement} range @param {string} output @param {string} shown */
function say(range, output, shown) {
  byId(output).textContent = shown;
  range.setAttribute("aria-valuetext", shown);
}

/** @param {Keep} keep */
function take(keep) {
  const value = Number(slider.value);
  if (farthest === null) change({ score: value }, keep);
  else change({ distance: value >= Number(slider.max) ? null : value }, keep);
}

/**
 * Let both sliders act; `onSuggestion` is called when the suggested threshold comes later than the page.
 * @param {() => void} onSuggestion
 */
export function startThreshold(onSuggestion) {
  const takeTop = (/** @type {Keep} */ keep) => change({ top: TOPS[Number(top.value)] ?? null }, keep);
  top.addEventListener("input", () => takeTop("none"));
  top.addEventListener("change", () => takeTop("replace"));
  slider.addEventListener("input", () => take("none"));
  slider.addEventListener("change", () => take("replace"));
  reset.addEventListener("click", () => {
    change({ score: null, distance: null }, "replace");
    slider.focus();
  });
  drawThreshold();
  if (config.suggestedThreshold === null) askAgain(onSuggestion);
}

/** Ask for the model's suggested threshold until the extractor is there. @param {() => void} onSuggestion */
async function askAgain(onSuggestion) {
  try {
    config.suggestedThreshold = (await read("page.json")).suggestedThreshold;
  } catch {
    // the service is away too: ask again
  }
  if (config.suggestedThreshold === null) return void setTimeout(askAgain, ASK_AGAIN_MS, onSuggestion);
  drawThreshold();
  onSuggestion();
}
