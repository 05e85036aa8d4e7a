// What is said around the list of results: how many there are, that none passes, why it ends.

import { config } from "./config.js";
import { byId, element } from "./dom.js";
import { measure, number, text } from "./i18n.js";
import { state } from "./state.js";

/** @typedef {import("./feed.js").Feed} Feed */

/**
 * Say so when no hit passes, or there is none at all.
 * @param {Feed} feed @param {boolean} nonePasses @param {Bound} bound
 */
export function drawVerdict(feed, nonePasses, { l2, shown }) {
  const verdict = byId("verdict");
  const [nearest] = feed.items;
  const narrowed = Object.keys(state.filter).length > 0 || state.excludeSelf;
  const nothing = !nearest && narrowed;
  verdict.hidden = !nonePasses && !nothing;
  byId("empty").hidden = Boolean(nearest) || nothing;
  if (verdict.hidden) return;
  const key = nothing ? "results.none" : l2 ? "results.noneWithin" : "results.noneAbove";
  verdict.replaceChildren(
    element("h3", {}, text(key, { bound: shown })),
    element("p", {}, text(`${key}.hint`, { best: nearest ? measure(nearest) : "" })),
  );
}

/**
 * Say how many pass, of how many; `isCut` is whether that is known, or more of them may be on pages to come.
 * @param {Feed} feed @param {number} cut @param {boolean} isCut @param {Bound} bound
 */
export function drawStatus(feed, cut, isCut, { l2, shown }) {
  const { page, total } = feed;
  const status = byId("status");
  if (!page || !total) return void (status.textContent = "");
  const of = page.atLeast ? text("results.atLeast", { count: total }) : number(total);
  const count = isCut || feed.complete ? number(cut) : text("results.orMore", { count: cut });
  const reach = text(l2 ? "results.within" : "results.reach", { count, total: of, bound: shown });
  const said = [feed.search ? reach : text("results.count", { count: total })];
  if (state.top !== null && state.top < total) said.push(text("results.best", { count: state.top }));
  if (page.took !== null) said.push(text("results.took", { ms: Math.max(1, Math.round(page.took)) }));
  status.textContent = said.join(" · ");
}

/** Say why the list ends where it does, unless it is simply all. @param {Feed} feed @param {number} top */
export function drawEnd(feed, top) {
  const end = byId("end");
  const limited = Boolean(feed.page?.limited) && state.top === null;
  const cutOff = state.top !== null && feed.items.length >= top && feed.total > top;
  end.hidden = !(limited || cutOff);
  const key = limited ? "results.limit" : "results.topReached";
  end.textContent = text(key, { count: limited ? config.maxDepth : top });
}
