// A playlist as of any day, and what happened on it until then.

import { heading, itemCell, playlistTags, tag } from "./cells.js";
import { DayPicker } from "./day_picker.js";
import { cut, link, make, named } from "./dom.js";
import { LongTable } from "./long_table.js";
import { Replay } from "./replay.js";
import { RestoreLine } from "./restore_line.js";
import { playlistAddress } from "./route.js";
import { eventCells, events } from "./timeline.js";
import { counted, day, dayOf, hours, isoDay, number, startOfDay, DAY } from "./formatting.js";

const ITEMS = [
  { text: "Place", kind: "place number" },
  { text: "Title and artists" },
  { text: "Album", kind: "album wide" },
  { text: "Added", kind: "date labelled" },
  { text: "By", kind: "by wide" },
];
const TIMELINE = [
  { text: "Day", kind: "date" },
  { text: "What", kind: "what" },
  { text: "Item" },
  { text: "More", kind: "more" },
];

export class PlaylistPage {
  constructor({ archive, now, picture, replace, signal }, id) {
    this.archive = archive;
    this.id = id;
    this.playlist = archive.playlists.id.indexOf(id);
    this.replaceAddress = replace;
    if (this.playlist < 0) {
      this.title = "No such playlist";
      this.element = make("div", {}, heading(this.title, { lede: ["It is not in this report."] }));
      return;
    }
    this.title = archive.playlists.name[this.playlist] || "(no name)";
    this.replay = new Replay(archive, this.playlist);
    this.latest = startOfDay(Math.max(now, ...this.replay.times.map((time) => archive.times[time])));
    this.element = make("div", {}, this.top(picture(id)), this.notes());
    if (this.replay.times.length) this.addHistory(signal);
  }

  top(picture) {
    const { archive, playlist } = this;
    const { owner, description } = archive.playlists;
    const state = this.replay.at(this.replay.times.length - 1);
    const seconds = state.reduce((sum, stay) => sum + (archive.items.seconds[archive.stays.item[stay]] ?? 0), 0);
    const lede = [
      owner[playlist] && make("span", {}, "By ", named(owner[playlist]), ". "),
      this.replay.times.length ? `${counted(state.length, "item", "items")}${seconds ? `, ${hours(seconds)} to listen to` : ""}.` : null,
    ];
    const top = heading(this.title, {
      lede,
      picture,
      spotify: /^[0-9A-Za-z]{22}$/.test(this.id) ? `https://open.spotify.com/playlist/${this.id}` : null,
      tags: playlistTags(archive, playlist),
    });
    if (description[playlist]) top.lastElementChild.append(make("p", { class: "soft" }, make("bdi", {}, cut(description[playlist]))));
    return top;
  }

  /** Notes on how reliable the list is. */
  notes() {
    const { playlists } = this.archive;
    const { playlist } = this;
    const said = [];
    if (playlists.access[playlist] === "metadata_only") {
      said.push("Spotify withholds the contents of this playlist from the app that reads it.");
    }
    if (!playlists.listed[playlist]) {
      const left = playlists.left_at[playlist];
      said.push(`It ${left === null ? "is not in the library" : `left the library: found on ${day(left)}`}. What is shown is what was last seen on it.`);
    }
    if (!this.replay.times.length) {
      said.push(`What is on it has never been read${playlists.total[playlist] === null ? "" : `; Spotify counts ${counted(playlists.total[playlist], "item", "items")}`}.`);
    }
    const emptied = this.emptied();
    if (emptied) said.push(emptied);
    return said.length ? make("div", { class: "notice", role: "note", "aria-label": "About this playlist" }, said.map((parts) => make("p", {}, parts))) : null;
  }

  /** The note that the playlist is empty, with a link to what was on it. */
  emptied() {
    const { archive, replay } = this;
    const state = replay.sizes.findLastIndex((size) => size > 0);
    if (state < 0 || state === replay.sizes.length - 1) return null;
    const found = archive.times[replay.times[state + 1]];
    // A day is shown as of its end.
    const before = startOfDay(found) - DAY;
    const isShown = archive.times[replay.times[state]] < startOfDay(found);
    return [
      `It is empty: found on ${day(found)}. Before, it had ${counted(replay.sizes[state], "item", "items")}.`,
      isShown ? [" ", link(playlistAddress(archive, this.playlist, { on: isoDay(before) }), "See what was on it"), "."] : null,
    ].flat();
  }

  addHistory(signal) {
    const { archive } = this;
    this.picker = new DayPicker({
      archive,
      playlist: this.playlist,
      replay: this.replay,
      latest: this.latest,
      change: (time, isDone) => this.pick(time, isDone),
    });
    const stuck = () => this.picker.bar.offsetHeight;
    this.items = new LongTable({ label: "Items on the playlist", headings: ITEMS, row: (index) => this.itemRow(index), main: 1, stuck, signal });
    this.timeline = new LongTable({ label: "Timeline of the playlist", headings: TIMELINE, row: (index) => eventCells(archive, this.past[index]), main: 2, stuck, signal });
    this.tabs = make("ul", { class: "tabs" });
    this.empty = make("p", {});
    this.restoring = new RestoreLine(this.id, document.documentElement.dataset.options);
    this.element.append(
      this.picker.element, this.picker.bar, this.restoring.element,
      make("nav", { "aria-label": "Items or timeline" }, this.tabs),
      this.empty, this.items.element, this.timeline.element,
    );
    const watch = new ResizeObserver(() => this.element.style.setProperty("--stuck", `${stuck()}px`));
    watch.observe(this.picker.bar);
    signal.addEventListener("abort", () => watch.disconnect());
  }

  /** Shows the state that an address names. */
  update({ params }) {
    if (!this.picker) return;
    this.shows = params.get("show") === "timeline" ? "timeline" : "items";
    const wanted = dayOf(params.get("on"));
    this.time = Number.isNaN(wanted) ? this.latest : Math.min(Math.max(wanted, this.picker.earliest), this.latest);
    this.picker.set(this.time);
    this.draw();
  }

  pick(time, isDone) {
    this.time = time;
    this.draw();
    clearTimeout(this.later);
    // Browsers limit how often the address may change.
    this.later = setTimeout(() => this.replaceAddress(this.address()), isDone ? 0 : 250);
  }

  address(shows = this.shows) {
    return playlistAddress(this.archive, this.playlist, {
      on: this.time === this.latest ? null : isoDay(this.time),
      show: shows === "timeline" ? shows : null,
    });
  }

  draw() {
    const { archive, replay } = this;
    this.state = replay.before(archive, this.time + DAY);
    this.list = this.state < 0 ? this.survivors() : replay.at(this.state);
    const stays = archive.stays;
    const staying = this.list.reduce((count, stay) => count + (stays.until[stay] < 0 ? 1 : 0), 0);
    this.picker.tell(this.list.length, {
      removed: this.list.length - staying,
      added: replay.sizes.at(-1) - staying,
      isGuess: this.state < 0,
    });
    const isTimeline = this.shows === "timeline";
    if (isTimeline) {
      this.all ??= events(archive, this.playlist);
      const first = this.all.findIndex((event) => event.time < this.time + DAY);
      this.past = first < 0 ? [] : this.all.slice(first);
    }
    this.drawRestoring();
    this.drawTabs();
    this.items.element.hidden = isTimeline;
    this.timeline.element.hidden = !isTimeline;
    if (isTimeline) this.timeline.show(this.past.length);
    else this.items.show(this.list.length);
    this.empty.textContent = (isTimeline ? this.past : this.list).length ? "" : "Nothing was on it that day.";
    this.empty.hidden = !this.empty.textContent;
  }

  /** How to restore what is shown, if it differs from the current state. */
  drawRestoring() {
    const { listed, left_at: left } = this.archive.playlists;
    const latest = this.replay.at(this.replay.times.length - 1);
    const isNow = this.list.length === latest.length && this.list.every((stay, place) => stay === latest[place]);
    const isAway = !listed[this.playlist] && left[this.playlist] !== null;
    const isKnown = this.state >= 0 && /^[0-9A-Za-z]{22}$/.test(this.id);
    if (isKnown && (isAway || !isNow)) this.restoring.show(this.time, isAway ? left[this.playlist] : null);
    else this.restoring.hide();
  }

  drawTabs() {
    const tabs = [["items", `Items on that day`], ["timeline", "Timeline until then"]];
    this.tabs.replaceChildren(...tabs.map(([key, text]) => {
      const anchor = link(this.address(key), text);
      if (key === this.shows) anchor.setAttribute("aria-current", "page");
      return make("li", {}, anchor);
    }));
  }

  /** Before the first sync: of what was found then, what had been added already. */
  survivors() {
    const { archive } = this;
    return this.replay.at(0).filter((stay) => archive.stays.added[stay] < this.time + DAY);
  }

  itemRow(index) {
    const { archive } = this;
    const stay = this.list[index];
    const item = archive.stays.item[stay];
    const added = archive.stays.added[stay];
    const when = [Number.isNaN(added) ? "–" : day(added)];
    if (archive.stays.until[stay] >= 0) when.push(make("span", { class: "line" }, tag([make("span", { class: "wide" }, "removed "), day(archive.ended(stay))], "gone")));
    else if (this.state > 0 && archive.stays.from[stay] === this.replay.times[this.state]) when.push(make("span", { class: "line" }, tag("new", "fresh")));
    return [
      [number(index + 1)],
      itemCell(archive, item),
      [make("bdi", { class: "line" }, cut(archive.album(item)))],
      when,
      [make("bdi", { class: "line" }, cut(archive.people[archive.stays.by[stay]]))],
    ];
  }
}
