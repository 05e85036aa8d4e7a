// The list of finds: filled page by page while one scrolls, cut live by the sliders.

import { byId, button, element } from "./dom.js";
import { showFacets } from "./filters.js";
import { clearNotice, showError } from "./notifications.js";
import { currentSource } from "./queries.js";
import { state } from "./state.js";
import { drawEnd, drawStatus, drawVerdict } from "./summary.js";
import { text } from "./i18n.js";
import { adaptTo, bound } from "./threshold.js";
import { makeTile } from "./tile.js";
import { markAnswer, markDrawn } from "./timing.js";

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
  feed = { ...currentSource(), items: [], tiles: [], total: 0, stop: new AbortController(), busy: false, moved: false, page: null };
  feed.next = feed.first;
  lower = null;
  clearNotice("notice");
  byId("results-title").textContent = text(feed.search ? "results.title" : "results.browse");
  byId("status").textContent = text("results.searching");
  document.documentElement.classList.add("waiting");
  return more(feed);
}

async function more(mine) {
  const { next, moved } = mine;
  Object.assign(mine, { busy: true, moved: false });
  try {
    const page = await mine.ask(moved ? mine.before(next) : next, mine.stop.signal);
    if (mine === feed) take(page);
  } catch (error) {
    mine.moved ||= moved;
    if (mine === feed) fail(error);
  }
  mine.busy = false;
  requestAnimationFrame(fill);
}

function take(page) {
  const first = feed.page === null;
  if (first) markAnswer();
  Object.assign(feed, { page, total: page.total, next: page.next });
  if (first) grid.replaceChildren();
  const listed = new Set(feed.items.map((hit) => hit.id)); // pages overlap when the set changes between them
  const items = page.items.filter((hit) => !listed.has(hit.id));
  const tiles = items.map((hit) => makeTile(hit, showDetails));
  feed.items.push(...items);
  feed.tiles.push(...tiles);
  if (feed.search) adaptTo(feed.items);
  grid.classList.toggle("long", feed.items.length > MANY);
  grid.append(...tiles);
  showFacets(feed.items);
  draw();
  document.documentElement.classList.remove("waiting");
  if (first) markDrawn(tiles, () => feed.tiles[0] === tiles[0]);
}

function fail(error) {
  if (feed.page === null) {
    grid.replaceChildren();
    showFacets([]);
    byId("verdict").hidden = true;
    byId("empty").hidden = true;
    byId("status").textContent = "";
  }
  document.documentElement.classList.remove("waiting");
  feed.wants = false;
  const passing = error.status === 0 || error.status === 429 || error.status >= 500; // the same may go well later
  const again = feed.page === null ? load : () => more(feed);
  showError("notice", error, passing ? again : null);
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
  drawVerdict(feed, none, { shown, l2 });
  drawStatus(feed, cut, failing >= 0, { shown, l2 });
  drawEnd(feed, top);
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
  feed.moved = true;
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
