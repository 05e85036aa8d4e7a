// Adding pictures: sent a few at a time, with progress and the list of those that were refused.

import { writePatiently } from "./api.js";
import { button, byId, element } from "./dom.js";
import { facts } from "./config.js";
import { makeFailures } from "./failures.js";
import { showError } from "./notifications.js";
import { setCount } from "./collection.js";
import { isCurrent, state } from "./state.js";
import { bytes, text } from "./i18n.js";

let refresh = () => {};

/** Send `files` to `collection`, whichever is chosen meanwhile; what is too large by itself is refused here already. */
export async function addFiles(files, collection = state.collection) {
  const card = makeCard(files.length, collection);
  byId("set").open = true;
  byId("uploads").prepend(card.item);
  const fitting = files.filter((file) => file.size <= facts.maxBytes);
  for (const file of files) if (!fitting.includes(file)) card.refuse(tooLarge(file));
  const left = batches(fitting);
  try {
    while (left.length && !card.stopped()) {
      card.take(await send(left[0], collection, card.signal));
      left.shift();
    }
  } catch (error) {
    showError("set-notice", error, () => addFiles(left.flat(), collection));
  }
  card.end(left.flat().length);
  if (isCurrent(collection)) refresh();
}

function tooLarge(file) {
  return { name: file.name, error: "image_too_large", detail: `${bytes(file.size)} > ${bytes(facts.maxBytes)}` };
}

/** `files` in lists that each fit into one request. */
function batches(files) {
  const lists = [];
  let size = Infinity;
  for (const file of files) {
    if (size + file.size > facts.maxBytes || lists.at(-1).length >= facts.batchFiles) {
      lists.push([]);
      size = 0;
    }
    lists.at(-1).push(file);
    size += file.size;
  }
  return lists;
}

async function send(files, collection, signal) {
  const form = new FormData();
  for (const file of files) form.append("file", file, file.name);
  try {
    return await writePatiently("POST", "images", { parameters: { collection }, form, signal });
  } catch (error) {
    // Of a single file that is refused the answer is the reason itself.
    if (files.length > 1 || ![400, 413, 415, 422].includes(error.status)) throw error;
    const item = { name: files[0].name, error: error.name, detail: error.detail };
    return { items: [item], added: 0, updated: 0, failed: 1, images: null };
  }
}

function makeCard(total, collection) {
  const stop = new AbortController();
  const counts = { added: 0, updated: 0, failed: 0 };
  const refused = [];
  const title = element("strong", { role: "status" });
  const halt = button(text("job.stop"), { onclick: () => stop.abort() });
  const close = button(text("close"), { name: "close", bare: true, hidden: true, onclick: () => item.remove() });
  const bar = element("progress", { max: total, value: 0, "aria-label": text("upload.choose") });
  const failures = makeFailures();
  const item = element("div", { class: "uploading" }, element("div", { class: "job-head" }, title, halt, close), bar, failures.list);

  const draw = () => {
    const done = counts.added + counts.updated + counts.failed;
    bar.value = done;
    title.textContent = text("upload.progress", { done, total });
    failures.update(refused, text("upload.refused", { count: refused.length }), refused.length);
  };
  const refuse = (item) => {
    refused.push(item);
    counts.failed += 1;
    draw();
  };
  const take = ({ items, added, updated, images }) => {
    counts.added += added;
    counts.updated += updated;
    if (images !== null) setCount(images, collection);
    items.filter((one) => one.error).forEach(refuse);
    draw();
  };
  const end = (left) => {
    [halt.hidden, close.hidden, bar.hidden] = [true, false, true];
    title.textContent = text(left ? "upload.stopped" : "upload.done", { ...counts, left });
    failures.list.open = refused.length > 0;
  };
  draw();
  return { item, signal: stop.signal, stopped: () => stop.signal.aborted, refuse, take, end };
}

export function startUpload(onAdded) {
  refresh = onAdded;
  const files = byId("files");
  files.addEventListener("change", () => {
    const chosen = [...files.files];
    files.value = "";
    if (chosen.length) addFiles(chosen);
  });
}
