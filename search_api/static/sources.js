// Where a list of pictures comes from: all images of the set, or the finds of a search, page by page.

import { read } from "./api.js";
import { facts } from "./facts.js";
import { currentBytes, currentPicture } from "./pictures.js";
import { isThere } from "./set.js";
import { state } from "./state.js";

const LEAST_SCORE = -1; // the page hides what is below its slider, the service sends it all
const NEAR_COPY = 0.95;

/** The source of what `state` asks for; `ask(cursor, signal)` gives {items, total, atLeast, took, next, limited}. */
export function currentSource() {
  return state.id || currentPicture() ? { search: true, first: 1, ask: searchPage } : { search: false, first: "", ask: browsePage };
}

async function browsePage(after, signal) {
  if (!(await isThere())) return { items: [], total: 0, atLeast: false, took: null, next: null, limited: false };
  const asked = { pageSize: facts.pageSize, filter: filterText(), after };
  const data = await read("images", asked, { signal });
  return { items: data.dataList, total: data.total, atLeast: false, took: null, next: data.next, limited: false };
}

async function searchPage(page, signal) {
  const data = await searchAnswer(page, signal);
  const last = page * facts.pageSize;
  const more = data.dataList.length === facts.pageSize && last < data.total;
  const reachable = last + facts.pageSize <= facts.maxDepth;
  return {
    items: data.dataList,
    total: data.total,
    atLeast: data.totalRelation === "gte",
    took: data.took.total,
    next: more && reachable ? page + 1 : null,
    limited: more && !reachable,
  };
}

async function searchAnswer(page, signal) {
  const fields = { score: LEAST_SCORE, page, pageSize: facts.pageSize, filter: filterText() };
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
