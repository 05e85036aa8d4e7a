// Where a list of images comes from: all images of the collection, or the hits of a search, page by page.

import { read } from "./api.js";
import { isThere, searchMode } from "./collection.js";
import { config } from "./config.js";
import { PARAMETERS } from "./parameters.js";
import { currentBytes, currentUpload } from "./query_images.js";
import { filterText, state } from "./state.js";

const LONG = 10; // pages; further down they are larger
const LARGER = 5; // divides LONG, so that pages of both sizes meet

/** Return the source of what `state` asks for. @returns {Source} */
export function currentSource() {
  return state.id || currentUpload()
    ? {
        search: true,
        first: 0,
        ask: (loaded, signal) => searchPage(Number(loaded), signal),
        before: (loaded) => Number(loaded) - sizeOfPage(Number(loaded) - 1),
      }
    : { search: false, first: "", ask: browsePage, before: (after) => after };
}

/**
 * Return a page of all images: the one beyond the id `from`, or beyond so many where the ids have no order to go on in.
 * @param {Cursor} from @param {AbortSignal} signal @returns {Promise<ResultPage>}
 */
async function browsePage(from, signal) {
  if (!(await isThere())) return { items: [], total: 0, atLeast: false, took: null, next: null, limited: false };
  const counts = typeof from === "number";
  const { pageSize, ...position } = counts ? pageBeyond(from) : { pageSize: config.pageSize, after: from };
  const data = await read("images", { pageSize, ...position, filter: filterText() }, { signal });
  const goesOn =
    data.next === null ? following(data, (counts ? from : 0) + pageSize) : { next: data.next, limited: false };
  return { items: data.dataList, total: data.total, atLeast: false, took: null, ...goesOn };
}

/** @param {number} loaded @param {AbortSignal} signal @returns {Promise<ResultPage>} */
async function searchPage(loaded, signal) {
  const page = pageBeyond(loaded);
  const data = await search({ ...page, ...(await searchFields()) }, signal);
  return {
    items: data.dataList,
    total: data.total,
    atLeast: data.totalRelation === "gte",
    took: data.took.total,
    ...following(data, loaded + page.pageSize),
  };
}

/** @param {number} loaded */
function pageBeyond(loaded) {
  const pageSize = sizeOfPage(loaded);
  return { page: loaded / pageSize + 1, pageSize };
}

/**
 * Return where a list goes on after a page that ended at number `last`.
 * @param {{dataList: Hit[], pageSize: number, total: number}} data @param {number} last
 */
function following({ dataList, pageSize, total }, last) {
  const more = dataList.length === pageSize && last < total;
  const reachable = last < config.maxDepth;
  return { next: more && reachable ? last : null, limited: more && !reachable };
}

/** @param {number} loaded */
function sizeOfPage(loaded) {
  return loaded < LONG * config.pageSize ? config.pageSize : LARGER * config.pageSize;
}

/** Return what a search sends beside its image and its page, by the table of parameters. */
async function searchFields() {
  /** @type {Record<string, unknown>} */
  const fields = { mode: await searchMode() };
  for (const { name, toField } of PARAMETERS) {
    const value = toField?.(state[name]) ?? "";
    const isEmpty = typeof value === "object" && !Object.keys(value).length;
    if (value !== "" && value !== false && !isEmpty) fields[name] = value;
  }
  return fields;
}

/** @param {Record<string, unknown>} fields @param {AbortSignal} signal */
async function search(fields, signal) {
  if (state.id && !state.box) {
    const headers = { "Content-Type": "application/json" };
    return read(
      "searchById",
      {},
      { method: "POST", headers, body: JSON.stringify({ ...fields, id: state.id }), signal },
    );
  }
  const form = new FormData();
  form.append("file", await currentBytes(signal));
  for (const [name, value] of Object.entries(fields)) {
    form.append(name, typeof value === "object" ? JSON.stringify(value) : String(value));
  }
  if (state.box) form.append("box", state.box);
  return read("searchByImage", {}, { method: "POST", body: form, signal });
}
