// Makes elements. What comes from outside goes in as text or as an attribute, never as markup.

const SVG = "http://www.w3.org/2000/svg";

/**
 * Return the element with this id, which is of this class; throws where the page has none.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id @param {new () => T} [type]
 * @returns {T}
 */
export function byId(id, type) {
  const found = document.getElementById(id);
  if (!(found instanceof (type ?? HTMLElement))) throw new Error(`The page has no such element: ${id}`);
  return /** @type {T} */ (found);
}

/**
 * Return `element("a", {href, class, onclick}, "text", child)`; null and false leave an attribute or a child out.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag @param {Attributes} [attributes] @param {Child[]} children
 */
export function element(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (typeof value === "function") made.addEventListener(name.slice(2), value);
    else made.setAttribute(name, value === true ? "" : String(value));
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== false));
  return made;
}

/** Return the icon of this name. @param {string} name */
export function icon(name) {
  const made = document.createElementNS(SVG, "svg");
  made.setAttribute("class", "icon");
  made.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#icon-${name}`);
  made.append(use);
  return made;
}

/**
 * Return a button with an icon and a text; with `bare` the text is its name only.
 * @param {string} label @param {Attributes & {name?: string | null, bare?: boolean}} [attributes]
 */
export function button(label, { name = null, bare = false, ...attributes } = {}) {
  const named = bare ? { title: label, "aria-label": label } : {};
  const classes = [attributes.class, bare && "bare"].filter(Boolean).join(" ");
  const content = [name && icon(name), !bare && element("span", {}, label)];
  return element("button", { type: "button", ...attributes, ...named, class: classes || null }, ...content);
}
