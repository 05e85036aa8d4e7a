// How one job looks: made once, brought up to date with every report, so that an open list stays open.

import { config } from "./config.js";
import { button, element } from "./dom.js";
import { makeFailures } from "./failures.js";
import { errorText, number, text } from "./i18n.js";

const COUNTS = {
  added: "added",
  updated: "updated",
  unchanged: "unchanged",
  moved: "moved",
  shared: "shared",
  pruned: "pruned",
  other_files: "other",
};

/** Return whether nothing about `job` changes any more. @param {Job} job */
export function hasEnded(job) {
  return config.jobStates.ended.includes(job.state);
}

/**
 * Return `{item, update(job)}`; `acts` has what the buttons do.
 * @param {{stop: () => unknown, remove: () => unknown, resume: () => unknown}} acts
 */
export function makeJobCard(acts) {
  const title = element("strong", { role: "status" });
  const stop = button(text("job.stop"), { onclick: acts.stop });
  const resume = button(text("job.resume"), { onclick: acts.resume });
  const remove = button(text("job.remove"), { name: "close", bare: true, onclick: acts.remove });
  const bar = element("progress", { "aria-label": text("job.running") });
  const progress = element("p", { class: "job-line" });
  const reason = element("p", { class: "job-line", role: "status" });
  const failures = makeFailures();
  const head = element("div", { class: "job-head" }, title, stop, resume, remove);
  const item = element("li", {}, head, bar, progress, reason, failures.list);

  /** @param {Job} job */
  function update(job) {
    const active = !hasEnded(job);
    const heading = `${stateText(job)}: ${job.path || text("job.everything")}`;
    if (title.textContent !== heading) title.textContent = heading; // else it would be read aloud again and again
    stop.hidden = job.state !== "running";
    resume.hidden = !config.jobStates.resumable.includes(job.state);
    remove.hidden = active;
    bar.hidden = !active;
    if (job.total === null) bar.removeAttribute("value");
    else [bar.max, bar.value] = [job.total || 1, job.done];
    progress.replaceChildren(...progressOf(job, active).map((one) => element("span", {}, one)));
    reason.hidden = !job.error;
    reason.replaceChildren(element("span", { class: "bad" }, job.error && errorText(job.error)), job.detail ?? "");
    failures.update(job.failures, text("job.failures", { count: job.failed }), job.failed);
  }

  return { item, update };
}

/** @param {Job} job */
function stateText(job) {
  return text(job.state === "running" && job.total === null ? "job.counting" : `job.${job.state}`);
}

/** @param {Job} job @param {boolean} active */
function progressOf(job, active) {
  const said = [];
  if (active && job.total !== null) said.push(text("job.progress", { done: job.done, total: job.total }));
  if (active && job.rate) said.push(text("job.rate", { rate: number(job.rate) }));
  for (const [name, key] of Object.entries(COUNTS)) if (job[name]) said.push(text(`job.${key}`, { count: job[name] }));
  return said;
}
