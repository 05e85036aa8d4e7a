// Indexing folders: start a job, follow those that run, also after a reload.

import { isError, read, route, write } from "./api.js";
import { byId } from "./dom.js";
import { hasEnded, makeJobCard } from "./job_card.js";
import { clearNotice, showError } from "./notifications.js";
import { isCurrent, state } from "./state.js";

const POLL_MS = 1000;
const MAX_ENDED = 3; // that are listed
const GROWTH_MS = 2000;

/** @type {Map<string, ReturnType<typeof makeJobCard>>} */
const cards = new Map();

/** @type {Map<string, EventSource>} the events of each job that is followed */
const followed = new Map();
let refresh = () => {};
let grow = () => {};
let lastGrowth = 0;

/** While a folder is indexed the collection grows: say so now and then. */
function reportGrowth() {
  if (performance.now() - lastGrowth < GROWTH_MS) return;
  lastGrowth = performance.now();
  grow();
}

/** @param {Job} job @param {{atEnd?: boolean}} [position] */
function show(job, { atEnd = false } = {}) {
  const card = cards.get(job.id) ?? makeCard(job.id, atEnd);
  card.update(job);
}

/** @param {string} id @param {boolean} atEnd */
function makeCard(id, atEnd) {
  const card = makeJobCard({
    stop: () => act("POST", id, "/cancel"),
    remove: () => remove(id),
    resume: () => resume(id),
  });
  cards.set(id, card);
  if (atEnd) byId("jobs").append(card.item);
  else byId("jobs").prepend(card.item);
  return card;
}

/**
 * Show `job` and follow it, if it belongs to the collection that is looked at.
 * @param {Job} job @param {{atEnd?: boolean}} [position]
 */
function take(job, position) {
  if (!isCurrent(job.collection)) return;
  show(job, position);
  follow(job);
}

/** Follow `job` until it ends: by its events, or by polling where there are no events. @param {Job} job */
function follow(job) {
  if (hasEnded(job) || followed.has(job.id)) return;
  const events = new EventSource(route(`jobs/${job.id}/events`));
  followed.set(job.id, events);
  events.addEventListener("message", (event) => report(JSON.parse(event.data)));
  events.addEventListener("error", () => {
    events.close();
    poll(job.id, events);
  });
}

/** @param {string} id @param {EventSource} events */
async function poll(id, events) {
  const isOver = () => followed.get(id) !== events; // it has ended, or another collection is looked at
  try {
    const job = await read(`jobs/${id}`);
    if (!isOver()) report(job);
  } catch (error) {
    if (isError(error, "not_found") && !isOver()) removeCard(id);
  }
  if (!isOver()) setTimeout(poll, POLL_MS, id, events);
}

/** @param {Job} job */
function report(job) {
  show(job);
  if (!hasEnded(job)) return reportGrowth();
  unfollow(job.id);
  refresh();
}

/** @param {string} id */
function unfollow(id) {
  followed.get(id)?.close();
  followed.delete(id);
}

/** @param {{path: string, prune: boolean}} folder @param {string} collection */
async function begin(folder, collection) {
  clearNotice("collection-notice");
  try {
    take(await write("POST", "jobs", { parameters: { collection }, json: folder }));
  } catch (error) {
    showError("collection-notice", error, () => begin(folder, collection));
  }
}

/** @param {string} method @param {string} id @param {string} [path] @returns {Promise<Job | null>} */
async function act(method, id, path = "") {
  try {
    return await write(method, `jobs/${id}${path}`);
  } catch (error) {
    showError("collection-notice", error);
    return null;
  }
}

/** @param {string} id */
async function resume(id) {
  const job = await act("POST", id, "/resume");
  if (job) take(job);
}

/** @param {string} id */
async function remove(id) {
  if (await act("DELETE", id)) removeCard(id);
}

/** @param {string} id */
function removeCard(id) {
  cards.get(id)?.item.remove();
  cards.delete(id);
  unfollow(id);
}

/** Show the jobs of the collection that is looked at: what runs, and what ended last. */
export async function loadJobs() {
  byId("jobs").replaceChildren();
  cards.clear();
  [...followed.keys()].forEach(unfollow);
  /** @type {{jobs: Job[]}} */
  const { jobs } = await read("jobs");
  const own = jobs.filter((job) => isCurrent(job.collection));
  const ended = own.filter(hasEnded).slice(0, MAX_ENDED);
  for (const job of own) if (!hasEnded(job) || ended.includes(job)) take(job, { atEnd: true });
}

/** Let the reader index a folder. @param {() => void} onEnded @param {() => void} onGrown */
export function startJobs(onEnded, onGrown) {
  refresh = onEnded;
  grow = onGrown;
  byId("folder").addEventListener("submit", (event) => {
    event.preventDefault();
    const path = byId("path", HTMLInputElement).value.trim();
    begin({ path, prune: byId("prune", HTMLInputElement).checked }, state.collection);
  });
}
