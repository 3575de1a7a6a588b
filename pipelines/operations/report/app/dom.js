// Elements made of text and attributes only, so that no name is ever parsed as markup.

const LONGEST = 300;

/** An element with attributes and children; strings become text nodes, null is left out. */
export function make(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** The same for SVG. */
export function draw(tag, attributes = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
}

function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value);
  }
  for (const child of children.flat()) if (child !== null && child !== undefined) element.append(child);
  return element;
}

/** A text cut to the length of a line. */
export function cut(text) {
  return text.length > LONGEST ? `${[...text.slice(0, LONGEST)].slice(0, -1).join("")}…` : text;
}

/** A name with its own text direction. */
export function named(text) {
  return make("bdi", {}, cut(text) || "(no name)");
}

/** A link within the page. */
export function link(href, ...children) {
  return make("a", { href }, ...children);
}

/** Whether the page is printed or shown; lists are drawn in full for printing. */
export function onPrint(before, after, signal) {
  addEventListener("beforeprint", before, { signal });
  addEventListener("afterprint", after, { signal });
}
