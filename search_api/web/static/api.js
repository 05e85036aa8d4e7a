// Speaks with the search service: every answer is its data or an ApiError with the error's name.

import { askForKey, key } from "./api_key.js";
import { state } from "./state.js";

const MAX_RETRIES = 8; // of a change that the service is too busy for

export class ApiError extends Error {
  /** @param {string} name @param {string} detail @param {{status?: number, wait?: number}} [answer] */
  constructor(name, detail, { status = 0, wait = 1 } = {}) {
    super(detail);
    this.name = name;
    this.detail = detail;
    this.status = status;
    this.wait = wait; // seconds
  }
}

/** Return whether `error` is the API's error of this name. @param {unknown} error @param {string} name */
export function isError(error, name) {
  return error instanceof ApiError && error.name === name;
}

/**
 * Return the address of a route with its parameters; the collection is the one that is looked at, unless they name one.
 * @param {string} path @param {Record<string, unknown>} [parameters]
 */
export function route(path, parameters = {}) {
  const asked = new URLSearchParams();
  for (const [name, value] of Object.entries({ collection: state.collection, ...parameters })) {
    if (value !== "" && value !== null && value !== undefined) asked.set(name, String(value));
  }
  return asked.size ? `${path}?${asked}` : path;
}

/**
 * Return the address of an image's file or thumbnail.
 * @param {string} id @param {"file" | "thumbnail"} form
 */
export function imageRoute(id, form) {
  return route(`images/${encodeURIComponent(id)}/${form}`);
}

/**
 * Return the data of a request that changes nothing.
 * @param {string} path @param {Record<string, unknown>} [parameters] @param {RequestInit} [options]
 */
export function read(path, parameters = {}, options = {}) {
  return send(route(path, parameters), options);
}

/**
 * @typedef {{parameters?: Record<string, unknown>, json?: unknown, form?: FormData, signal?: AbortSignal}} Change
 */

/**
 * Change something; while the service says that the key is missing or wrong, the reader is asked for it.
 * @param {string} method @param {string} path @param {Change} [change]
 */
export async function write(method, path, { parameters = {}, json, form, signal } = {}) {
  const address = route(path, parameters); // now: while a key is typed in, another collection may be chosen
  const body = json === undefined ? (form ?? null) : JSON.stringify(json);
  for (;;) {
    const used = key();
    const headers = new Headers();
    if (json !== undefined) headers.set("Content-Type", "application/json");
    if (used) headers.set("Authorization", `Bearer ${used}`);
    try {
      return await send(address, { method, body, headers, signal: signal ?? null });
    } catch (error) {
      if (!isError(error, "unauthorized")) throw error;
      const another = key() !== used; // typed in meanwhile, for another request
      if (!another && !(await askForKey({ wrong: used !== "" }))) throw error;
    }
  }
}

/**
 * Do what `write` does, again and again while the service is busy.
 * @param {string} method @param {string} path @param {Change} change
 */
export async function writeWithRetries(method, path, change) {
  for (let left = MAX_RETRIES; ; left -= 1) {
    try {
      return await write(method, path, change);
    } catch (error) {
      if (!(error instanceof ApiError) || error.name !== "busy" || !left) throw error;
      await new Promise((resolve) => setTimeout(resolve, error.wait * 1000));
    }
  }
}

/** @param {string} address @param {RequestInit} options @returns {Promise<any>} */
async function send(address, options) {
  let answer;
  try {
    answer = await fetch(address, options);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError("unreachable", "");
  }
  const body = await answer.json().catch(() => null);
  const status = { status: answer.status, wait: Number(answer.headers.get("Retry-After")) || 1 };
  if (body === null) throw new ApiError("unknown", `HTTP ${answer.status}`, status);
  if (body.code !== 200) throw new ApiError(body.error ?? "unknown", body.detail ?? body.msg, status);
  return body.data;
}
