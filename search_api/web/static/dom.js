// Makes elements. Whatever comes from outside goes in as text or as an attribute, never as markup.

const SVG = "http://www.w3.org/2000/svg";

export const byId = (id) => document.getElementById(id);

/** `element("a", {href, class, onclick}, "text", child)`; null and false leave an attribute out. */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

export function icon(name) {
  const made = document.createElementNS(SVG, "svg");
  made.setAttribute("class", "icon");
  made.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#icon-${name}`);
  made.append(use);
  return made;
}

/** A button with an icon and a text; with `bare` the text is its name only. */
export function button(label, { name = null, bare = false, ...attributes } = {}) {
  const named = bare ? { title: label, "aria-label": label } : {};
  const kind = [attributes.class, bare && "bare"].filter(Boolean).join(" ");
  const content = [name && icon(name), !bare && element("span", {}, label)];
  return element("button", { type: "button", ...attributes, ...named, class: kind || null }, ...content);
}
