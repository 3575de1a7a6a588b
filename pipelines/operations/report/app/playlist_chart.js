// How large a playlist was, day by day, as a drawing: a step at each state that was found.

import { draw } from "./dom.js";
import { DAY, day, number } from "./formatting.js";

export const HEIGHT = 96;
const FINEST = 700;

/** Sizes over time, as [time, size] in order, in a drawing of full width. */
export function sizeChart(points, from, to, began) {
  const most = points.reduce((found, [, size]) => Math.max(found, size), 1);
  const x = (time) => Math.round(((Math.min(Math.max(time, from), to) - from) / Math.max(to - from, DAY)) * FINEST * 10) / 10;
  const y = (size) => Math.round((HEIGHT - (size / most) * (HEIGHT - 16)) * 10) / 10;
  const corners = [];
  for (const [time, size] of points) {
    const corner = [x(time), y(size)];
    // Of points that are too close to be drawn apart, the last counts.
    if (corners.at(-1)?.[0] === corner[0]) corners[corners.length - 1] = corner;
    else corners.push(corner);
  }
  const steps = corners.map(([across, down], index) => (index ? `H${across}V${down}` : `M${across} ${HEIGHT}V${down}`));
  const path = corners.length ? `${steps.join("")}H${FINEST}V${HEIGHT}Z` : "";
  const words = points.length
    ? `Size of the playlist: ${number(points[0][1])} on ${day(Math.max(points[0][0], from - DAY))}, ${number(points.at(-1)[1])} on ${day(to - DAY)}, at most ${number(most)}`
    : "Nothing to draw";
  const mark = draw("line", { class: "mark", y1: 0, y2: HEIGHT });
  return {
    element: draw("svg", { class: "sizes", role: "img", "aria-label": words, viewBox: `0 0 ${FINEST} ${HEIGHT}`, preserveAspectRatio: "none" },
      began > from ? draw("rect", { class: "before", x: 0, y: 0, width: x(began), height: HEIGHT }) : null,
      draw("path", { d: path }),
      mark),
    point(time) {
      mark.setAttribute("x1", x(time));
      mark.setAttribute("x2", x(time));
    },
  };
}
