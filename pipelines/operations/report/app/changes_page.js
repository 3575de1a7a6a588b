// What syncs found changed, playlist by playlist, with names: the largest changes first, or the newest.

import { heading, playlistLink } from "./cells.js";
import { cut, link, make } from "./dom.js";
import { LongTable } from "./long_table.js";
import { address } from "./route.js";
import { DAY, counted, day, isoDay, number } from "./formatting.js";

const HEADINGS = [
  { text: "Playlist" },
  { text: "Found", kind: "date" },
  { text: "Added", kind: "figure number" },
  { text: "Removed", kind: "figure number" },
  { text: "Moved", kind: "figure number wide" },
];
const PERIODS = [["", "since the first sync"], ["7", "in the last 7 days"], ["30", "in the last 30 days"], ["365", "in the last year"]];
const NAMES = 8;

/** Each change: a playlist, an index into the archive's times, and the stays that were added, removed and moved. */
export function changes(archive) {
  const { stays, moves, playlists, times } = archive;
  const found = new Map();
  const at = (stay, time) => {
    const playlist = stays.playlist[stay];
    const key = playlist * times.length + time;
    if (!found.has(key)) found.set(key, { playlist, time, came: [], went: [], moved: 0 });
    return found.get(key);
  };
  for (let stay = 0; stay < stays.count; stay += 1) {
    if (stays.from[stay] !== playlists.began_at[stays.playlist[stay]]) at(stay, stays.from[stay]).came.push(stay);
    if (stays.until[stay] >= 0) at(stay, stays.until[stay]).went.push(stay);
  }
  moves.stay.forEach((stay, row) => { at(stay, moves.time[row]).moved += 1; });
  return [...found.values()];
}

export class ChangesPage {
  constructor({ archive, now, signal, go }) {
    Object.assign(this, { archive, now, title: "What changed" });
    this.all = changes(archive);
    this.said = make("p", { role: "status" });
    this.orders = make("ul", { class: "tabs" });
    this.period = make("select", { id: "period" }, PERIODS.map(([value, text]) => make("option", { value }, text)));
    this.period.addEventListener("change", () => go(this.address({ days: this.period.value })));
    this.table = new LongTable({ label: "Changes", headings: HEADINGS, row: (index) => this.row(this.shown[index]), signal });
    this.element = make("div", {},
      heading(this.title, { lede: ["What came and what went between two syncs of a playlist. A name leads to what happened there."] }),
      make("div", { class: "tools" }, make("label", { for: "period" }, "Found"), this.period,
        make("nav", { "aria-label": "Order" }, this.orders)),
      this.said, this.table.element);
  }

  address(changed) {
    return address(["changes"], { by: this.by === "newest" ? "newest" : null, days: this.days, ...changed });
  }

  update({ params }) {
    const { times } = this.archive;
    this.by = params.get("by") === "newest" ? "newest" : "largest";
    this.days = PERIODS.some(([value]) => value === params.get("days")) ? params.get("days") : "";
    this.period.value = this.days;
    const since = this.days ? this.now - Number(this.days) * DAY : -Infinity;
    const size = ({ came, went }) => came.length + went.length;
    const newest = (a, b) => times[b.time] - times[a.time] || size(b) - size(a);
    const largest = (a, b) => size(b) - size(a) || b.moved - a.moved || newest(a, b);
    this.shown = this.all.filter(({ time }) => times[time] >= since).sort(this.by === "newest" ? newest : largest);
    this.orders.replaceChildren(...[["largest", "Largest first"], ["newest", "Newest first"]].map(([by, text]) => {
      const anchor = link(this.address({ by: by === "newest" ? by : null }), text);
      if (by === this.by) anchor.setAttribute("aria-current", "page");
      return make("li", {}, anchor);
    }));
    this.said.textContent = this.shown.length ? `${counted(this.shown.length, "change", "changes")}.` : "Nothing changed.";
    this.table.show(this.shown.length);
  }

  row({ playlist, time, came, went, moved }) {
    const { archive } = this;
    const found = archive.times[time];
    return [
      [
        make("span", { class: "line" }, playlistLink(archive, playlist, { on: isoDay(found), show: "timeline" })),
        make("span", { class: "line soft" }, this.names("+", "plus", came), came.length && went.length ? "  " : "", this.names("−", "minus", went)),
      ],
      [day(found)],
      [came.length ? make("span", { class: "plus" }, `+${number(came.length)}`) : ""],
      [went.length ? make("span", { class: "minus" }, `−${number(went.length)}`) : ""],
      [moved ? number(moved) : ""],
    ];
  }

  names(sign, kind, stays) {
    if (!stays.length) return null;
    const { items, stays: all } = this.archive;
    const titles = stays.slice(0, NAMES).map((stay) => items.title[all.item[stay]]).filter(Boolean);
    return make("span", {}, make("span", { class: kind }, `${sign} `),
      titles.flatMap((title, place) => [place ? ", " : "", make("bdi", {}, cut(title))]),
      stays.length > titles.length ? ` and ${number(stays.length - titles.length)} more` : null);
  }
}
