// The page's texts and numbers in the reader's language.

import { catalog, facts } from "./config.js";

const plurals = new Intl.PluralRules(facts.language);
const whole = new Intl.NumberFormat(facts.language, { maximumFractionDigits: 0 });
const UNITS = ["B", "kB", "MB", "GB"];

/** The text of `key` with `values` put in; a number named `count` also chooses between one and many. */
export function text(key, values = {}) {
  let found = catalog[key];
  if (found === undefined) found = catalog[`${key}.${plurals.select(values.count)}`] ?? catalog[`${key}.other`] ?? key;
  return found.replace(/\{(\w+)\}/g, (_, name) => {
    const value = values[name];
    return typeof value === "number" ? whole.format(value) : String(value ?? "");
  });
}

/** The text for an error of the API by its name. */
export function errorText(name) {
  return catalog[`error.${name}`] ?? catalog["error.unknown"];
}

export function number(value) {
  return whole.format(value);
}

export function bytes(count) {
  let unit = 0;
  while (count >= 1000 && unit < UNITS.length - 1) {
    count /= 1000;
    unit += 1;
  }
  return `${unit && count < 10 ? count.toFixed(1) : Math.round(count)} ${UNITS[unit]}`;
}

/** A hit's score or distance as it is shown. */
export function measure(hit) {
  return hit.distance === undefined ? score(hit.score) : distance(hit.distance);
}

export function score(value) {
  return value.toFixed(3);
}

export function distance(value) {
  return value < 10 ? value.toFixed(3) : value.toFixed(1);
}
