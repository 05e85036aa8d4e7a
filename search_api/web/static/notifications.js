// Messages: a failure stays until it is dealt with, a short success goes by itself.

import { button, byId, element } from "./dom.js";
import { errorText, text } from "./i18n.js";

const SHOWN_MS = 5000;
let fading = 0;

/** Show `error` in the place `where`, with a button to try again when there is something to try. */
export function showError(where, error, retry = null) {
  if (error.name === "AbortError") return;
  const detail = error.detail ?? error.message;
  showNotice(where, errorText(error.name), detail, retry);
}

export function showNotice(where, title, detail = "", retry = null) {
  const place = byId(where);
  const close = () => place.replaceChildren();
  const again = () => {
    close();
    retry();
  };
  place.replaceChildren(
    element(
      "div",
      { class: "notice", role: "alert" },
      element("div", {}, element("p", {}, title), detail ? element("p", {}, detail) : null),
      retry && button(text("results.retry"), { onclick: again }),
      button(text("close"), { name: "close", bare: true, onclick: close }),
    ),
  );
}

export function clearNotice(where) {
  byId(where).replaceChildren();
}

/** Say shortly that something is done. */
export function toast(said) {
  byId("toast").replaceChildren(element("p", {}, said));
  clearTimeout(fading);
  fading = setTimeout(() => byId("toast").replaceChildren(), SHOWN_MS);
}

/** Put `link` on the clipboard, or show it where the clipboard is not to be had. */
export async function copyLink(link) {
  try {
    await navigator.clipboard.writeText(link);
    toast(text("query.linkCopied"));
  } catch {
    toast(text("query.linkNotCopied", { link }));
  }
}
