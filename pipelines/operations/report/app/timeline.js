// What happened on a playlist: who added what when, what was removed and how long it had been there, moves and new names.

import { itemCell } from "./cells.js";
import { make, named } from "./dom.js";
import { day, number, span } from "./formatting.js";

const KINDS = {
  added: ["+", "Added", "plus"],
  returned: ["+", "Came back", "plus"],
  removed: ["−", "Removed", "minus"],
  moved: ["", "Moved", "soft"],
  name: ["", "Renamed", "soft"],
  description: ["", "Described anew", "soft"],
  in_library: ["", "Library", "soft"],
};

/** All events of a playlist, the newest first; those without a date come last. */
export function events(archive, playlist) {
  const { stays, moves, descriptions, times } = archive;
  const found = [];
  for (const stay of archive.staysOfPlaylist(playlist)) {
    const isFirst = stays.from[stay] === archive.playlists.began_at[playlist];
    const isUndated = Number.isNaN(stays.added[stay]) && isFirst;
    const kind = archive.isReturn.has(stay) ? "returned" : "added";
    found.push({ time: isUndated ? -Infinity : archive.began(stay), kind, stay });
    if (stays.until[stay] >= 0) found.push({ time: archive.ended(stay), kind: "removed", stay });
  }
  const mine = archive.staysOfPlaylist(playlist);
  for (let row = 0; mine.length && row < moves.stay.length; row += 1) {
    const stay = moves.stay[row];
    if (stay < mine[0] || stay > mine[mine.length - 1]) continue;
    found.push({ time: times[moves.time[row]], kind: "moved", stay, position: moves.position[row] });
  }
  descriptions.playlist.forEach((whose, row) => {
    if (whose === playlist) found.push({ time: descriptions.changed_at[row], kind: descriptions.field[row], row });
  });
  return found.sort((a, b) => (a.time === b.time ? 0 : b.time - a.time));
}

/** How long the item of a stay had been there when it was removed. */
export function lasted(archive, stay) {
  const { stays, playlists } = archive;
  const isFirst = stays.from[stay] === playlists.began_at[stays.playlist[stay]];
  const length = archive.ended(stay) - archive.began(stay);
  return Number.isNaN(stays.added[stay]) && isFirst ? `${span(length)} or more` : span(length);
}

/** The cells of an event: the time, the kind, the item, and details. */
export function eventCells(archive, event) {
  const [sign, word, kind] = KINDS[event.kind];
  const what = make("span", { class: kind }, sign && make("span", { "aria-hidden": "true" }, `${sign} `), word);
  return [
    [event.time === -Infinity ? "no date" : day(event.time)],
    [make("span", { class: "line" }, what), make("span", { class: "line soft on-phone" }, detail(archive, event))],
    event.stay === undefined ? described(archive, event) : itemCell(archive, archive.stays.item[event.stay]),
    [detail(archive, event)],
  ];
}

function detail(archive, event) {
  const { stays, people } = archive;
  if (event.kind === "removed") return `after ${lasted(archive, event.stay)}`;
  if (event.kind === "moved") return `to place ${number(event.position + 1)}`;
  if (event.stay === undefined) return "";
  const who = people[stays.by[event.stay]];
  return who ? make("span", {}, "by ", named(who)) : "";
}

function described(archive, { kind, row }) {
  const { before, after } = archive.descriptions;
  if (kind === "in_library") return [after[row] === "true" ? "It returned to the library" : "It left the library"];
  return [
    make("span", { class: "line" }, named(after[row])),
    make("span", { class: "line soft" }, "before: ", before[row] ? named(before[row]) : "none"),
  ];
}
