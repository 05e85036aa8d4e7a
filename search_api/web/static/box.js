// Selecting a part of the query image: drawn with the pointer, or moved and resized with the keys.

import { byId, element } from "./dom.js";
import { text } from "./i18n.js";
import { change, state } from "./state.js";

/** @typedef {{x: number, y: number, w: number, h: number}} Box in parts of the image's sides */

const MIN_STROKE = 0.02; // of a side; a shorter stroke is a click
const MIN_SIDE = 0.05;
const STEP = 0.02;
const SETTLED_MS = 500;
const PARTS = 10_000; // of a side, in which the address is written

/** @type {Record<string, [number, number]>} */
const MOVES = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

const stage = byId("stage");
const toggle = byId("part");
const keys = element("span", { class: "visually-hidden", id: "part-keys" }, text("box.keys"));
const part = element("div", {
  class: "part",
  tabindex: "0",
  role: "group",
  "aria-describedby": "part-keys",
  hidden: true,
});

/** @type {{x: number, y: number} | null} where the pointer went down */
let start = null;

/** @type {Box | null} where the keys have brought the part, before it is searched by */
let moving = null;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let settling;

/** Draw the part that is searched by now. */
export function drawBox() {
  const box = boxOf(state.box);
  moving = null;
  part.hidden = !box;
  toggle.setAttribute("aria-pressed", String(Boolean(box)));
  if (toggle.lastElementChild) toggle.lastElementChild.textContent = text(box ? "box.end" : "box.start");
  stage.classList.toggle("selecting", Boolean(box));
  if (box) show(box);
}

/** @param {string} written @returns {Box | null} */
function boxOf(written) {
  const numbers = written.split(",").map(Number);
  if (numbers.length !== 4 || numbers.some((one) => !(one >= 0 && one <= 1))) return null;
  const [x, y, w, h] = /** @type {[number, number, number, number]} */ (numbers);
  return { x, y, w, h };
}

/** @param {Box} box */
function show({ x, y, w, h }) {
  const percent = (/** @type {number} */ share) => Math.round(share * 100);
  Object.assign(part.style, { left: `${x * 100}%`, top: `${y * 100}%`, width: `${w * 100}%`, height: `${h * 100}%` });
  const sides = { left: percent(x), right: percent(x + w), top: percent(y), bottom: percent(y + h) };
  part.setAttribute("aria-label", text("box.label", sides));
  part.hidden = false;
}

/** @param {Box | null} box */
function search(box) {
  change({ box: box ? written(box) : "" });
}

/** @param {Box} box */
function written({ x, y, w, h }) {
  const left = Math.round(x * PARTS);
  const top = Math.round(y * PARTS);
  const width = Math.min(Math.round(w * PARTS), PARTS - left); // two roundings up would lead out of the image
  const height = Math.min(Math.round(h * PARTS), PARTS - top);
  return [left, top, width, height].map((one) => one / PARTS).join(",");
}

/** @param {PointerEvent} event */
function pointAt(event) {
  const area = stage.getBoundingClientRect();
  return {
    x: between(0, (event.clientX - area.left) / area.width, 1),
    y: between(0, (event.clientY - area.top) / area.height, 1),
  };
}

/** @param {number} low @param {number} value @param {number} high */
function between(low, value, high) {
  return Math.min(Math.max(value, low), high);
}

/** @param {{x: number, y: number}} from @param {PointerEvent} event @returns {Box} */
function drawn(from, event) {
  const end = pointAt(event);
  const [x, y] = [Math.min(from.x, end.x), Math.min(from.y, end.y)];
  return { x, y, w: Math.abs(end.x - from.x), h: Math.abs(end.y - from.y) };
}

function startPointer() {
  stage.addEventListener("pointerdown", (event) => {
    const scrolls = event.pointerType === "touch" && !stage.classList.contains("selecting");
    if (event.button !== 0 || scrolls) return;
    event.preventDefault();
    start = pointAt(event);
    stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener("pointermove", (event) => start && show(drawn(start, event)));
  stage.addEventListener("pointerup", (event) => {
    if (!start) return;
    const box = drawn(start, event);
    start = null;
    if (box.w >= MIN_STROKE && box.h >= MIN_STROKE) search(box);
    else if (state.box) search(null);
    else drawBox();
  });
  stage.addEventListener("pointercancel", () => {
    start = null;
    drawBox();
  });
}

function startKeys() {
  part.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      search(null);
      toggle.focus();
      return;
    }
    const move = MOVES[event.key];
    const box = moving ?? boxOf(state.box);
    if (!move || !box) return;
    event.preventDefault();
    moving = event.shiftKey ? resized(box, move) : moved(box, move);
    show(moving);
    clearTimeout(settling);
    settling = setTimeout(() => moving && search(moving), SETTLED_MS);
  });
}

/** @param {Box} box @param {[number, number]} step @returns {Box} */
function moved({ x, y, w, h }, [right, down]) {
  return { x: between(0, x + right, 1 - w), y: between(0, y + down, 1 - h), w, h };
}

/** @param {Box} box @param {[number, number]} step @returns {Box} */
function resized({ x, y, w, h }, [right, down]) {
  return { x, y, w: between(MIN_SIDE, w + right, 1 - x), h: between(MIN_SIDE, h + down, 1 - y) };
}

/** Let the reader select a part. */
export function startBox() {
  stage.append(part, keys);
  startPointer();
  startKeys();
  toggle.addEventListener("click", () => {
    search(state.box ? null : { x: 0.25, y: 0.25, w: 0.5, h: 0.5 });
    if (state.box) part.focus();
  });
}
