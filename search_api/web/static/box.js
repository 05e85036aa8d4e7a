// Selecting a part of the query picture: drawn with the pointer, or moved and resized with the keys.

import { byId, element } from "./dom.js";
import { change, state } from "./state.js";
import { text } from "./i18n.js";

const LEAST = 0.02; // of a side; a shorter stroke is a click
const STEP = 0.02;
const SETTLED_MS = 500;
const PARTS = 10_000; // of a side, in which the address is written
const MOVES = { ArrowLeft: [-STEP, 0], ArrowRight: [STEP, 0], ArrowUp: [0, -STEP], ArrowDown: [0, STEP] };

const stage = byId("stage");
const toggle = byId("part");
const keys = element("span", { class: "unseen", id: "part-keys" }, text("box.keys"));
const part = element("div", { class: "part", tabindex: "0", role: "group", "aria-describedby": "part-keys", hidden: true });

let start = null;
let moving = null; // where the keys have brought the part, before it is searched by
let settling = 0;

/** Draw the part that is searched by now. */
export function drawBox() {
  const box = boxOf(state.box);
  moving = null;
  part.hidden = !box;
  toggle.setAttribute("aria-pressed", String(Boolean(box)));
  toggle.lastElementChild.textContent = text(box ? "box.end" : "box.start");
  stage.classList.toggle("selecting", Boolean(box));
  if (box) place(box);
}

function boxOf(written) {
  const numbers = written.split(",").map(Number);
  if (numbers.length !== 4 || numbers.some((one) => !(one >= 0 && one <= 1))) return null;
  const [x, y, w, h] = numbers;
  return { x, y, w, h };
}

function place({ x, y, w, h }) {
  const percent = (part) => Math.round(part * 100);
  Object.assign(part.style, { left: `${x * 100}%`, top: `${y * 100}%`, width: `${w * 100}%`, height: `${h * 100}%` });
  const sides = { left: percent(x), right: percent(x + w), top: percent(y), bottom: percent(y + h) };
  part.setAttribute("aria-label", text("box.label", sides));
  part.hidden = false;
}

function search(box) {
  change({ box: box ? written(box) : "" });
}

function written({ x, y, w, h }) {
  const [left, top] = [x, y].map((one) => Math.round(one * PARTS));
  const width = Math.min(Math.round(w * PARTS), PARTS - left); // two roundings up would lead out of the picture
  const height = Math.min(Math.round(h * PARTS), PARTS - top);
  return [left, top, width, height].map((one) => one / PARTS).join(",");
}

function pointAt(event) {
  const area = stage.getBoundingClientRect();
  const inside = (one) => Math.min(Math.max(one, 0), 1);
  return { x: inside((event.clientX - area.left) / area.width), y: inside((event.clientY - area.top) / area.height) };
}

function drawn(event) {
  const end = pointAt(event);
  const [x, y] = [Math.min(start.x, end.x), Math.min(start.y, end.y)];
  return { x, y, w: Math.abs(end.x - start.x), h: Math.abs(end.y - start.y) };
}

function startPointer() {
  stage.addEventListener("pointerdown", (event) => {
    const scrolls = event.pointerType === "touch" && !stage.classList.contains("selecting");
    if (event.button !== 0 || scrolls) return;
    event.preventDefault();
    start = pointAt(event);
    stage.setPointerCapture(event.pointerId);
  });
  stage.addEventListener("pointermove", (event) => start && place(drawn(event)));
  stage.addEventListener("pointerup", (event) => {
    if (!start) return;
    const box = drawn(event);
    start = null;
    if (box.w >= LEAST && box.h >= LEAST) search(box);
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
    if (!move) return;
    event.preventDefault();
    const box = moving ?? boxOf(state.box);
    moving = event.shiftKey ? resized(box, move) : moved(box, move);
    place(moving);
    clearTimeout(settling);
    settling = setTimeout(() => moving && search(moving), SETTLED_MS);
  });
}

function moved({ x, y, w, h }, [right, down]) {
  return { x: Math.min(Math.max(x + right, 0), 1 - w), y: Math.min(Math.max(y + down, 0), 1 - h), w, h };
}

function resized({ x, y, w, h }, [right, down]) {
  return { x, y, w: Math.min(Math.max(w + right, 0.05), 1 - x), h: Math.min(Math.max(h + down, 0.05), 1 - y) };
}

export function startBox() {
  stage.append(part, keys);
  startPointer();
  startKeys();
  toggle.addEventListener("click", () => {
    search(state.box ? null : { x: 0.25, y: 0.25, w: 0.5, h: 0.5 });
    if (state.box) part.focus();
  });
}
