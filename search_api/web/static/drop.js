// Dragging files over the page: two targets tell apart what is searched by and what is added.

import { byId } from "./dom.js";
import { text } from "./i18n.js";
import { showNotice } from "./notifications.js";
import { searchByFile } from "./query_images.js";
import { state } from "./state.js";

/** @typedef {(files: File[], collection: string) => unknown} Add */

const targets = byId("targets");

/** Return all files in what was dropped, those in folders too. @param {DataTransfer} transfer */
async function filesOf(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter((entry) => entry !== null);
  if (!entries.some((entry) => entry?.isDirectory)) return [...transfer.files];
  /** @type {File[]} */
  const files = [];
  const visit = async (/** @type {FileSystemEntry} */ entry) => {
    if (isFile(entry)) files.push(await new Promise((resolve, reject) => entry.file(resolve, reject)));
    else for (const inner of await childrenOf(/** @type {FileSystemDirectoryEntry} */ (entry))) await visit(inner);
  };
  for (const entry of entries) await visit(entry);
  return files;
}

/** @param {FileSystemEntry} entry @returns {entry is FileSystemFileEntry} */
function isFile(entry) {
  return entry.isFile;
}

/** @param {FileSystemDirectoryEntry} folder */
async function childrenOf(folder) {
  const reader = folder.createReader();
  /** @type {FileSystemEntry[]} */
  const all = [];
  for (;;) {
    /** @type {FileSystemEntry[]} a hundred at a time */
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!some.length) return all;
    all.push(...some);
  }
}

/** @param {DragEvent} event @returns {HTMLElement | null} the target that the pointer is over */
function targetOf(event) {
  return event.target instanceof Element ? event.target.closest("[data-drop]") : null;
}

/** @param {DataTransfer} transfer */
function show(transfer) {
  const many = [...transfer.items].filter((item) => item.kind === "file").length > 1;
  const [searchTarget] = targets.children;
  if (searchTarget instanceof HTMLElement) searchTarget.hidden = many;
  targets.hidden = false;
}

/** @param {Element | null} target */
function mark(target) {
  for (const one of targets.children) one.classList.toggle("over", one === target);
}

/** @param {DragEvent} event @param {DataTransfer} transfer @param {Add} add */
async function take(event, transfer, add) {
  const target = targetOf(event);
  targets.hidden = true;
  if (!target) return;
  const adds = target.dataset.drop === "add";
  const { collection } = state; // a folder takes a while to read
  let files;
  try {
    files = await filesOf(transfer);
  } catch (error) {
    const why = error instanceof Error ? error.message : "";
    return showNotice(adds ? "collection-notice" : "query-notice", text("drop.unreadable"), why);
  }
  const [first] = files;
  if (!first) showNotice("collection-notice", text("upload.none"));
  else if (adds) add(files, collection);
  else if (files.length > 1) showNotice("query-notice", text("drop.single"));
  else searchByFile(first);
}

/** Take dropped files: one on the search target is searched by, others go to `add`. @param {Add} add */
export function startDrop(add) {
  const filesIn = (/** @type {DragEvent} */ { dataTransfer }) =>
    dataTransfer?.types.includes("Files") ? dataTransfer : null;
  addEventListener("dragenter", (event) => {
    const transfer = filesIn(event);
    if (transfer) show(transfer);
  });
  addEventListener("dragover", (event) => {
    if (!filesIn(event)) return;
    event.preventDefault(); // else the browser opens the file
    mark(targetOf(event));
  });
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) targets.hidden = true; // out of the window
  });
  addEventListener("drop", (event) => {
    const transfer = filesIn(event);
    if (!transfer) return;
    event.preventDefault();
    take(event, transfer, add);
  });
}
