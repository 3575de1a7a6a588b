// Which page is shown: the overview, which is in the HTML, or one that is drawn for an address.

import { ArtistPage } from "./artist_page.js";
import { ChangesPage } from "./changes_page.js";
import { ArtistsPage, PlaylistsPage } from "./index_pages.js";
import { ItemPage } from "./item_page.js";
import { PlaylistPage } from "./playlist_page.js";
import { address, route } from "./route.js";
import { SearchPage } from "./search_page.js";
import { SongsPage } from "./songs_page.js";

const KINDS = new Map(Object.entries({
  playlist: PlaylistPage,
  artist: ArtistPage,
  item: ItemPage,
  songs: SongsPage,
  changes: ChangesPage,
  artists: ArtistsPage,
  playlists: PlaylistsPage,
  search: SearchPage,
}));

export class Pages {
  /** Needs the archive, the index, and what a page may ask of the document: `picture` and `announce`. */
  constructor(context) {
    this.context = context;
    this.overview = document.getElementById("overview");
    this.place = document.getElementById("page");
    this.box = document.getElementById("search");
    this.name = document.title;
    this.scrolled = new Map();
    this.next = 0;
    history.scrollRestoration = "manual";
    addEventListener("hashchange", () => this.arrive());
    addEventListener("scroll", () => this.scrolled.set(this.key, scrollY), { passive: true });
    this.box.addEventListener("input", () => this.typed());
    this.box.form.addEventListener("submit", (event) => { event.preventDefault(); this.typed(); });
    document.querySelector(".skip").addEventListener("click", (event) => {
      event.preventDefault();
      document.getElementById("main").focus();
    });
    this.arrive({ isFirst: true });
  }

  /** After a link, a step back or forward, or a change of the address by hand. */
  arrive({ isFirst = false } = {}) {
    const known = this.scrolled.get(history.state?.key);
    this.key = history.state?.key ?? this.next + 1;
    this.next = Math.max(this.next, this.key);
    if (history.state?.key === undefined) history.replaceState({ key: this.key }, "");
    this.show();
    if (location.hash.startsWith("#/")) {
      scrollTo(0, known ?? 0);
      this.page?.table?.draw?.();
      const isTyping = document.activeElement === this.box && this.kind === "search";
      if (!isTyping && !(isFirst && known === undefined)) this.place.querySelector("h1")?.focus({ preventScroll: true });
      return;
    }
    const target = document.getElementById(location.hash.slice(1));
    if (known !== undefined) scrollTo(0, known);
    else if (target && !isFirst) target.scrollIntoView();
    else if (!isFirst) scrollTo(0, 0);
  }

  /** Draws what the address asks for; a page that is open already is updated. */
  show() {
    const asked = route(location.hash);
    const [kind, ...rest] = asked.parts;
    const name = JSON.stringify(asked.parts);
    const query = kind === "search" ? asked.params.get("q") ?? "" : "";
    if (kind !== "search" || document.activeElement !== this.box) this.box.value = query;
    if (!this.page || this.shown !== name) this.open(KINDS.get(kind), rest);
    [this.kind, this.shown] = [kind, name];
    this.overview.hidden = Boolean(this.page);
    this.place.hidden = !this.page;
    this.page?.update(asked);
    document.title = this.page ? `${this.page.title} – ${this.name}` : this.name;
    for (const anchor of document.querySelectorAll("#places a")) {
      const isHere = route(anchor.getAttribute("href")).parts[0] === kind;
      if (isHere) anchor.setAttribute("aria-current", "page");
      else anchor.removeAttribute("aria-current");
    }
  }

  /** Replaces the page, and removes the listeners of the one before; null is the overview. */
  open(Kind, rest) {
    this.ending?.abort();
    this.ending = new AbortController();
    this.page = Kind ? new Kind({ ...this.context, ...this.doors(), signal: this.ending.signal }, ...rest) : null;
    this.place.replaceChildren(...(this.page ? [this.page.element] : []));
  }

  doors() {
    return {
      go: (to) => { location.hash = to; },
      // The browser's Back button still leads to the page before.
      replace: (to) => {
        if (location.hash !== to) history.replaceState(history.state, "", to);
      },
    };
  }

  /** The first letter opens the page of hits, further ones change it; the browser goes back to before the search. */
  typed() {
    const to = address(["search"], { q: this.box.value });
    if (this.kind !== "search") {
      // Done at once, before the next letter; the event for a change of location.hash comes later.
      history.pushState(null, "", to);
      this.arrive();
      return;
    }
    clearTimeout(this.later);
    this.page.update(route(to));
    document.title = `${this.page.title} – ${this.name}`;
    this.later = setTimeout(() => {
      if (this.kind === "search" && location.hash !== to) history.replaceState(history.state, "", to);
    }, 200);
  }
}
