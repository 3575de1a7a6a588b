// The history in the page: columns that archive.py packed, and lookups in them.
//
// A stay is a time for which an item was on a playlist: from the state in which a sync first saw it there to the one in
// which it no longer did. Stays are ordered by playlist, first state and position, and everything refers to
// rows of the columns by number. Numbers are in typed arrays, so that 100,000 stays take a few megabytes.

const MINUTE = 60_000;
const PREFIX = "spotify:track:";

/** The columns of a page, unpacked; rejects where the browser cannot. */
export async function unpack(text) {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let index = 0; index < letters.length; index += 1) bytes[index] = letters.charCodeAt(index);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Archive(JSON.parse(await new Response(stream).text()));
}

/** Numbers that were written as differences, each times a factor; null becomes NaN. */
function summed(steps, Kind, factor = 1) {
  const values = new Kind(steps.length);
  let value = 0;
  for (let index = 0; index < steps.length; index += 1) {
    if (steps[index] !== null) value += steps[index];
    values[index] = steps[index] === null ? Number.NaN : value * factor;
  }
  return values;
}

/** Which rows have a value, by value: rows.slice(starts[value], starts[value + 1]). */
function grouped(values, count) {
  const starts = new Int32Array(count + 1);
  for (const value of values) starts[value + 1] += 1;
  for (let value = 0; value < count; value += 1) starts[value + 1] += starts[value];
  const next = starts.slice(0, count);
  const rows = new Int32Array(values.length);
  for (let row = 0; row < values.length; row += 1) {
    rows[next[values[row]]] = row;
    next[values[row]] += 1;
  }
  return (value) => rows.subarray(starts[value], starts[value + 1]);
}

class Archive {
  constructor(columns) {
    const { stays, moves, items } = columns;
    this.times = summed(columns.times, Float64Array, MINUTE);
    this.people = columns.people;
    this.artists = columns.artists;
    const times = (minutes) => minutes.map((value) => (value === null ? null : value * MINUTE));
    this.playlists = { ...columns.playlists, left_at: columns.playlists.left_at.map((time) => (time === null ? null : time / 1000)), read_at: times(columns.playlists.read_at) };
    this.items = items;
    this.stays = {
      count: stays.item.length,
      playlist: summed(stays.playlist, Int32Array),
      item: Int32Array.from(stays.item),
      added: summed(stays.added, Float64Array, 1000),
      by: Int32Array.from(stays.by),
      from: summed(stays.from, Int32Array),
      until: Int32Array.from(stays.until),
      position: summed(stays.position, Int32Array),
    };
    this.moves = {
      stay: summed(moves.stay, Int32Array),
      time: Int32Array.from(moves.time),
      position: Int32Array.from(moves.position),
    };
    this.descriptions = { ...columns.descriptions, changed_at: summed(columns.descriptions.changed_at, Float64Array, MINUTE) };
    this.returned = columns.returned;
    this.isReturn = new Set(columns.returned);
    this.absent = columns.absent;
    const creditStarts = new Int32Array(items.credits.length + 1);
    for (const [item, count] of items.credits.entries()) creditStarts[item + 1] = creditStarts[item] + count;
    this.creditStarts = creditStarts;
    this.staysOfPlaylist = grouped(this.stays.playlist, this.playlists.id.length);
    this.staysOfItem = grouped(this.stays.item, items.uri.length);
    const itemOfCredit = new Int32Array(items.artist.length);
    for (const item of items.credits.keys()) itemOfCredit.fill(item, creditStarts[item], creditStarts[item + 1]);
    const creditsOfArtist = grouped(items.artist, this.artists.key.length);
    this.itemsOfArtist = (artist) => [...new Set(Array.from(creditsOfArtist(artist), (credit) => itemOfCredit[credit]))];
  }

  /** The numbers of an item's artists, in order. */
  artistsOf(item) {
    return this.items.artist.slice(this.creditStarts[item], this.creditStarts[item + 1]);
  }

  /** An item's artists, or its show, as a text. */
  makers(item) {
    const names = this.artistsOf(item).map((artist) => this.artists.name[artist]);
    return names.join(", ") || this.items.shows[this.items.show[item]];
  }

  album(item) {
    return this.items.albums[this.items.album[item]];
  }

  /** The URI of an item; null if it is gone. */
  uri(item) {
    const uri = this.items.uri[item];
    return uri === null || uri.includes(":") ? uri : PREFIX + uri;
  }

  /** Spotify's own page of an item; null for a local file. */
  address(item) {
    const [, kind, id] = /^spotify:(track|episode|show|chapter|audiobook):([0-9A-Za-z]{22})$/.exec(this.uri(item) ?? "") ?? [];
    return id ? `https://open.spotify.com/${kind}/${id}` : null;
  }

  /** Whether a stay goes on, on a playlist of the library. */
  isPresent(stay) {
    return this.stays.until[stay] < 0 && this.playlists.listed[this.stays.playlist[stay]];
  }

  /** When a stay began: when the item was added; when it was found if that is not known, or is from before the item had left. */
  began(stay) {
    const added = this.stays.added[stay];
    const isKnown = !Number.isNaN(added) && !(this.isReturn.has(stay) && added < this.endBefore(stay));
    return isKnown ? added : this.times[this.stays.from[stay]];
  }

  /** When the item of a return had last left that playlist before. */
  endBefore(stay) {
    const { playlist, item, from } = this.stays;
    let end = -Infinity;
    for (const other of this.staysOfItem(item[stay])) {
      if (playlist[other] === playlist[stay] && this.ended(other) <= this.times[from[stay]]) end = Math.max(end, this.ended(other));
    }
    return end;
  }

  /** When a stay was found to have ended; infinite if it goes on. */
  ended(stay) {
    return this.stays.until[stay] < 0 ? Infinity : this.times[this.stays.until[stay]];
  }
}
