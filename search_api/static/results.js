// The list of finds: filled page by page while one scrolls, cut live by the sliders.

import { byId, button, element } from "./elements.js";
import { facts } from "./facts.js";
import { showFacets } from "./filters.js";
import { clearNotice, showError } from "./notice.js";
import { currentSource } from "./sources.js";
import { state } from "./state.js";
import { measure, number, text } from "./texts.js";
import { adaptTo, bound } from "./threshold.js";
import { makeTile } from "./tile.js";

const grid = byId("finds");
const divider = element("li", { class: "lower" });
const toggle = button("", { "aria-expanded": "false", onclick: () => showLower(toggle.getAttribute("aria-expanded") === "false") });
const AHEAD = 800; // pixels
const MANY = 500; // beyond it the browser is told to lay out only what is in sight
const FEW = 12; // with fewer finds above the suggested threshold the next best are worth seeing at once

let feed = null;
let lower = null; // whether finds that do not pass are shown: null until the reader says so
let showDetails = () => {};

/** Ask anew for what `state` says. */
export function load() {
  feed?.stop.abort();
  feed = { ...currentSource(), items: [], tiles: [], total: 0, stop: new AbortController(), busy: false, page: null };
  feed.next = feed.first;
  lower = null;
  clearNotice("notice");
  byId("results-title").textContent = text(feed.search ? "results.title" : "results.browse");
  byId("status").textContent = text("results.searching");
  document.documentElement.classList.add("waiting");
  return more(feed);
}

async function more(mine) {
  mine.busy = true;
  try {
    const page = await mine.ask(mine.next, mine.stop.signal);
    if (mine === feed) take(page);
  } catch (error) {
    if (mine === feed) fail(error);
  }
  mine.busy = false;
  requestAnimationFrame(fill);
}

function take(page) {
  const first = feed.page === null;
  if (first) performance.mark("answer");
  Object.assign(feed, { page, total: page.total, next: page.next });
  if (first) grid.replaceChildren();
  const tiles = page.items.map((hit) => makeTile(hit, showDetails));
  feed.items.push(...page.items);
  feed.tiles.push(...tiles);
  if (feed.search) adaptTo(feed.items);
  grid.classList.toggle("long", feed.items.length > MANY);
  grid.append(...tiles);
  showFacets(feed.items);
  draw();
  document.documentElement.classList.remove("waiting");
  if (first) markDrawn(feed);
}

function fail(error) {
  if (feed.page === null) {
    grid.replaceChildren();
    byId("verdict").hidden = true;
    byId("empty").hidden = true;
  }
  document.documentElement.classList.remove("waiting");
  byId("status").textContent = "";
  feed.next = null;
  const again = feed.page === null ? load : null;
  showError("notice", error, again);
}

/** Show and hide what is there already, by the sliders. */
export function draw() {
  if (!feed?.page) return;
  const top = Math.min(state.top ?? Infinity, feed.total);
  const { passes, shown, l2 } = feed.search ? bound() : { passes: () => true, shown: "", l2: false };
  const failing = feed.items.findIndex((hit) => !passes(hit));
  const cut = failing < 0 ? feed.items.length : failing;
  const none = cut === 0 && feed.items.length > 0;
  const open = lower ?? (none || (cut < FEW && state.score === null && state.distance === null));
  feed.tiles.forEach((tile, index) => {
    tile.hidden = index >= top || (index >= cut && !open);
    tile.classList.toggle("under", index >= cut);
  });
  drawDivider(cut, Math.min(top, feed.total) - cut, failing >= 0 && cut > 0 && cut < top, { open, shown, l2 });
  drawVerdict(none, shown, l2);
  drawStatus(cut, failing >= 0, { shown, l2 });
  drawEnd(top);
  feed.wants = feed.next !== null && feed.items.length < top && (open || failing < 0);
}

function drawDivider(cut, count, needed, { open, shown, l2 }) {
  divider.remove();
  if (!needed) return;
  const said = text(l2 ? "results.beyond" : "results.below", { count, bound: shown });
  toggle.firstChild.textContent = text(open ? "results.hideLower" : "results.showLower");
  toggle.setAttribute("aria-expanded", String(open));
  divider.replaceChildren(element("span", {}, said), toggle);
  grid.insertBefore(divider, feed.tiles[cut]);
}

function drawVerdict(none, shown, l2) {
  const verdict = byId("verdict");
  const nothing = feed.items.length === 0 && (feed.search || Object.keys(state.filter).length > 0);
  verdict.hidden = !none && !nothing;
  byId("empty").hidden = feed.items.length > 0 || nothing;
  if (verdict.hidden) return;
  const key = nothing ? "results.none" : l2 ? "results.noneWithin" : "results.noneAbove";
  const best = nothing ? "" : measure(feed.items[0]);
  verdict.replaceChildren(
    element("h3", {}, text(key, { bound: shown })),
    element("p", {}, text(`${key}.hint`, { best })),
  );
}

function drawStatus(cut, known, { shown, l2 }) {
  if (!feed.total) return void (byId("status").textContent = "");
  const total = feed.page.atLeast ? text("results.atLeast", { count: feed.total }) : number(feed.total);
  const count = known || feed.next === null ? number(cut) : text("results.orMore", { count: cut });
  const reach = text(l2 ? "results.within" : "results.reach", { count, total, bound: shown });
  const said = [feed.search ? reach : text("results.count", { count: feed.total })];
  if (state.top < feed.total && state.top !== null) said.push(text("results.best", { count: state.top }));
  if (feed.page.took !== null) said.push(text("results.took", { ms: Math.max(1, Math.round(feed.page.took)) }));
  byId("status").textContent = said.join(" · ");
}

function drawEnd(top) {
  const end = byId("end");
  const limited = feed.page.limited && state.top === null;
  const cutOff = state.top !== null && feed.items.length >= top && feed.total > top;
  end.hidden = !(limited || cutOff);
  end.textContent = limited ? text("results.limit", { count: facts.maxDepth }) : text("results.topReached", { count: top });
}

function showLower(wanted) {
  lower = wanted;
  draw();
  toggle.focus();
  fill();
}

/** Ask for the next page while the end of the list is nearly in sight and something of it would be shown. */
export function fill() {
  if (!feed?.wants || feed.busy || feed.next === null) return;
  if (byId("sentinel").getBoundingClientRect().top < innerHeight + AHEAD) more(feed);
}

export function isEmpty() {
  return !feed.items.length;
}

/** Take the picture `id` out of the list. */
export function removeTile(id) {
  const index = feed.items.findIndex((hit) => hit.id === id);
  if (index < 0) return;
  feed.tiles[index].remove();
  feed.tiles.splice(index, 1);
  feed.items.splice(index, 1);
  feed.total -= 1;
  draw();
}

/** The picture `step` places from `hit` among those that are shown, or undefined. */
export function neighbour(hit, step) {
  const next = feed.items.indexOf(hit) + step;
  return feed.tiles[next]?.hidden === false ? feed.items[next] : undefined;
}

export function startResults(details) {
  showDetails = details;
  new IntersectionObserver(fill, { rootMargin: `${AHEAD}px` }).observe(byId("sentinel"));
}

function markDrawn(mine) {
  requestAnimationFrame(() =>
    setTimeout(async () => {
      performance.mark("drawn");
      performance.measure("answer-to-drawn", "answer", "drawn");
      const visible = mine.tiles.filter((tile) => tile.getBoundingClientRect().top < innerHeight && !tile.hidden);
      await Promise.allSettled(visible.map((tile) => tile.querySelector("img").decode()));
      if (mine !== feed) return;
      performance.mark("pictures");
      performance.measure("answer-to-pictures", "answer", "pictures");
    }),
  );
}
