// What is being looked at. It lives in the address, so that links, reload and Back work.

const listeners = [];

export const state = fromAddress();

function fromAddress() {
  const asked = new URLSearchParams(location.search);
  return {
    collection: nameless(asked.get("collection") ?? ""),
    id: asked.get("id") ?? "",
    box: asked.get("box") ?? "",
    score: numberOrNull(asked.get("score")),
    distance: numberOrNull(asked.get("distance")),
    top: numberOrNull(asked.get("top")),
    filter: filterOf(asked.get("filter")),
    excludeSelf: asked.get("excludeSelf") === "true",
    collapse: asked.has("collapse"),
    picture: history.state?.picture ?? null, // an upload has no address; its number leads to it while the page lives
  };
}

/** The default collection has no name in the address, though the API calls it by one. */
export function nameless(collection) {
  return collection === "default" ? "" : collection;
}

/** Whether `collection`, as the API names it, is the one that is looked at. */
export function isCurrent(collection) {
  return nameless(collection) === state.collection;
}

function numberOrNull(value) {
  return value === null || value === "" || Number.isNaN(Number(value)) ? null : Number(value);
}

function filterOf(value) {
  try {
    const filter = JSON.parse(value ?? "{}");
    const pairs = Object.entries(filter).map(([key, many]) => [key, [many].flat()]);
    return Object.fromEntries(pairs);
  } catch {
    return {};
  }
}

/** The address that shows `wanted`, relative to the page. */
export function address(wanted) {
  const asked = new URLSearchParams();
  for (const name of ["collection", "id", "box", "score", "distance", "top"]) {
    if (wanted[name] !== "" && wanted[name] !== null && wanted[name] !== undefined) asked.set(name, wanted[name]);
  }
  if (Object.keys(wanted.filter ?? {}).length) asked.set("filter", JSON.stringify(wanted.filter));
  if (wanted.excludeSelf) asked.set("excludeSelf", "true");
  if (wanted.collapse) asked.set("collapse", "true");
  return asked.size ? `./?${asked}` : "./";
}

/** The lasting address of the search by the picture `id`. */
export function linkTo(id) {
  return new URL(address({ collection: state.collection, id }), location.href).href;
}

/** Take over `changes`; `keep` is "push" (a step to come back from), "replace", or "none" while a slider moves. */
export function change(changes, keep = "push") {
  const before = { ...state };
  Object.assign(state, changes);
  if (keep !== "none") history[`${keep}State`]({ picture: state.picture }, "", address(state));
  for (const listener of listeners) listener(before);
}

export function onChange(listener) {
  listeners.push(listener);
}

addEventListener("popstate", () => change(fromAddress(), "none"));
