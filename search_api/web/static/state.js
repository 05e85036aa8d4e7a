// What is being looked at. It lives in the address, so that links, reload and Back work.

import { PARAMETERS, parse, write } from "./parameters.js";

/** @type {((before: State) => void)[]} */
const listeners = [];

export const state = fromAddress();

/** @returns {State} */
function fromAddress() {
  const asked = new URLSearchParams(location.search);
  const values = PARAMETERS.map((parameter) => [parameter.name, parse(parameter, asked.get(parameter.name))]);
  const read = /** @type {State} */ (Object.fromEntries(values));
  const pairs = Object.entries(read.filter).map(([key, many]) => [key, [many].flat()]);
  return {
    ...read,
    collection: nameless(read.collection),
    filter: Object.fromEntries(pairs),
    queryImage: history.state?.queryImage ?? null, // an upload has no address: it is kept under a number
  };
}

/**
 * Return the collection's name in the address: the default one has none, though the API names it.
 * @param {string} collection
 */
export function nameless(collection) {
  return collection === "default" ? "" : collection;
}

/** Return whether `collection`, as the API names it, is the one that is looked at. @param {string} collection */
export function isCurrent(collection) {
  return nameless(collection) === state.collection;
}

/** Return the address that shows `wanted`, relative to the page. @param {Partial<State>} wanted */
export function address(wanted) {
  const asked = new URLSearchParams();
  for (const parameter of PARAMETERS) {
    const written = write(parameter, wanted[parameter.name]);
    if (written) asked.set(parameter.name, written);
  }
  return asked.size ? `./?${asked}` : "./";
}

/** Return the lasting address of the search by the image `id`. @param {string} id */
export function linkTo(id) {
  return new URL(address({ collection: state.collection, id }), location.href).href;
}

/** Return what a search or a listing is filtered by, as JSON; empty where there is no filter. */
export function filterText() {
  return Object.keys(state.filter).length ? JSON.stringify(state.filter) : "";
}

/**
 * Take over `changes`, and keep them in the browser's history; "none" is for while a slider moves.
 * @param {Partial<State>} changes @param {Keep} [keep]
 */
export function change(changes, keep = "push") {
  const before = { ...state };
  Object.assign(state, changes);
  if (keep === "push") history.pushState({ queryImage: state.queryImage }, "", address(state));
  if (keep === "replace") replaceAddress();
  for (const listener of listeners) listener(before);
}

/** Write the state into the address, without a step to come back from. */
export function replaceAddress() {
  history.replaceState({ queryImage: state.queryImage }, "", address(state));
}

/** Call `listener` after each change, with the state before it. @param {(before: State) => void} listener */
export function onChange(listener) {
  listeners.push(listener);
}

addEventListener("popstate", () => change(fromAddress(), "none"));
