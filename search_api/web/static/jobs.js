// Indexing folders: begin a job, follow those that run, also after a reload.

import { read, route, write } from "./api.js";
import { byId } from "./dom.js";
import { makeJobCard } from "./job_card.js";
import { clearNotice, showError } from "./notifications.js";
import { isCurrent, state } from "./state.js";

const POLL_MS = 1000;
const ENDED = ["done", "failed", "stopped", "interrupted"];
const MOST_ENDED = 3;
const GROWTH_MS = 2000;

const cards = new Map();
const followed = new Map(); // the events of each job, by its id
let refresh = () => {};
let grown = () => {};
let told = 0;

/** While a folder is indexed the set grows: say so now and then. */
function tellGrowth() {
  if (performance.now() - told < GROWTH_MS) return;
  told = performance.now();
  grown();
}

function show(job, { atEnd = false } = {}) {
  if (!cards.has(job.id)) {
    const card = makeJobCard({ stop: () => act("DELETE", job.id), forget: () => forget(job.id), resume: () => resume(job.id) });
    cards.set(job.id, card);
    byId("jobs")[atEnd ? "append" : "prepend"](card.item);
  }
  cards.get(job.id).update(job);
}

/** Show `job` and follow it, if it is one of the collection that is looked at. */
function take(job, placed) {
  if (!isCurrent(job.collection)) return;
  show(job, placed);
  follow(job);
}

/** Follow `job` until it ends: by its events, or by asking again and again where events are not to be had. */
function follow(job) {
  if (ENDED.includes(job.state) || followed.has(job.id)) return;
  const events = new EventSource(route(`jobs/${job.id}/events`));
  followed.set(job.id, events);
  events.addEventListener("message", (event) => report(JSON.parse(event.data)));
  events.addEventListener("error", () => {
    events.close();
    poll(job.id, events);
  });
}

async function poll(id, events) {
  const over = () => followed.get(id) !== events; // it has ended, or another collection is looked at
  try {
    const now = await read(`jobs/${id}`);
    if (!over()) report(now);
  } catch (error) {
    if (error.name === "not_found" && !over()) forgetCard(id);
  }
  if (!over()) setTimeout(poll, POLL_MS, id, events);
}

function report(job) {
  show(job);
  if (!ENDED.includes(job.state)) return tellGrowth();
  unfollow(job.id);
  refresh();
}

function unfollow(id) {
  followed.get(id)?.close();
  followed.delete(id);
}

async function begin(asked, collection) {
  clearNotice("set-notice");
  try {
    take(await write("POST", "jobs", { parameters: { collection }, json: asked }));
  } catch (error) {
    showError("set-notice", error, () => begin(asked, collection));
  }
}

async function act(method, id, path = "") {
  try {
    return await write(method, `jobs/${id}${path}`);
  } catch (error) {
    showError("set-notice", error);
    return null;
  }
}

async function resume(id) {
  const job = await act("POST", id, "/resume");
  if (job) take(job);
}

async function forget(id) {
  if (await act("DELETE", id)) forgetCard(id);
}

function forgetCard(id) {
  cards.get(id)?.item.remove();
  cards.delete(id);
  unfollow(id);
}

/** Show the jobs of the collection that is looked at: what runs, and what ended last. */
export async function loadJobs() {
  byId("jobs").replaceChildren();
  cards.clear();
  [...followed.keys()].forEach(unfollow);
  const { jobs } = await read("jobs");
  const own = jobs.filter((job) => isCurrent(job.collection));
  const ended = own.filter((job) => ENDED.includes(job.state)).slice(0, MOST_ENDED);
  for (const job of own.filter((one) => !ENDED.includes(one.state) || ended.includes(one))) {
    take(job, { atEnd: true });
  }
}

export function startJobs(onEnded, onGrown) {
  refresh = onEnded;
  grown = onGrown;
  byId("folder").addEventListener("submit", (event) => {
    event.preventDefault();
    begin({ path: byId("path").value.trim(), prune: byId("prune").checked }, state.collection);
  });
}
