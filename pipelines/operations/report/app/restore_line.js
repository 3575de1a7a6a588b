// How to restore a playlist to the shown state: a command to copy. The page itself changes nothing.

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
    // The last microsecond at which the playlist was still there, or of the day, so that all changes of that day count.
    const moment = Math.round((isUntilItLeft ? left : time + DAY) * 1000) - 1;
    this.what.textContent = isUntilItLeft
      ? "To bring it back as it was last seen, run this in a terminal; it shows what it would do, and without --dry-run it asks for confirmation:"
      : `To bring it back to ${day(time)}, run this in a terminal; it shows what it would do, and without --dry-run it asks for confirmation:`;
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
      // If the browser does not allow the page to use the clipboard, the user can copy the selection.
      getSelection().selectAllChildren(this.code);
      this.said.textContent = "Selected: copy it with the keyboard.";
    }
    setTimeout(() => { this.said.textContent = ""; }, SPOKEN);
  }
}
