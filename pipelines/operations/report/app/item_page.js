// A track or an episode: the playlists on which it ever was.

import { heading, makersLine } from "./cells.js";
import { make, named } from "./dom.js";
import { stayTable } from "./stay_table.js";
import { counted, playing } from "./formatting.js";

export class ItemPage {
  constructor({ archive, signal }, uri) {
    const item = archive.items.uri.indexOf(uri);
    if (item < 0) {
      this.title = "No such title";
      this.element = make("div", {}, heading(this.title, { lede: ["It was never on a playlist of this report."] }));
      return;
    }
    this.title = archive.items.title[item] || "(no title)";
    const stays = [...archive.staysOfItem(item)].sort((a, b) => archive.began(b) - archive.began(a));
    const present = new Set(stays.filter((stay) => archive.isPresent(stay)).map((stay) => archive.stays.playlist[stay])).size;
    const facts = [
      archive.album(item) && named(archive.album(item)),
      archive.items.released_on[item]?.slice(0, 4),
      playing(archive.items.seconds[item]),
    ].filter(Boolean).flatMap((fact) => [" · ", fact]).slice(1);
    this.table = stayTable(archive, { label: `Where ${this.title} was`, columns: ["playlist", "added", "until", "by"], stays, signal });
    this.element = make("div", {},
      heading(this.title, { lede: makersLine(archive, item), spotify: archive.address(item) }),
      make("p", { class: "soft" }, facts),
      make("p", {}, present ? `It is on ${counted(present, "playlist", "playlists")} now.` : "It is on no playlist any more."),
      this.table.element);
  }

  update() {
    this.table?.draw();
  }
}
