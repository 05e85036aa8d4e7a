// Speaks with the search service: every answer is its data or an ApiError with the error's name.

import { askForKey, key } from "./api_key.js";
import { state } from "./state.js";

export class ApiError extends Error {
  constructor(name, detail, { status = 0, wait = 1 } = {}) {
    super(detail);
    this.name = name;
    this.detail = detail;
    this.status = status;
    this.wait = wait; // seconds
  }
}

/** The address of a route with its parameters; the collection is the one that is looked at, unless they name another. */
export function route(path, parameters = {}) {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries({ collection: state.collection, ...parameters })) {
    if (value !== "" && value !== null && value !== undefined) asked.set(name, value);
  }
  return asked.size ? `${path}?${asked}` : path;
}

/** Ask for something that changes nothing. */
export function read(path, parameters = {}, options = {}) {
  return send(route(path, parameters), options);
}

/** Change something; while the service says that the key is missing or wrong, the reader is asked for it. */
export async function write(method, path, { parameters = {}, json, form, signal } = {}) {
  const address = route(path, parameters); // now: while a key is typed in, another collection may be chosen
  const body = json === undefined ? form : JSON.stringify(json);
  const kind = json === undefined ? {} : { "Content-Type": "application/json" };
  for (;;) {
    const used = key();
    const headers = used ? { ...kind, Authorization: `Bearer ${used}` } : kind;
    try {
      return await send(address, { method, body, headers, signal });
    } catch (error) {
      if (error.name !== "unauthorized") throw error;
      const another = key() !== used; // typed in meanwhile, for another request
      if (!another && !(await askForKey({ wrong: used !== "" }))) throw error;
    }
  }
}

/** What `write` does, with patience for a service that is busy. */
export async function writePatiently(method, path, options) {
  for (let left = 8; ; left -= 1) {
    try {
      return await write(method, path, options);
    } catch (error) {
      if (error.name !== "busy" || !left) throw error;
      await new Promise((resolve) => setTimeout(resolve, error.wait * 1000));
    }
  }
}

async function send(address, options) {
  let answer;
  try {
    answer = await fetch(address, options);
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new ApiError("unreachable", "");
  }
  const body = await answer.json().catch(() => null);
  const told = { status: answer.status, wait: Number(answer.headers.get("Retry-After")) || 1 };
  if (body === null) throw new ApiError("unknown", `HTTP ${answer.status}`, told);
  if (body.code !== 200) throw new ApiError(body.error ?? "unknown", body.detail ?? body.msg, told);
  return body.data;
}
