// The list of files that failed, each with its reason.

import { element } from "./dom.js";
import { errorText, text } from "./i18n.js";

/** Return `{list, update(failures, title, count)}`: a folded list that is hidden while nothing has failed. */
export function makeFailures() {
  const summary = element("summary");
  const items = element("ul");
  const list = element("details", { class: "failures", hidden: true }, summary, items);
  let listed = 0;

  /** @param {FileFailure[]} failures @param {string} title @param {number} count */
  function update(failures, title, count) {
    list.hidden = !count;
    summary.textContent = title;
    if (failures.length === listed) return;
    listed = failures.length;
    items.replaceChildren(...failures.map(row));
    const more = text("job.failures.more", { shown: failures.length, count });
    if (failures.length < count) items.append(element("li", {}, element("span", {}, more)));
  }

  return { list, update };
}

/** @param {FileFailure} failure */
function row({ file_path: path, name, error, detail }) {
  return element("li", {}, element("b", {}, path ?? name), element("span", {}, `${errorText(error)} ${detail ?? ""}`));
}
