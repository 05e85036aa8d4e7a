// The page's messages and numbers in the reader's language.

import { messages } from "./config.js";

const { lang } = document.documentElement;
const plurals = new Intl.PluralRules(lang);
const whole = new Intl.NumberFormat(lang, { maximumFractionDigits: 0 });
const UNITS = ["B", "kB", "MB", "GB"];

/**
 * Return the message of `key` with `values` put in; a number named `count` also chooses between one and many.
 * @param {string} key @param {Record<string, string | number>} [values]
 */
export function text(key, values = {}) {
  const form = plurals.select(Number(values.count));
  const found = messages[key] ?? messages[`${key}.${form}`] ?? messages[`${key}.other`] ?? key;
  return found.replace(/\{(\w+)\}/g, (_, /** @type {string} */ name) => {
    const value = values[name];
    return typeof value === "number" ? number(value) : String(value ?? "");
  });
}

/** Return the message for an error of the API. @param {string} name */
export function errorText(name) {
  return messages[`error.${name}`] ?? text("error.unknown");
}

/** Return a whole number as the reader writes it. @param {number} value */
export function number(value) {
  return whole.format(value);
}

/** Return a size in bytes as the reader writes it. @param {number} count */
export function bytes(count) {
  let unit = 0;
  while (count >= 1000 && unit < UNITS.length - 1) {
    count /= 1000;
    unit += 1;
  }
  return `${unit && count < 10 ? count.toFixed(1) : Math.round(count)} ${UNITS[unit]}`;
}

/** Return a hit's score or distance as it is shown. @param {Copy} hit */
export function measure(hit) {
  return hit.distance === undefined ? (hit.score ?? 0).toFixed(3) : distance(hit.distance);
}

/** Return a distance as it is shown. @param {number} value */
export function distance(value) {
  return value.toFixed(value < 10 ? 3 : 1);
}
