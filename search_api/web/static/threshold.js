// The two sliders: how many results, and how alike they must be. Both act on what is there already.

import { byId } from "./dom.js";
import { askForSuggestion, facts } from "./config.js";
import { change, state } from "./state.js";
import { distance, text } from "./i18n.js";

const TOPS = [5, 10, 20, 50, 100, 200, 500, 1000, null]; // null: no end
const STEPS = 200;
const ASK_AGAIN_MS = 5000;

const top = byId("top");
const slider = byId("threshold");
const reset = byId("threshold-reset");
let farthest = null; // the largest distance of the finds; null where scores are what counts

export function suggested() {
  return facts.suggestedThreshold ?? facts.defaultThreshold;
}

/** The least score or largest distance that passes now; `passes(hit)` and how it is written. */
export function bound() {
  if (farthest === null) {
    const least = state.score ?? suggested();
    return { l2: false, passes: (hit) => least <= 0 || hit.score >= least, shown: least.toFixed(2) };
  }
  const most = state.distance ?? Infinity;
  return { l2: true, passes: (hit) => hit.distance <= most, shown: distance(Math.min(most, farthest)) };
}

/** Show what counts for `hits`: scores or distances. */
export function adaptTo(hits) {
  const l2 = hits.length > 0 && hits[0].distance !== undefined;
  farthest = l2 ? hits.at(-1).distance : null;
  draw();
}

function draw() {
  const place = TOPS.indexOf(state.top);
  top.max = TOPS.length - 1;
  top.value = place < 0 ? TOPS.findIndex((count) => count === null || count >= state.top) : place;
  const shown = state.top === null ? text("top.all") : text("top.value", { count: state.top });
  say(top, "top-value", shown);
  byId("threshold-label").textContent = text(farthest === null ? "score.label" : "distance.label");
  const [low, high, value] = farthest === null ? [0, 1, state.score ?? suggested()] : [0, farthest, state.distance ?? farthest];
  [slider.min, slider.max, slider.step] = [low, high, farthest === null ? 0.01 : high / STEPS || 1];
  slider.value = value;
  const any = farthest === null ? value <= 0 : state.distance === null;
  say(slider, "threshold-value", any ? text(farthest === null ? "score.any" : "distance.any") : bound().shown);
  const moved = farthest === null ? state.score !== null && state.score !== suggested() : state.distance !== null;
  reset.hidden = !moved;
  reset.textContent = farthest === null ? text("score.reset", { score: suggested().toFixed(2) }) : text("distance.any");
}

function say(range, output, shown) {
  byId(output).textContent = shown;
  range.setAttribute("aria-valuetext", shown);
}

function take(keep) {
  const value = Number(slider.value);
  if (farthest === null) change({ score: value }, keep);
  else change({ distance: value >= Number(slider.max) ? null : value }, keep);
}

export function startThreshold(onChange) {
  const takeTop = (keep) => change({ top: TOPS[Number(top.value)] }, keep);
  top.addEventListener("input", () => takeTop("none"));
  top.addEventListener("change", () => takeTop("replace"));
  slider.addEventListener("input", () => take("none"));
  slider.addEventListener("change", () => take("replace"));
  reset.addEventListener("click", () => {
    change({ score: null, distance: null }, "replace");
    slider.focus();
  });
  draw();
  if (facts.suggestedThreshold === null) askAgain(onChange);
}

export { draw as drawThreshold };

async function askAgain(onChange) {
  const known = await askForSuggestion().catch(() => false);
  if (!known) setTimeout(askAgain, ASK_AGAIN_MS, onChange);
  else {
    draw();
    onChange();
  }
}
