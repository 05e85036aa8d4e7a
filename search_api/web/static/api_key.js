// The API key: asked for when a change needs it, kept as long as the tab.

import { button, byId, element } from "./dom.js";
import { text } from "./i18n.js";

const STORED = "image-search-key";
const SENDABLE = /^[\x20-\xff]+$/; // in a header; with anything else the browser refuses the whole request

/** Return the key that was typed in; empty where none was. */
export function key() {
  return sessionStorage.getItem(STORED) ?? "";
}

/**
 * Let the reader type the key; resolves to whether one was given.
 * @param {{wrong?: boolean}} [last]
 * @returns {Promise<boolean>}
 */
export function askForKey({ wrong = false } = {}) {
  const dialog = byId("key-dialog", HTMLDialogElement);
  const field = element("input", { type: "password", required: true, autocomplete: "off", id: "key-field" });
  /** @type {HTMLInputElement} */
  const shown = element("input", {
    type: "checkbox",
    onchange: () => (field.type = shown.checked ? "text" : "password"),
  });
  const refusal = element("p", { role: "alert", hidden: !wrong }, text("key.wrong"));
  const form = element(
    "form",
    { method: "dialog" },
    element("h2", { id: "key-title" }, text("key.title")),
    element("p", {}, text("key.text")),
    refusal,
    element("label", { for: "key-field" }, text("key.label"), field),
    element("label", { class: "check" }, shown, text("key.show")),
    element(
      "div",
      { class: "choice" },
      button(text("cancel"), { onclick: () => dialog.close() }),
      button(text("key.use"), { class: "primary", type: "submit" }),
    ),
  );
  dialog.replaceChildren(form);
  return new Promise((resolve) => {
    let given = false;
    form.addEventListener("submit", (event) => {
      const typed = field.value.trim();
      given = SENDABLE.test(typed);
      refusal.hidden = given;
      if (given) sessionStorage.setItem(STORED, typed);
      else event.preventDefault();
    });
    dialog.addEventListener("close", () => resolve(given), { once: true });
    dialog.showModal();
    field.focus();
  });
}
