// The results of a search: playlists, artists and titles of all times.

import { artistLink, itemCell, playlistLink } from "./cells.js";
import { cut, link, make } from "./dom.js";
import { LongTable } from "./long_table.js";
import { address } from "./route.js";
import { counted, day, number } from "./formatting.js";

const HEADINGS = [
  { text: "Title and artists" },
  { text: "Album", kind: "album wide" },
  { text: "On playlists", kind: "until" },
  { text: "First added", kind: "date" },
];
const SHORT = 6;

export class SearchPage {
  constructor({ archive, index, signal, announce }) {
    Object.assign(this, { archive, index, announce });
    this.heading = make("h1", { tabindex: -1 });
    this.said = make("p", { class: "lede" });
    this.near = make("div", { class: "columns" });
    this.titles = make("h2", {}, "Titles");
    this.table = new LongTable({ label: "Titles found", headings: HEADINGS, row: (row) => this.row(this.found.items[row]), signal });
    this.element = make("div", { class: "search" }, this.heading, this.said, this.near, this.titles, this.table.element);
  }

  update({ params }) {
    const query = params.get("q") ?? "";
    this.title = query ? `Search: ${cut(query)}` : "Search";
    this.heading.replaceChildren(query ? make("span", {}, "Found for ", make("q", {}, make("bdi", {}, cut(query)))) : "Search");
    const found = this.index.find(query);
    this.found = found;
    const all = new Set((params.get("all") ?? "").split(","));
    const said = found.words.length
      ? `${counted(found.items.length, "title", "titles")}, ${counted(found.artists.length, "artist", "artists")} and ${counted(found.playlists.length, "playlist", "playlists")}.`
      : "Type a title, an artist, an album or a playlist, in any letters, with or without accents.";
    this.said.textContent = said;
    this.announce(said);
    this.near.replaceChildren(
      ...this.group("Playlists", "playlists", found.playlists, all, query, (playlist) => playlistLink(this.archive, playlist)),
      ...this.group("Artists", "artists", found.artists, all, query, (artist) => [
        artistLink(this.archive, artist),
        // Artists with the same name are distinguished.
        make("span", { class: "soft" }, ` ${counted(this.archive.itemsOfArtist(artist).length, "title", "titles")}`),
      ]));
    this.near.hidden = !this.near.children.length;
    this.titles.hidden = !found.items.length;
    this.table.show(found.items.length);
  }

  /** A short list of links, with a link to the rest. */
  group(text, key, numbers, all, query, draw) {
    if (!numbers.length) return [];
    const shown = all.has(key) ? numbers.slice(0, 500) : numbers.slice(0, SHORT);
    const items = shown.map((value) => make("li", {}, draw(value)));
    if (shown.length < numbers.length && !all.has(key)) {
      const more = link(address(["search"], { q: query, all: [...all, key].filter(Boolean).join(",") }), `all ${number(numbers.length)}`);
      items.push(make("li", { class: "soft" }, more));
    }
    return [make("section", { class: "group", "aria-label": `${text} found` }, make("h2", {}, text), make("ul", { class: "found" }, items))];
  }

  row(item) {
    const { archive } = this;
    const stays = archive.staysOfItem(item);
    const playlists = new Set();
    let first = Infinity;
    for (const stay of stays) {
      if (archive.isPresent(stay)) playlists.add(archive.stays.playlist[stay]);
      first = Math.min(first, archive.stays.added[stay] || Infinity);
    }
    return [
      itemCell(archive, item),
      [make("bdi", { class: "line" }, cut(archive.album(item)))],
      [playlists.size ? counted(playlists.size, "playlist", "playlists") : make("span", { class: "minus" }, "none any more")],
      [Number.isFinite(first) ? day(first) : "–"],
    ];
  }
}
