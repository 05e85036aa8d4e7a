// What is said around the list of finds: how many there are, that none passes, why it ends.

import { byId, element } from "./dom.js";
import { facts } from "./config.js";
import { state } from "./state.js";
import { measure, number, text } from "./i18n.js";

/** Say so when nothing passes, or nothing is there at all. */
export function drawVerdict(feed, none, { shown, l2 }) {
  const verdict = byId("verdict");
  const narrowed = Object.keys(state.filter).length > 0 || state.excludeSelf;
  const nothing = feed.items.length === 0 && narrowed;
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

/** How many pass, of how many; `known` unless there may be more of them on pages to come. */
export function drawStatus(feed, cut, known, { shown, l2 }) {
  const status = byId("status");
  if (!feed.total) return void (status.textContent = "");
  const total = feed.page.atLeast ? text("results.atLeast", { count: feed.total }) : number(feed.total);
  const count = known || feed.next === null ? number(cut) : text("results.orMore", { count: cut });
  const reach = text(l2 ? "results.within" : "results.reach", { count, total, bound: shown });
  const said = [feed.search ? reach : text("results.count", { count: feed.total })];
  if (state.top < feed.total && state.top !== null) said.push(text("results.best", { count: state.top }));
  if (feed.page.took !== null) said.push(text("results.took", { ms: Math.max(1, Math.round(feed.page.took)) }));
  status.textContent = said.join(" · ");
}

/** Why the list ends where it does, unless it is simply all. */
export function drawEnd(feed, top) {
  const end = byId("end");
  const limited = feed.page.limited && state.top === null;
  const cutOff = state.top !== null && feed.items.length >= top && feed.total > top;
  end.hidden = !(limited || cutOff);
  end.textContent = limited ? text("results.limit", { count: facts.maxDepth }) : text("results.topReached", { count: top });
}
