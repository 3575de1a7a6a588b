// Search without case and accents: items, artists and playlists of all times.

const ALIKE = { ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", ł: "l", ı: "i", þ: "th" };

/** A text in small letters without accents. */
export function fold(text) {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}/gu, "")
    .replace(/[ßæœøđðłıþ]/g, (letter) => ALIKE[letter]);
}

/** Many texts folded at once, which is much faster than one by one. Texts have no line breaks. */
function folded(texts) {
  return texts.length ? fold(texts.join("\n")).split("\n") : [];
}

export class Index {
  constructor(archive) {
    this.archive = archive;
    const names = archive.artists.name.map((name, artist) => `${name} ${archive.artists.also[artist]}`.trim());
    this.artists = folded(names);
    this.playlists = folded(archive.playlists.name);
    const albums = folded(archive.items.albums);
    const shows = folded(archive.items.shows);
    const titles = folded(archive.items.title);
    const lines = titles.map((title, item) => {
      const makers = archive.artistsOf(item).map((artist) => this.artists[artist]).join(" ") || shows[archive.items.show[item]];
      return `${title}  ${makers}  ${albums[archive.items.album[item]]}`;
    });
    // Concatenated once, so that the first search does not have to do it for each line.
    this.items = lines.length ? lines.join("\n").split("\n") : [];
  }

  /** The matches of all words of a query: indexes of items, artists and playlists, the best first. */
  find(query) {
    const wanted = fold(query.trim());
    const words = wanted.split(/\s+/).filter(Boolean);
    return {
      words,
      items: matches(this.items, words, wanted),
      artists: matches(this.artists, words, wanted),
      playlists: matches(this.playlists, words, wanted),
    };
  }
}

/** Lines that begin with the query, then those with a word that does, then the rest; in their own order otherwise. */
function matches(lines, words, wanted) {
  const ranks = [[], [], []];
  if (!words.length) return [];
  const [first, ...others] = words;
  const starts = words.map((word) => ` ${word}`);
  for (let line = 0; line < lines.length; line += 1) {
    const text = lines[line];
    if (!text.includes(first) || !others.every((word) => text.includes(word))) continue;
    if (text.startsWith(wanted)) ranks[0].push(line);
    else if (starts.every((start, place) => text.includes(start) || text.startsWith(words[place]))) ranks[1].push(line);
    else ranks[2].push(line);
  }
  return ranks.flat();
}
