// Cells that several tables have.

import { cut, link, make, named } from "./dom.js";
import { artistAddress, itemAddress, playlistAddress } from "./route.js";

/** An item: its title above, its artists below. */
export function itemCell(archive, item) {
  const title = archive.items.title[item];
  const shown = archive.items.uri[item] === null
    ? make("span", { class: "line" }, "(no longer known to Spotify)")
    : make("span", { class: "line" }, link(itemAddress(archive, item), make("bdi", {}, cut(title) || "(no title)")));
  return [shown, make("span", { class: "line soft" }, makersLine(archive, item))];
}

/** The artists of an item as links, or the name of its show. */
export function makersLine(archive, item) {
  const artists = archive.artistsOf(item);
  if (!artists.length) return [make("bdi", {}, cut(archive.makers(item)))];
  return artists.flatMap((artist, place) => [place ? ", " : "", artistLink(archive, artist)]);
}

export function artistLink(archive, artist) {
  return link(artistAddress(archive, artist), named(archive.artists.name[artist]));
}

export function playlistLink(archive, playlist, params = {}) {
  return link(playlistAddress(archive, playlist, params), named(archive.playlists.name[playlist]));
}

/** A few words with a border. */
export function tag(content, kind = "") {
  return make("span", { class: `tag ${kind}`.trim() }, content);
}

/** The tags of a playlist. */
export function playlistTags(archive, playlist) {
  const { access, listed, left_at: left } = archive.playlists;
  const tags = [];
  if (!listed[playlist]) tags.push(tag(left[playlist] === null ? "not in the library" : "left the library", "bad"));
  if (access[playlist] === "metadata_only") tags.push(tag("contents withheld"));
  if (access[playlist] === "gone") tags.push(tag("gone"));
  return tags;
}

/** The head of a page: its heading, its kind, and a link to Spotify's own page. */
export function heading(title, { lede = [], spotify = null, picture = null, tags = [] } = {}) {
  const away = spotify && make("a", { href: spotify, rel: "noopener noreferrer", class: "away" }, "Open in Spotify");
  return make("div", { class: "top" },
    picture && make("img", { src: picture, alt: "", width: 96, height: 96 }),
    make("div", {},
      make("h1", { tabindex: -1, class: title.length > 60 ? "lengthy" : null }, named(title), tags),
      make("p", { class: "lede" }, lede),
      away && make("p", {}, away)));
}
