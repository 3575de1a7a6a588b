// A table of any number of rows, of which only the visible ones are drawn; the page itself scrolls.

import { make, onPrint } from "./dom.js";

const AROUND = 12;
const ON_PAPER = 2000;

export class LongTable {
  /**
   * @param label what the table is, for screen readers
   * @param headings of the columns: { text, kind }, where kind is a class that sets width and alignment
   * @param row gives the cells of a row by its number, each an array of nodes and texts
   * @param main which column names the row
   * @param stuck height in pixels of what is fixed at the top of the screen
   * @param signal aborted when the view ends
   */
  constructor({ label, headings, row, main = 0, stuck = () => 0, signal }) {
    Object.assign(this, { headings, row, main, stuck, count: 0, first: 0, last: 0, current: 0, isOnPaper: false });
    this.body = make("tbody");
    this.head = make("thead", {}, make("tr", { "aria-rowindex": 1 },
      headings.map(({ text, kind }) => make("th", { scope: "col", class: kind }, text))));
    this.table = make("table", { class: "long", "aria-label": label }, this.head, this.body);
    this.rest = make("p", { class: "soft on-paper" });
    this.element = make("div", { class: "long-frame" }, this.table, this.rest);
    addEventListener("scroll", () => this.drawSoon(), { passive: true, signal });
    addEventListener("resize", () => this.drawSoon(), { signal });
    this.body.addEventListener("keydown", (event) => this.move(event));
    this.body.addEventListener("focusin", (event) => this.mark(event));
    onPrint(() => this.paper(true), () => this.paper(false), signal);
  }

  /** Shows a number of rows, all drawn again. */
  show(count) {
    this.count = count;
    this.current = Math.min(this.current, Math.max(count - 1, 0));
    this.table.setAttribute("aria-rowcount", count + 1);
    this.table.hidden = count === 0;
    this.body.replaceChildren();
    this.first = this.last = 0;
    this.draw();
  }

  drawSoon() {
    if (this.isAsked) return;
    this.isAsked = true;
    requestAnimationFrame(() => {
      this.isAsked = false;
      if (this.element.isConnected) this.draw();
    });
  }

  /** Draws the visible rows and some around them, and leaves space for the others. */
  draw() {
    if (this.count && !this.body.rows.length) {
      // The height of one row is that of all.
      this.first = Math.min(this.first, this.count - 1);
      this.last = this.first + 1;
      this.body.append(this.line(this.first));
    }
    const height = this.body.rows[0]?.getBoundingClientRect().height || 52;
    this.height = height;
    const top = this.element.getBoundingClientRect().top + this.head.offsetHeight;
    let first = Math.max(Math.floor(-top / height) - AROUND, 0);
    let last = Math.min(Math.ceil((innerHeight - top) / height) + AROUND, this.count);
    if (this.isOnPaper) [first, last] = [0, Math.min(this.count, ON_PAPER)];
    first = Math.max(Math.min(first, this.count - 1), 0);
    last = Math.max(last, Math.min(first + 1, this.count));
    this.replace(first, last);
    this.table.style.marginTop = `${first * height}px`;
    this.table.style.marginBottom = `${(this.count - last) * height}px`;
    const stop = this.current >= first && this.current < last ? this.current : Math.min(first + AROUND, last - 1);
    for (const line of this.body.rows) this.allow(line, this.index(line) === stop);
  }

  /** Keeps the rows that stay, as one of them may have the focus. */
  replace(first, last) {
    if (first >= this.last || last <= this.first) {
      this.body.replaceChildren();
      this.first = this.last = first;
    }
    for (; this.first < first; this.first += 1) this.body.rows[0].remove();
    for (; this.last > last; this.last -= 1) this.body.lastElementChild.remove();
    const before = [];
    for (let index = first; index < this.first; index += 1) before.push(this.line(index));
    this.body.prepend(...before);
    const after = [];
    for (let index = this.last; index < last; index += 1) after.push(this.line(index));
    this.body.append(...after);
    [this.first, this.last] = [first, last];
  }

  line(index) {
    const cells = this.row(index).map((content, column) =>
      column === this.main
        ? make("th", { scope: "row", class: this.headings[column].kind }, content)
        : make("td", { class: this.headings[column].kind }, content));
    return make("tr", { "aria-rowindex": index + 2 }, cells);
  }

  index(line) {
    return Number(line.getAttribute("aria-rowindex")) - 2;
  }

  /** The Tab key stops at one row; the arrow keys move from there. */
  allow(line, isStop) {
    for (const anchor of line.querySelectorAll("a")) anchor.tabIndex = isStop ? 0 : -1;
  }

  mark(event) {
    this.current = this.index(event.target.closest("tr"));
    for (const line of this.body.rows) this.allow(line, this.index(line) === this.current);
  }

  move(event) {
    const line = event.target.closest("tr");
    const anchors = [...line.querySelectorAll("a")];
    const place = anchors.indexOf(event.target);
    if (place < 0 || event.altKey || event.ctrlKey || event.metaKey) return;
    const page = Math.max(Math.floor(innerHeight / this.height) - 3, 1);
    const index = this.index(line);
    const wanted = {
      ArrowDown: index + 1, ArrowUp: index - 1, PageDown: index + page, PageUp: index - page, Home: 0, End: this.count - 1,
    }[event.key];
    if (event.key === "ArrowRight") anchors[place + 1]?.focus();
    else if (event.key === "ArrowLeft") anchors[place - 1]?.focus();
    else if (wanted !== undefined) this.go(Math.min(Math.max(wanted, 0), this.count - 1), place);
    else return;
    event.preventDefault();
  }

  /** Scrolls to a row, below what is fixed at the top, and gives it the focus. */
  go(index, place) {
    const top = this.element.getBoundingClientRect().top + this.head.offsetHeight + index * this.height;
    const stuck = this.stuck() + this.head.offsetHeight;
    if (top < stuck) scrollBy(0, top - stuck);
    else if (top + this.height > innerHeight) scrollBy(0, top + this.height - innerHeight + 8);
    this.draw();
    const anchors = this.body.rows[index - this.first]?.querySelectorAll("a") ?? [];
    anchors[Math.min(place, anchors.length - 1)]?.focus({ preventScroll: true });
  }

  paper(isOnPaper) {
    if (!this.element.isConnected) return;
    this.isOnPaper = isOnPaper;
    this.draw();
    const left = this.count - ON_PAPER;
    this.rest.textContent = isOnPaper && left > 0 ? `And ${left.toLocaleString("en")} more.` : "";
    if (isOnPaper) this.table.style.marginBottom = "0";
  }
}
