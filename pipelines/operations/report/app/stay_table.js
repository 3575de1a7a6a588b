// A table of stays: what was on which playlist, from when to when.

import { itemCell, playlistLink, playlistTags } from "./cells.js";
import { cut, make } from "./dom.js";
import { LongTable } from "./long_table.js";
import { lasted } from "./timeline.js";
import { day, isoDay, span } from "./formatting.js";

const COLUMNS = {
  item: { text: "Title and artists" },
  playlist: { text: "Playlist" },
  added: { text: "Added", kind: "date when" },
  until: { text: "There until", kind: "until" },
  back: { text: "Back since", kind: "date" },
  absence: { text: "Was gone for", kind: "until" },
  by: { text: "By", kind: "by wide" },
};

/** A table of stays with the columns that are named, the first of which names the row. */
export function stayTable(archive, { label, columns, stays, signal }) {
  const cells = {
    item: (stay) => itemCell(archive, archive.stays.item[stay]),
    playlist: (stay) => onPlaylist(archive, stay),
    added: (stay) => [Number.isNaN(archive.stays.added[stay]) ? "–" : day(archive.stays.added[stay])],
    until: (stay) => until(archive, stay),
    back: (stay) => [day(archive.times[archive.stays.from[stay]])],
    absence: (stay) => [span(archive.times[archive.stays.from[stay]] - archive.endBefore(stay))],
    by: (stay) => [make("bdi", { class: "line" }, cut(archive.people[archive.stays.by[stay]]))],
  };
  const table = new LongTable({
    label,
    headings: columns.map((column) => COLUMNS[column]),
    row: (index) => columns.map((column) => cells[column](stays[index])),
    signal,
  });
  return { element: table.element, draw: () => table.show(stays.length) };
}

/** The playlist of a stay, as of the day on which it was last there. */
function onPlaylist(archive, stay) {
  const playlist = archive.stays.playlist[stay];
  const began = archive.times[archive.stays.from[stay]];
  const params = archive.stays.until[stay] < 0 ? {} : { on: isoDay(Math.max(began, archive.ended(stay) - 86_400_000)) };
  return [
    make("span", { class: "line" }, playlistLink(archive, playlist, params)),
    make("span", { class: "line" }, playlistTags(archive, playlist)),
  ];
}

function until(archive, stay) {
  if (archive.isPresent(stay)) return [make("span", { class: "line" }, "still there"), make("span", { class: "line soft" }, `for ${span(archive.latest - archive.began(stay))}`)];
  if (archive.stays.until[stay] < 0) return ["last seen there"];
  return [make("span", { class: "line minus" }, day(archive.ended(stay))), make("span", { class: "line soft" }, `after ${lasted(archive, stay)}`)];
}
