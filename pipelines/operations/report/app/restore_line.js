// How to bring a playlist back to what is shown: a command to copy. The page itself changes nothing.

import { make } from "./dom.js";
import { DAY, day, microsecond } from "./formatting.js";

const SPOKEN = 4000;

export class RestoreLine {
  /** options: those that name the lake. */
  constructor(id, options) {
    this.start = ["playlake", "restore", id, options].filter(Boolean).join(" ");
    this.code = make("code", { tabindex: 0, "aria-label": "Command that restores the playlist" });
    this.copy = make("button", { type: "button" }, "Copy");
    this.copy.addEventListener("click", () => this.copied());
    this.said = make("span", { role: "status", class: "soft" });
    this.what = make("span", {});
    this.element = make("div", { class: "restore", hidden: true },
      make("p", {}, this.what, " ", this.said),
      make("p", { class: "command" }, this.code, this.copy));
  }

  /** Shows the command for the end of a day, or for what was last seen before the playlist left the library. */
  show(time, left) {
    const isUntilItLeft = left !== null && left < time + DAY;
    // The last microsecond at which a playlist was still there, or of the day, so that whatever was found then counts.
    const moment = Math.round((isUntilItLeft ? left : time + DAY) * 1000) - 1;
    this.what.textContent = isUntilItLeft
      ? "To bring it back as it was last seen, say this at a terminal; it shows what it would do, and without --dry-run it asks:"
      : `To bring it back to ${day(time)}, say this at a terminal; it shows what it would do, and without --dry-run it asks:`;
    this.code.textContent = `${this.start} --as-of ${microsecond(moment)} --dry-run`;
    this.said.textContent = "";
    this.element.hidden = false;
  }

  hide() {
    this.element.hidden = true;
  }

  async copied() {
    try {
      await navigator.clipboard.writeText(this.code.textContent);
      this.said.textContent = "Copied.";
    } catch {
      // A browser that lets no page touch the clipboard still copies what is selected.
      getSelection().selectAllChildren(this.code);
      this.said.textContent = "Selected: copy it with the keyboard.";
    }
    setTimeout(() => { this.said.textContent = ""; }, SPOKEN);
  }
}
