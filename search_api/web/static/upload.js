// Adding images: sent a few at a time, with progress and the list of those that were refused.

import { ApiError, writeWithRetries } from "./api.js";
import { setCount } from "./collection.js";
import { config } from "./config.js";
import { button, byId, element } from "./dom.js";
import { makeFailures } from "./failures.js";
import { bytes, text } from "./i18n.js";
import { showError } from "./notifications.js";
import { isCurrent, state } from "./state.js";

const REFUSALS = [400, 413, 415, 422];
let refresh = () => {};

/**
 * Send `files` to `collection`, even if another is chosen meanwhile; a file that is too large is refused here already.
 * @param {File[]} files @param {string} [collection]
 */
export async function addFiles(files, collection = state.collection) {
  const card = makeCard(files.length, collection);
  byId("collection-panel", HTMLDetailsElement).open = true;
  byId("uploads").prepend(card.item);
  const fitting = files.filter((file) => file.size <= config.maxBytes);
  for (const file of files) if (!fitting.includes(file)) card.refuse(tooLarge(file));
  const left = batches(fitting);
  try {
    for (let batch = left[0]; batch && !card.signal.aborted; batch = left[0]) {
      card.take(await send(batch, collection, card.signal));
      left.shift();
    }
  } catch (error) {
    showError("collection-notice", error, () => addFiles(left.flat(), collection));
  }
  card.end(left.flat().length);
  if (isCurrent(collection)) refresh();
}

/** @param {File} file */
function tooLarge(file) {
  return { name: file.name, error: "image_too_large", detail: `${bytes(file.size)} > ${bytes(config.maxBytes)}` };
}

/** Return `files` in lists that each fit into one request. @param {File[]} files */
function batches(files) {
  /** @type {File[][]} */
  const lists = [];
  /** @type {File[]} */
  let last = [];
  let size = Infinity;
  for (const file of files) {
    if (size + file.size > config.maxBytes || last.length >= config.batchFiles) {
      last = [];
      lists.push(last);
      size = 0;
    }
    last.push(file);
    size += file.size;
  }
  return lists;
}

/** @param {File[]} files @param {string} collection @param {AbortSignal} signal @returns {Promise<UploadAnswer>} */
async function send(files, collection, signal) {
  const form = new FormData();
  for (const file of files) form.append("file", file, file.name);
  try {
    return await writeWithRetries("POST", "images", { parameters: { collection }, form, signal });
  } catch (error) {
    // Where a single file is refused the answer is the reason itself.
    const [file, ...others] = files;
    if (!file || others.length || !(error instanceof ApiError) || !REFUSALS.includes(error.status)) throw error;
    const item = { name: file.name, error: error.name, detail: error.detail };
    return { items: [item], added: 0, updated: 0, images: null };
  }
}

/** @param {number} total @param {string} collection */
function makeCard(total, collection) {
  const stop = new AbortController();
  const counts = { added: 0, updated: 0, failed: 0 };
  /** @type {FileFailure[]} */
  const refused = [];
  const title = element("strong", { role: "status" });
  const halt = button(text("job.stop"), { onclick: () => stop.abort() });
  const close = button(text("close"), { name: "close", bare: true, hidden: true, onclick: () => item.remove() });
  const bar = element("progress", { max: total, value: 0, "aria-label": text("upload.choose") });
  const failures = makeFailures();
  const head = element("div", { class: "job-head" }, title, halt, close);
  const item = element("div", { class: "uploading" }, head, bar, failures.list);

  const draw = () => {
    const done = counts.added + counts.updated + counts.failed;
    bar.value = done;
    title.textContent = text("upload.progress", { done, total });
    failures.update(refused, text("upload.rejected", { count: refused.length }), refused.length);
  };
  const refuse = (/** @type {FileFailure} */ failure) => {
    refused.push(failure);
    counts.failed += 1;
    draw();
  };
  const take = (/** @type {UploadAnswer} */ { items, added, updated, images }) => {
    counts.added += added;
    counts.updated += updated;
    if (images !== null) setCount(images, collection);
    for (const { name, error, detail = "" } of items) if (error) refuse({ name, error, detail });
    draw();
  };
  const end = (/** @type {number} */ left) => {
    [halt.hidden, close.hidden, bar.hidden] = [true, false, true];
    title.textContent = text(left ? "upload.stopped" : "upload.done", { ...counts, left });
    failures.list.open = refused.length > 0;
  };
  draw();
  return { item, signal: stop.signal, refuse, take, end };
}

/** Let the reader choose files to add; `onAdded` is called when some were. @param {() => void} onAdded */
export function startUpload(onAdded) {
  refresh = onAdded;
  const files = byId("files", HTMLInputElement);
  files.addEventListener("change", () => {
    const chosen = [...(files.files ?? [])];
    files.value = "";
    if (chosen.length) addFiles(chosen);
  });
}
