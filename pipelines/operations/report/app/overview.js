// Turns names in the overview into links to their pages, once the history is unpacked.

import { make } from "./dom.js";

/** Names that carry an address become links to it; links to Spotify lead to the playlist's page here instead. */
export function connect() {
  for (const place of document.querySelectorAll("[data-to]")) {
    const { to } = place.dataset;
    if (place.tagName === "A") {
      place.href = to;
      place.removeAttribute("rel");
    } else {
      place.replaceChildren(make("a", { href: to }, ...place.childNodes));
    }
  }
  for (const element of document.querySelectorAll("[data-lookup]")) element.hidden = false;
  for (const element of document.querySelectorAll("[data-static]")) element.hidden = true;
}

/** The cover of a playlist, where the overview has it. */
export function picture(id) {
  return document.querySelector(`#all img[data-cover="${CSS.escape(id)}"]`)?.getAttribute("src") ?? null;
}
