// The parameters of the page in one table. The state, the address and what a search sends are read from it.

import { config } from "./config.js";

const NEAR_DUPLICATE = 0.95;
const MIN_SCORE = -1; // the page hides what is below its slider; the service sends all of it
const PAGING = ["page", "pageSize"]; // chosen by the list of results while one scrolls

/** @param {unknown} value */
const asItIs = (value) => value;

/**
 * What the page has controls for. `kind` stands here where the page's differs from the service's.
 * @type {Partial<Parameter>[]}
 */
const CONTROLLED = [
  { name: "collection", kind: "string", default: "", control: "collection", toField: null },
  { name: "id", kind: "string", default: "", control: "hits", toField: null },
  { name: "box", kind: "string", default: "", control: "stage", toField: null },
  { name: "score", default: null, control: "threshold", live: true, toField: () => MIN_SCORE },
  { name: "distance", default: null, control: "threshold", live: true, toField: null },
  { name: "top", kind: "number", default: null, control: "top", live: true, toField: null },
  { name: "filter", kind: "object", default: {}, control: "filter" },
  { name: "excludeSelf", default: false, control: "exclude-self" },
  { name: "collapse", kind: "boolean", default: false, control: "collapse", toField: (on) => on && NEAR_DUPLICATE },
];

/** The whole table. A parameter of the service without a control stays in the address, and is sent with each search. */
export const PARAMETERS = [...CONTROLLED.map(completed), ...config.parameters.filter(isUncontrolled).map(completed)];

/** Return a parameter's default in the service. @param {string} name */
export function serverDefault(name) {
  return config.parameters.find((one) => one.name === name)?.default;
}

/** @param {ServerParameter} parameter */
function isUncontrolled({ name }) {
  return !PAGING.includes(name) && !CONTROLLED.some((one) => one.name === name);
}

/** @param {Partial<Parameter>} row @returns {Parameter} */
function completed(row) {
  const name = row.name ?? "";
  const kind = config.parameters.find((one) => one.name === name)?.kind ?? "string";
  const isOwn = row.control !== undefined;
  const rest = { control: null, live: false, toField: asItIs };
  return { ...rest, name, kind, ...row, default: isOwn ? row.default : null };
}

/**
 * Return the value that `written` in the address means; its default where it means none.
 * @param {Parameter} parameter @param {string | null} written @returns {unknown}
 */
export function parse(parameter, written) {
  if (written === null || written === "") return parameter.default;
  switch (parameter.kind) {
    case "number":
    case "integer":
      return Number.isNaN(Number(written)) ? parameter.default : Number(written);
    case "boolean":
      return written === "true" || written === "1";
    case "object":
      return parseJson(written) ?? parameter.default;
    default:
      return written;
  }
}

/** @param {string} written @returns {unknown} */
function parseJson(written) {
  try {
    return JSON.parse(written);
  } catch {
    return null;
  }
}

/**
 * Return how `value` is written in an address or a form; empty where it says no more than the default.
 * @param {Parameter} parameter @param {unknown} value
 */
export function write(parameter, value) {
  if (value === null || value === undefined) return "";
  const written = typeof value === "object" ? JSON.stringify(value) : String(value);
  const usual = parameter.default;
  return written === (typeof usual === "object" ? JSON.stringify(usual) : String(usual)) ? "" : written;
}
