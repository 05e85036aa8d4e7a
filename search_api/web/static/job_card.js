// How one job looks: made once, brought up to date with every report, so that an open list stays open.

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

/** `{item, update(job)}`; `acts` has what the buttons do: stop, forget and resume. */
export function makeJobCard(acts) {
  const title = element("strong", { role: "status" });
  const stop = button(text("job.stop"), { onclick: acts.stop });
  const resume = button(text("job.resume"), { onclick: acts.resume });
  const forget = button(text("job.forget"), { name: "close", bare: true, onclick: acts.forget });
  const bar = element("progress", { "aria-label": text("job.running") });
  const line = element("p", { class: "job-line" });
  const why = element("p", { class: "job-line", role: "status" });
  const failures = makeFailures();
  const head = element("div", { class: "job-head" }, title, stop, resume, forget);
  const item = element("li", {}, head, bar, line, why, failures.list);

  function update(job) {
    const runs = job.state === "running";
    const active = runs || job.state === "stopping";
    const said = `${stateText(job)}: ${job.path || text("job.everything")}`;
    if (title.textContent !== said) title.textContent = said; // else it would be read aloud again and again
    stop.hidden = !runs;
    resume.hidden = !["interrupted", "stopped", "failed"].includes(job.state);
    forget.hidden = active;
    bar.hidden = !active;
    if (job.total === null) bar.removeAttribute("value");
    else [bar.max, bar.value] = [job.total || 1, job.done];
    line.replaceChildren(...lines(job, active).map((one) => element("span", {}, one)));
    why.hidden = !job.error;
    why.replaceChildren(element("span", { class: "bad" }, job.error ? errorText(job.error) : ""), job.detail ?? "");
    failures.update(job.failures, text("job.failures", { count: job.failed }), job.failed);
  }

  return { item, update };
}

function stateText(job) {
  return text(job.state === "running" && job.total === null ? "job.counting" : `job.${job.state}`);
}

function lines(job, active) {
  const said = [];
  if (active && job.total !== null) said.push(text("job.progress", { done: job.done, total: job.total }));
  if (active && job.rate) said.push(text("job.rate", { rate: number(job.rate) }));
  for (const [name, key] of Object.entries(COUNTS)) if (job[name]) said.push(text(`job.${key}`, { count: job[name] }));
  return said;
}
