// Where a list of pictures comes from: all images of the set, or the finds of a search, page by page.

import { read } from "./api.js";
import { facts } from "./config.js";
import { currentBytes, currentPicture } from "./query_images.js";
import { isThere, searchMode } from "./collection.js";
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

/** A page of all images: the one beyond the id `from`, or beyond so many where the ids have no order to go on in. */
async function browsePage(from, signal) {
  if (!(await isThere())) return { items: [], total: 0, atLeast: false, took: null, next: null, limited: false };
  const counts = typeof from === "number";
  const place = counts ? pageBeyond(from) : { pageSize: facts.pageSize, after: from };
  const data = await read("images", { ...place, filter: filterText() }, { signal });
  const goesOn = data.next === null ? following(data, (counts ? from : 0) + place.pageSize) : { next: data.next, limited: false };
  return { items: data.dataList, total: data.total, atLeast: false, took: null, ...goesOn };
}

async function searchPage(loaded, signal) {
  const place = pageBeyond(loaded);
  const data = await searchAnswer(place, signal);
  return {
    items: data.dataList,
    total: data.total,
    atLeast: data.totalRelation === "gte",
    took: data.took.total,
    ...following(data, loaded + place.pageSize),
  };
}

function pageBeyond(loaded) {
  const pageSize = sizeOfPage(loaded);
  return { page: loaded / pageSize + 1, pageSize };
}

/** Where a list goes on after a page that ended at number `last`. */
function following({ dataList, pageSize, total }, last) {
  const more = dataList.length === pageSize && last < total;
  const reachable = last < facts.maxDepth;
  return { next: more && reachable ? last : null, limited: more && !reachable };
}

function sizeOfPage(loaded) {
  return loaded < LONG * facts.pageSize ? facts.pageSize : LARGER * facts.pageSize;
}

async function searchAnswer(page, signal) {
  const fields = { score: LEAST_SCORE, ...page, filter: filterText(), mode: await searchMode() };
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
