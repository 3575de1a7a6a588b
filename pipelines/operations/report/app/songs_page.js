// Two lists of titles: those that came back to a playlist, and those that are on none any more.

import { heading } from "./cells.js";
import { make } from "./dom.js";
import { stayTable } from "./stay_table.js";
import { counted } from "./formatting.js";

const LISTS = {
  returned: {
    title: "What came back",
    lede: "Titles that a sync found missing from a playlist, and a later one found on it again.",
    nouns: ["return", "returns"],
    columns: ["item", "playlist", "back", "absence"],
    stays: (archive) => archive.returned,
  },
  absent: {
    title: "On no playlist any more",
    lede: "Titles that were on a playlist once and are on none of the library now, each where it was last.",
    nouns: ["title", "titles"],
    columns: ["item", "playlist", "added", "until"],
    stays: (archive) => archive.absent.map((item) => lastStay(archive, item)),
  },
};

function lastStay(archive, item) {
  return [...archive.staysOfItem(item)].reduce((best, stay) => (archive.ended(stay) > archive.ended(best) ? stay : best));
}

export class SongsPage {
  constructor({ archive, signal }, which) {
    const list = which === "absent" ? LISTS.absent : LISTS.returned;
    this.title = list.title;
    const stays = list.stays(archive);
    this.table = stayTable(archive, { label: list.title, columns: list.columns, stays, signal });
    const count = stays.length ? counted(stays.length, ...list.nouns) : "None yet";
    this.element = make("div", {}, heading(list.title, { lede: [list.lede] }), make("p", {}, `${count}.`), this.table.element);
  }

  update() {
    this.table.draw();
  }
}
