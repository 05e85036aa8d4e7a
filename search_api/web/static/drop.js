// Dragging files over the page: two targets tell apart what is searched by and what is added.

import { byId } from "./dom.js";
import { showNotice } from "./notifications.js";
import { searchByFile } from "./query_images.js";
import { state } from "./state.js";
import { text } from "./i18n.js";

const targets = byId("targets");
const [searchTarget] = targets.children;

/** All files in what was dropped, those in folders too. */
async function filesOf(transfer) {
  const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
  if (!entries.some((entry) => entry.isDirectory)) return [...transfer.files];
  const found = [];
  const visit = async (entry) => {
    if (entry.isFile) found.push(await new Promise((resolve, reject) => entry.file(resolve, reject)));
    else for (const inner of await childrenOf(entry)) await visit(inner);
  };
  for (const entry of entries) await visit(entry);
  return found;
}

async function childrenOf(folder) {
  const reader = folder.createReader();
  const all = [];
  for (;;) {
    const some = await new Promise((resolve, reject) => reader.readEntries(resolve, reject)); // a hundred at a time
    if (!some.length) return all;
    all.push(...some);
  }
}

function show(event) {
  const many = [...event.dataTransfer.items].filter((item) => item.kind === "file").length > 1;
  searchTarget.hidden = many;
  targets.hidden = false;
}

function mark(target) {
  for (const one of targets.children) one.classList.toggle("over", one === target);
}

async function take(event, add) {
  const target = event.target.closest?.("[data-drop]");
  targets.hidden = true;
  if (!target) return;
  const adds = target.dataset.drop === "add";
  const { collection } = state; // a folder takes a while to read
  let files;
  try {
    files = await filesOf(event.dataTransfer);
  } catch (error) {
    return showNotice(adds ? "set-notice" : "query-notice", text("drop.unreadable"), error.message);
  }
  if (!files.length) showNotice("set-notice", text("upload.none"));
  else if (adds) add(files, collection);
  else if (files.length > 1) showNotice("query-notice", text("drop.single"));
  else searchByFile(files[0]);
}

/** Take dropped files: one on the search target is searched by, others go to `add`. */
export function startDrop(add) {
  const withFiles = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragenter", (event) => withFiles(event) && show(event));
  addEventListener("dragover", (event) => {
    if (!withFiles(event)) return;
    event.preventDefault(); // else the browser opens the file
    mark(event.target.closest?.("[data-drop]"));
  });
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) targets.hidden = true; // out of the window
  });
  addEventListener("drop", (event) => {
    if (!withFiles(event)) return;
    event.preventDefault();
    take(event, add);
  });
}
