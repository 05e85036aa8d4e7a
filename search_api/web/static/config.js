// What the server has put into the page as data: its bootstrap config, and the messages of the reader's language.

/** @param {string} id */
const read = (id) => JSON.parse(document.getElementById(id)?.textContent ?? "null");

/** @type {Config} */
export const config = read("config");

/** @type {Record<string, string>} */
export const messages = read("messages");
