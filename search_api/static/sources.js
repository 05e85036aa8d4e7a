// Where a list of pictures comes from: all images of the set, or the finds of a search, page by page.

import { read } from "./api.js";
import { facts } from "./facts.js";
import { currentBytes, currentPicture } from "./pictures.js";
import { isThere } from "./set.js";
import { state } from "./state.js";

const LEAST_SCORE = -1; // the page hides what is below its slider, the service sends it all
const NEAR_COPY = 0.95;
const LONG = 10; // pages; whoever goes further gets larger ones
const LARGER = 5; // divides LONG, so that pages of both sizes meet

/**
 * The source of what `state` asks for; `ask(cursor, signal)` gives {items, total, atLeast, took, next, limited}.
 * `before(cursor)` is where to ask when pictures were deleted and what follows may have moved up.
 */
export function currentSource() {
  const finds = { search: true, first: 0, ask: searchPage, before: (loaded) => loaded - sizeOfPage(loaded - 1) };
  const images = { search: false, first: "", ask: browsePage, before: (after) => after };
  return state.id || currentPicture() ? finds : images;
}

async function browsePage(after, signal) {
  if (!(await isThere())) return { items: [], total: 0, atLeast: false, took: null, next: null, limited: false };
  const asked = { pageSize: facts.pageSize, filter: filterText(), after };
  const data = await read("images", asked, { signal });
  return { items: data.dataList, total: data.total, atLeast: false, took: null, next: data.next, limited: false };
}

async function searchPage(loaded, signal) {
  const pageSize = sizeOfPage(loaded);
  const data = await searchAnswer({ page: loaded / pageSize + 1, pageSize }, signal);
  const last = loaded + pageSize;
  const more = data.dataList.length === pageSize && last < data.total;
  const reachable = last < facts.maxDepth;
  return {
    items: data.dataList,
    total: data.total,
    atLeast: data.totalRelation === "gte",
    took: data.took.total,
    next: more && reachable ? last : null,
    limited: more && !reachable,
  };
}

function sizeOfPage(loaded) {
  return loaded < LONG * facts.pageSize ? facts.pageSize : LARGER * facts.pageSize;
}

async function searchAnswer(page, signal) {
  const fields = { score: LEAST_SCORE, ...page, filter: filterText() };
  if (state.excludeSelf) fields.excludeSelf = true;
  if (state.collapse) fields.collapse = NEAR_COPY;
  if (state.id && !state.box) {
    const headers = { "Content-Type": "application/json" };
    return read("searchById", {}, { method: "POST", headers, body: JSON.stringify({ ...fields, id: state.id }), signal });
  }
  const form = new FormData();
  form.append("file", await currentBytes(signal));
  for (const [name, value] of Object.entries(fields)) if (value !== "") form.append(name, value);
  if (state.box) form.append("box", state.box);
  return read("searchByImage", {}, { method: "POST", body: form, signal });
}

function filterText() {
  return Object.keys(state.filter).length ? JSON.stringify(state.filter) : "";
}
