// A playlist as it was in each of its states, replayed from its stays and moves.

const EVERY = 16;

/** The states of a playlist: `times` are indexes into the archive's times, `sizes` the numbers of items. */
export class Replay {
  constructor(archive, playlist) {
    const { stays, moves } = archive;
    const mine = archive.staysOfPlaylist(playlist);
    const began = archive.playlists.began_at[playlist];
    const changes = new Map(began === null ? [] : [[began, { came: [], gone: [] }]]);
    const at = (time) => {
      if (!changes.has(time)) changes.set(time, { came: [], gone: [] });
      return changes.get(time);
    };
    for (const stay of mine) {
      at(stays.from[stay]).came.push({ stay, position: stays.position[stay] });
      if (stays.until[stay] >= 0) at(stays.until[stay]).gone.push(stay);
    }
    const [first, last] = [mine[0], mine[mine.length - 1]];
    for (let row = 0; mine.length && row < moves.stay.length; row += 1) {
      const stay = moves.stay[row];
      if (stay < first || stay > last) continue;
      at(moves.time[row]).came.push({ stay, position: moves.position[row], moved: true });
    }
    this.times = [...changes.keys()].sort((a, b) => a - b);
    this.changes = this.times.map((time) => changes.get(time));
    for (const change of this.changes) change.came.sort((a, b) => a.position - b.position);
    let size = 0;
    this.sizes = this.changes.map(({ came, gone }) => {
      size += came.filter(({ moved }) => !moved).length - gone.length;
      return size;
    });
    this.kept = new Map();
  }

  /** The stays in a state, in order. */
  at(state) {
    if (state < 0) return [];
    const known = this.kept.get(state);
    if (known) return known;
    let start = Math.floor(state / EVERY) * EVERY;
    while (start > 0 && !this.kept.has(start)) start -= EVERY;
    let list = this.kept.get(start) ?? this.next([], 0);
    this.kept.set(start, list);
    for (let next = start + 1; next <= state; next += 1) {
      list = this.next(list, next);
      if (next % EVERY === 0) this.kept.set(next, list);
    }
    return list;
  }

  /** The list of a state, from that of the one before. What did not move keeps its order. */
  next(list, state) {
    const { came, gone } = this.changes[state];
    const away = new Set(gone);
    for (const { stay } of came) away.add(stay);
    const kept = list.filter((stay) => !away.has(stay));
    const made = [];
    let from = 0;
    for (const { stay, position } of came) {
      while (made.length < position && from < kept.length) {
        made.push(kept[from]);
        from += 1;
      }
      made.push(stay);
    }
    while (from < kept.length) {
      made.push(kept[from]);
      from += 1;
    }
    return made;
  }

  /** The last state that was found before a time in milliseconds; -1 if there is none. */
  before(archive, moment) {
    let state = this.times.length - 1;
    while (state >= 0 && archive.times[this.times[state]] >= moment) state -= 1;
    return state;
  }
}
