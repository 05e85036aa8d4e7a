// The list of results: filled page by page while one scrolls, cut live by the sliders.

import { ApiError } from "./api.js";
import { button, byId, element } from "./dom.js";
import { Feed } from "./feed.js";
import { showFacets } from "./filters.js";
import { text } from "./i18n.js";
import { clearNotice, showError } from "./notifications.js";
import { currentSource } from "./queries.js";
import { state } from "./state.js";
import { drawEnd, drawStatus, drawVerdict } from "./summary.js";
import { adaptTo, currentBound } from "./threshold.js";
import { makeTile } from "./tile.js";
import { markAnswer, markDrawn } from "./timing.js";

const AHEAD = 800; // pixels
const MANY = 500; // beyond it the browser lays out only what is in sight
const FEW = 12; // with fewer hits above the suggested threshold the next best are worth seeing at once

/** @type {Bound} */
const UNBOUND = { l2: false, passes: () => true, shown: "" };

const grid = byId("hits");
const divider = element("li", { class: "lower" });
const toggle = button("", {
  "aria-expanded": "false",
  onclick: () => showLower(toggle.getAttribute("aria-expanded") === "false"),
});

let feed = new Feed(currentSource());

/** @type {boolean | null} whether hits that do not pass are shown; null until the reader says so */
let lower = null;

/** @type {(hit: Hit) => void} */
let showDetails = () => {};

/** Ask anew for what `state` says. */
export function load() {
  feed.abort();
  feed = new Feed(currentSource());
  lower = null;
  clearNotice("notice");
  byId("results-title").textContent = text(feed.search ? "results.title" : "results.browse");
  byId("status").textContent = text("results.searching");
  document.documentElement.classList.add("waiting");
  return loadMore(feed);
}

/** @param {Feed} asked */
async function loadMore(asked) {
  try {
    const page = await asked.nextPage();
    if (asked === feed) take(page);
  } catch (error) {
    if (asked === feed) fail(error);
  }
  requestAnimationFrame(fill);
}

/** @param {ResultPage} page */
function take(page) {
  const isFirst = feed.page === null;
  if (isFirst) {
    markAnswer();
    grid.replaceChildren();
  }
  const tiles = feed.add(page, (hit) => makeTile(hit, showDetails));
  if (feed.search) adaptTo(feed.items);
  grid.classList.toggle("long", feed.items.length > MANY);
  grid.append(...tiles);
  showFacets(feed.items);
  draw();
  document.documentElement.classList.remove("waiting");
  if (isFirst) markDrawn(tiles, () => feed.tiles[0] === tiles[0]);
}

/** @param {unknown} error */
function fail(error) {
  const isFirst = feed.page === null;
  if (isFirst) {
    grid.replaceChildren();
    showFacets([]);
    byId("verdict").hidden = true;
    byId("empty").hidden = true;
    byId("status").textContent = "";
  }
  document.documentElement.classList.remove("waiting");
  feed.wanted = false;
  const isTemporary = error instanceof ApiError && (error.status === 429 || error.status >= 500 || !error.status);
  showError("notice", error, isTemporary ? () => (isFirst ? load() : loadMore(feed)) : null);
}

/** Show and hide what is there already, by the sliders. */
export function draw() {
  if (!feed.page) return;
  const top = Math.min(state.top ?? Infinity, feed.total);
  const bound = feed.search ? currentBound() : UNBOUND;
  const failing = feed.items.findIndex((hit) => !bound.passes(hit));
  const isCut = failing >= 0;
  const cut = isCut ? failing : feed.items.length;
  const nonePasses = cut === 0 && feed.items.length > 0;
  const open = lower ?? (nonePasses || (cut < FEW && state.score === null && state.distance === null));
  feed.tiles.forEach((tile, index) => {
    tile.hidden = index >= top || (index >= cut && !open);
    tile.classList.toggle("under", index >= cut);
  });
  divider.remove();
  if (isCut && cut > 0 && cut < top) drawDivider(cut, Math.min(top, feed.total) - cut, bound, open);
  drawVerdict(feed, nonePasses, bound);
  drawStatus(feed, cut, isCut, bound);
  drawEnd(feed, top);
  feed.wanted = !feed.complete && feed.items.length < top && (open || !isCut);
}

/** @param {number} cut @param {number} count @param {Bound} bound @param {boolean} open */
function drawDivider(cut, count, { l2, shown }, open) {
  const said = text(l2 ? "results.beyond" : "results.below", { count, bound: shown });
  toggle.replaceChildren(element("span", {}, text(open ? "results.hideLower" : "results.showLower")));
  toggle.setAttribute("aria-expanded", String(open));
  divider.replaceChildren(element("span", {}, said), toggle);
  grid.insertBefore(divider, feed.tiles[cut] ?? null);
}

/** @param {boolean} wanted */
function showLower(wanted) {
  lower = wanted;
  draw();
  toggle.focus();
  fill();
}

/** Ask for the next page while the end of the list is nearly in sight and something of it would be shown. */
export function fill() {
  if (!feed.wanted || feed.loading || feed.complete) return;
  if (byId("sentinel").getBoundingClientRect().top < innerHeight + AHEAD) loadMore(feed);
}

/** Return whether nothing is listed. */
export function isEmpty() {
  return !feed.items.length;
}

/** Take the image `id` out of the list. @param {string} id */
export function removeTile(id) {
  if (feed.remove(id)) draw();
}

/**
 * Return the image `step` places from `hit` among those that are shown, or undefined.
 * @param {Hit} hit @param {number} step
 */
export function neighbour(hit, step) {
  const next = feed.items.indexOf(hit) + step;
  return feed.tiles[next]?.hidden === false ? feed.items[next] : undefined;
}

/** Load more while the reader scrolls; tiles call `details`. @param {(hit: Hit) => void} details */
export function startResults(details) {
  showDetails = details;
  new IntersectionObserver(fill, { rootMargin: `${AHEAD}px` }).observe(byId("sentinel"));
}
