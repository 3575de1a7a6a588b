// The overview's table of all playlists: filtered by letters, sorted by any column.

import { fold } from "./search.js";

const FIRST = 50;

export function startPlaylistTable() {
  const table = document.getElementById("all");
  if (!table) return;
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const words = new Map(rows.map((row) => [row, fold(`${row.cells[0].textContent} ${row.cells[1].textContent}`)]));
  const filter = document.getElementById("filter");
  const shown = document.getElementById("shown");
  const more = document.getElementById("more");
  let all = rows.length <= FIRST;

  const show = () => {
    const wanted = fold(filter.value.trim());
    const limit = all || wanted ? Infinity : FIRST;
    let found = 0;
    for (const row of body.rows) {
      const matches = words.get(row).includes(wanted);
      row.hidden = !matches || found >= limit;
      found += matches;
    }
    more.hidden = limit >= found;
    const count = Math.min(found, limit);
    shown.textContent = count === rows.length ? "" : `${count.toLocaleString("en")} of ${rows.length.toLocaleString("en")}`;
  };

  const letters = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });
  const sort = (heading, index) => {
    const { order } = heading.dataset;
    // Numbers and times are first sorted in descending order, texts from A.
    const before = heading.getAttribute("aria-sort");
    const down = before ? before === "ascending" : Boolean(order);
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", down ? "descending" : "ascending");
    const keys = new Map(rows.map((row) => [row, value(row, index, order)]));
    const compare = order === "number" ? (a, b) => a - b : letters.compare;
    rows.sort((a, b) => (down ? -1 : 1) * compare(keys.get(a), keys.get(b)));
    body.append(...rows);
    show();
  };

  [...table.tHead.rows[0].cells].forEach((heading, index) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = heading.textContent;
    button.addEventListener("click", () => sort(heading, index));
    heading.replaceChildren(button);
  });
  filter.addEventListener("input", show);
  more.addEventListener("click", () => {
    const next = [...body.rows].find((row) => row.hidden);
    all = true;
    show();
    next?.querySelector("a")?.focus();
  });
  filter.closest("[role=search]").hidden = false;
  show();
}

function value(row, index, order) {
  const cell = row.cells[index];
  if (order === "number") return Number(cell.textContent.replace(/[^\d]/g, "") || -1);
  if (order === "time") return cell.querySelector("time")?.dateTime ?? "";
  return cell.textContent.trim();
}
