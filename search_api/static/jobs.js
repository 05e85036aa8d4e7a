// Indexing folders: begin a job, follow those that run, also after a reload.

import { read, route, write } from "./api.js";
import { byId } from "./elements.js";
import { makeJobCard } from "./job_card.js";
import { clearNotice, showError } from "./notice.js";
import { state } from "./state.js";

const POLL_MS = 1000;
const ENDED = ["done", "failed", "stopped", "interrupted"];
const MOST_ENDED = 3;
const GROWTH_MS = 2000;

const cards = new Map();
const followed = new Set();
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

/** Follow `job` until it ends: by its events, or by asking again and again where events are not to be had. */
function follow(job) {
  if (ENDED.includes(job.state) || followed.has(job.id)) return;
  followed.add(job.id);
  const events = new EventSource(route(`jobs/${job.id}/events`));
  events.addEventListener("message", (event) => {
    const now = JSON.parse(event.data);
    show(now);
    if (!ENDED.includes(now.state)) return tellGrowth();
    events.close();
    ended(now);
  });
  events.addEventListener("error", () => {
    events.close();
    poll(job.id);
  });
}

async function poll(id) {
  try {
    const now = await read(`jobs/${id}`);
    show(now);
    if (ENDED.includes(now.state)) return ended(now);
    tellGrowth();
  } catch (error) {
    if (error.name === "not_found") return forgetCard(id);
  }
  setTimeout(poll, POLL_MS, id);
}

function ended(job) {
  followed.delete(job.id);
  refresh();
}

async function begin(event) {
  event.preventDefault();
  clearNotice("set-notice");
  const asked = { path: byId("path").value.trim(), prune: byId("prune").checked };
  try {
    const job = await write("POST", "jobs", { json: asked });
    show(job);
    follow(job);
  } catch (error) {
    showError("set-notice", error, () => begin(event));
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
  if (!job) return;
  show(job);
  follow(job);
}

async function forget(id) {
  if (await act("DELETE", id)) forgetCard(id);
}

function forgetCard(id) {
  cards.get(id)?.item.remove();
  cards.delete(id);
  followed.delete(id);
}

/** Show the jobs of the collection that is looked at: what runs, and what ended last. */
export async function loadJobs() {
  byId("jobs").replaceChildren();
  cards.clear();
  const { jobs } = await read("jobs");
  const own = jobs.filter((job) => (job.collection || "default") === (state.collection || "default"));
  const ended = own.filter((job) => ENDED.includes(job.state)).slice(0, MOST_ENDED);
  for (const job of own.filter((one) => !ENDED.includes(one.state) || ended.includes(one))) {
    show(job, { atEnd: true });
    follow(job);
  }
}

export function startJobs(onEnded, onGrown) {
  refresh = onEnded;
  grown = onGrown;
  byId("folder").addEventListener("submit", begin);
}
