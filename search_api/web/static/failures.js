// The list of files that failed, each with its reason.

import { element } from "./dom.js";
import { errorText, text } from "./i18n.js";

/** `{list, update(failures, title, count)}`: a folded list that is out of sight while nothing failed. */
export function makeFailures() {
  const title = element("summary");
  const items = element("ul");
  const list = element("details", { class: "failures", hidden: true }, title, items);
  let listed = 0;

  function update(failures, said, count) {
    list.hidden = !count;
    title.textContent = said;
    if (failures.length === listed) return;
    listed = failures.length;
    items.replaceChildren(...failures.map(row));
    const more = text("job.failures.more", { shown: failures.length, count });
    if (failures.length < count) items.append(element("li", {}, element("span", {}, more)));
  }

  return { list, update };
}

function row({ file_path: path, name, error, detail }) {
  return element("li", {}, element("b", {}, path ?? name), element("span", {}, `${errorText(error)} ${detail ?? ""}`));
}
