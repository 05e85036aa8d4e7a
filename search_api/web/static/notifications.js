// Notifications: an error stays until the reader closes it, a short success goes by itself.

import { ApiError } from "./api.js";
import { button, byId, element } from "./dom.js";
import { errorText, text } from "./i18n.js";

const SHOWN_MS = 5000;

/** @type {ReturnType<typeof setTimeout> | undefined} */
let fading;

/**
 * Show `error` in the element `where`, with a button to try again when there is something to try.
 * @param {string} where @param {unknown} error @param {(() => unknown) | null} [retry]
 */
export function showError(where, error, retry = null) {
  if (!(error instanceof Error) || error.name === "AbortError") return;
  const detail = error instanceof ApiError ? error.detail : error.message;
  showNotice(where, errorText(error.name), detail, retry);
}

/**
 * Show a notice in the element `where`.
 * @param {string} where @param {string} title @param {string} [detail] @param {(() => unknown) | null} [retry]
 */
export function showNotice(where, title, detail = "", retry = null) {
  const holder = byId(where);
  const close = () => holder.replaceChildren();
  const again = () => {
    close();
    retry?.();
  };
  holder.replaceChildren(
    element(
      "div",
      { class: "notice", role: "alert" },
      element("div", {}, element("p", {}, title), detail ? element("p", {}, detail) : null),
      retry && button(text("results.retry"), { onclick: again }),
      button(text("close"), { name: "close", bare: true, onclick: close }),
    ),
  );
}

/** Take away what is shown in the element `where`. @param {string} where */
export function clearNotice(where) {
  byId(where).replaceChildren();
}

/** Show for a moment that something is done. @param {string} message */
export function toast(message) {
  byId("toast").replaceChildren(element("p", {}, message));
  clearTimeout(fading);
  fading = setTimeout(() => byId("toast").replaceChildren(), SHOWN_MS);
}

/** Put `link` on the clipboard, or show it where the clipboard cannot be used. @param {string} link */
export async function copyLink(link) {
  try {
    await navigator.clipboard.writeText(link);
    toast(text("query.linkCopied"));
  } catch {
    toast(text("query.linkNotCopied", { link }));
  }
}
