// An artist: everything of theirs that was ever on a playlist.

import { heading } from "./cells.js";
import { make, named } from "./dom.js";
import { stayTable } from "./stay_table.js";
import { counted, day } from "./formatting.js";

export class ArtistPage {
  constructor({ archive, signal }, key) {
    const artist = archive.artists.key.indexOf(key);
    if (artist < 0) {
      this.title = "No such artist";
      this.element = make("div", {}, heading(this.title, { lede: ["Nothing by them was ever on a playlist of this report."] }));
      return;
    }
    this.title = archive.artists.name[artist];
    const items = archive.itemsOfArtist(artist);
    const stays = items.flatMap((item) => [...archive.staysOfItem(item)]).sort((a, b) => archive.began(b) - archive.began(a));
    const present = stays.filter((stay) => archive.isPresent(stay));
    const playlists = new Set(present.map((stay) => archive.stays.playlist[stay])).size;
    const first = stays.reduce((least, stay) => Math.min(least, archive.stays.added[stay] || least), Infinity);
    const also = archive.artists.also[artist];
    this.table = stayTable(archive, { label: `Everything by ${this.title}`, columns: ["item", "playlist", "added", "until", "by"], stays, signal });
    this.element = make("div", {},
      heading(this.title, {
        lede: [
          `${counted(present.length, "entry", "entries")} on ${counted(playlists, "playlist", "playlists")} now, `,
          `${counted(items.length, "title", "titles")} in all`,
          Number.isFinite(first) ? `, the first added on ${day(first)}.` : ".",
        ],
        spotify: /^[0-9A-Za-z]{22}$/.test(key) ? `https://open.spotify.com/artist/${key}` : null,
      }),
      also ? make("p", { class: "soft" }, "Also credited as ", named(also), ".") : null,
      this.table.element);
  }

  update() {
    this.table?.draw();
  }
}
