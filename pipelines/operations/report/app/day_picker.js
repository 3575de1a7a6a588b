// The day as of which a playlist is shown: a slider below a drawing of its size, a field for a date, and steps from
// change to change.

import { make } from "./dom.js";
import { sizeChart } from "./playlist_chart.js";
import { DAY, counted, day, dayOf, isoDay, number, startOfDay } from "./formatting.js";

export class DayPicker {
  constructor({ archive, playlist, replay, latest, change }) {
    Object.assign(this, { archive, replay, latest, change });
    this.began = startOfDay(archive.times[replay.times[0]]);
    this.first = replay.at(0);
    const added = archive.staysOfPlaylist(playlist).reduce((least, stay) => Math.min(least, archive.stays.added[stay] || least), Infinity);
    this.earliest = Math.min(this.began, Number.isFinite(added) ? startOfDay(added) : this.began);
    this.days = [...new Set(replay.times.map((time) => startOfDay(archive.times[time])))];
    this.isWhole = false;
    this.build();
  }

  build() {
    this.asOf = make("strong");
    this.said = make("span");
    this.since = make("p", { class: "since soft" });
    this.slider = make("input", { type: "range", step: 1, "aria-label": "Day", id: "day" });
    this.slider.addEventListener("input", () => this.moved(false));
    this.slider.addEventListener("change", () => this.moved(true));
    this.date = make("input", { type: "date", "aria-label": "Date", min: isoDay(this.earliest), max: isoDay(this.latest) });
    this.date.addEventListener("change", () => this.typed());
    this.back = this.button("Previous change", () => this.days.findLast((time) => time < this.time));
    this.forth = this.button("Next change", () => this.days.find((time) => time > this.time));
    this.end = this.button("Latest", () => this.latest);
    this.whole = make("input", { type: "checkbox", id: "whole" });
    this.whole.addEventListener("change", () => this.widen(this.whole.checked));
    const hasPast = this.earliest < this.began;
    this.chart = make("div", { class: "sizes-frame" });
    this.ends = make("p", { class: "ends soft", "aria-hidden": "true" });
    this.element = make("div", { class: "days" },
      make("div", { class: "steps" }, this.date, this.back, this.forth, this.end,
        hasPast ? make("label", { for: "whole", class: "check" }, this.whole, "Go back to the first addition") : null),
      this.chart);
    // The bar stays visible while the list scrolls.
    this.bar = make("section", { class: "bar-of-days", "aria-label": "Day shown" },
      make("p", { class: "as-of" }, "As of ", this.asOf, ": ", this.said), this.slider, this.ends, this.since);
  }

  button(text, target) {
    const button = make("button", { type: "button" }, text);
    button.target = target;
    button.addEventListener("click", () => {
      const time = target();
      if (time === undefined) return;
      this.set(time);
      this.change(time, true);
    });
    return button;
  }

  moved(isDone) {
    this.time = Number(this.slider.value) * DAY;
    this.point();
    this.change(this.time, isDone);
  }

  typed() {
    const time = dayOf(this.date.value);
    if (Number.isNaN(time)) return;
    const allowed = Math.min(Math.max(time, this.earliest), this.latest);
    this.set(allowed);
    this.change(allowed, true);
  }

  /** Shows a day; if it is before the first sync, the slider is extended to it. */
  set(time) {
    this.time = time;
    const mustReach = time < this.began || (this.began === this.latest && this.earliest < this.began);
    if (!this.drawn || (mustReach && !this.isWhole)) this.widen(mustReach || this.isWhole);
    this.point();
  }

  widen(isWhole) {
    this.isWhole = this.whole.checked = isWhole;
    const from = isWhole ? this.earliest : this.began;
    this.slider.min = from / DAY;
    this.slider.max = this.latest / DAY;
    // A day is shown as of its end, so the drawing begins with the end of the first day, and its mark is above the slider's.
    this.drawn = sizeChart(this.points(isWhole), from + DAY, this.latest + DAY, this.began);
    this.chart.replaceChildren(this.drawn.element);
    this.ends.replaceChildren(make("span", {}, day(from)), make("span", {}, day(this.latest)));
    if (this.time < from) {
      this.time = from;
      this.change(from, true);
    }
    this.point();
  }

  points(isWhole) {
    const found = [];
    if (isWhole) {
      const began = this.archive.times[this.replay.times[0]];
      const added = this.first.map((stay) => this.archive.stays.added[stay]).filter((time) => time < began);
      for (const [index, time] of added.sort((a, b) => a - b).entries()) found.push([time, index + 1]);
    }
    for (const [state, time] of this.replay.times.entries()) found.push([this.archive.times[time], this.replay.sizes[state]]);
    return found;
  }

  point() {
    this.slider.value = this.time / DAY;
    this.date.value = isoDay(this.time);
    this.drawn?.point(this.time + DAY);
    for (const button of [this.back, this.forth]) button.setAttribute("aria-disabled", String(button.target() === undefined));
    this.end.setAttribute("aria-disabled", String(this.time === this.latest));
  }

  /** Says what the list shows; `since` is what changed from then until now. */
  tell(count, since) {
    const said = counted(count, "item", "items");
    this.asOf.textContent = day(this.time);
    this.said.textContent = since.isGuess ? `${said} that were still there at the first sync` : said;
    this.slider.setAttribute("aria-valuetext", `${day(this.time)}, ${said}`);
    this.since.textContent = since.isGuess
      ? `The first sync was on ${day(this.began)}. What had been removed before is not known.`
      : changedSince(since);
  }
}

function changedSince({ added, removed }) {
  const parts = [[added, "added"], [removed, "removed"]].filter(([count]) => count);
  if (!parts.length) return "Nothing was added or removed since.";
  const said = parts.map(([count, word], place) => `${number(count)} ${place ? "" : count === 1 ? "was " : "were "}${word}`);
  return `Since then, ${said.join(" and ")}.`;
}
