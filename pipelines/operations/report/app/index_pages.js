// All artists and all playlists, those that left included.

import { artistLink, heading, playlistLink, playlistTags } from "./cells.js";
import { cut, make } from "./dom.js";
import { LongTable } from "./long_table.js";
import { counted, day, number } from "./formatting.js";

const ARTISTS = [
  { text: "Artist" },
  { text: "Entries now", kind: "figure number" },
  { text: "Playlists now", kind: "figure number" },
  { text: "Titles ever", kind: "figure number wide" },
];
const PLAYLISTS = [
  { text: "Playlist" },
  { text: "Owner", kind: "by wide" },
  { text: "Items", kind: "figure number" },
  { text: "Ever", kind: "figure number wide" },
  { text: "Last read", kind: "date wide" },
];

export class ArtistsPage {
  constructor({ archive, signal }) {
    this.title = "Artists";
    const count = archive.artists.key.length;
    const { entries, playlists } = presence(archive, count);
    const order = [...archive.artists.key.keys()].sort((a, b) => entries[b] - entries[a] || playlists[b] - playlists[a]);
    this.table = new LongTable({
      label: "All artists",
      headings: ARTISTS,
      row: (index) => [
        [make("span", { class: "line" }, artistLink(archive, order[index]))],
        [number(entries[order[index]])],
        [number(playlists[order[index]])],
        [number(archive.itemsOfArtist(order[index]).length)],
      ],
      signal,
    });
    this.count = count;
    this.element = make("div", { class: "index" },
      heading(this.title, { lede: [`${counted(count, "artist", "artists")} whose titles were ever on a playlist, those with the most entries first.`] }),
      this.table.element);
  }

  update() {
    this.table.show(this.count);
  }
}

/** For each artist: how many entries of playlists credit them now, and of how many playlists. */
function presence(archive, count) {
  const entries = new Int32Array(count);
  const playlists = new Int32Array(count);
  const last = new Int32Array(count).fill(-1);
  for (let stay = 0; stay < archive.stays.count; stay += 1) {
    if (!archive.isPresent(stay)) continue;
    for (const artist of new Set(archive.artistsOf(archive.stays.item[stay]))) {
      entries[artist] += 1;
      // Stays are ordered by playlist.
      if (last[artist] !== archive.stays.playlist[stay]) playlists[artist] += 1;
      last[artist] = archive.stays.playlist[stay];
    }
  }
  return { entries, playlists };
}

export class PlaylistsPage {
  constructor({ archive, signal }) {
    this.title = "Playlists";
    const { listed, access, total, owner, read_at: read } = archive.playlists;
    const sizes = archive.playlists.id.map((_, playlist) =>
      archive.staysOfPlaylist(playlist).reduce((count, stay) => count + (archive.stays.until[stay] < 0 ? 1 : 0), 0));
    const shown = (playlist) => (read[playlist] === null ? total[playlist] : sizes[playlist]);
    const order = [...archive.playlists.id.keys()].sort((a, b) => listed[b] - listed[a] || (shown(b) ?? -1) - (shown(a) ?? -1));
    const left = listed.filter((isListed) => !isListed).length;
    this.table = new LongTable({
      label: "All playlists",
      headings: PLAYLISTS,
      row: (index) => {
        const playlist = order[index];
        const known = shown(playlist);
        return [
          [make("span", { class: "line" }, playlistLink(archive, playlist)), make("span", { class: "line" }, playlistTags(archive, playlist))],
          [make("bdi", { class: "line" }, cut(owner[playlist]))],
          [known === null ? "–" : number(known)],
          [access[playlist] === "metadata_only" && !sizes[playlist] ? "–" : number(archive.staysOfPlaylist(playlist).length)],
          [day(read[playlist] ?? Number.NaN)],
        ];
      },
      signal,
    });
    this.count = order.length;
    this.element = make("div", { class: "index" },
      heading(this.title, { lede: [`${counted(order.length - left, "playlist", "playlists")} of the library${left ? `, and ${number(left)} that left it` : ""}, the largest first.`] }),
      this.table.element);
  }

  update() {
    this.table.show(this.count);
  }
}
