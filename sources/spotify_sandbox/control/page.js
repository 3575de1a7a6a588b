// The page is complete without this script, which keeps its state and its log up to date, filters the endpoints and
// lets regime and weather be chosen.
"use strict";

const byId = (id) => document.getElementById(id);
const EVERY = 2000;

function row(record) {
  const cells = [
    [new Date(record.at * 1000).toISOString().slice(11, 19), ""],
    [record.method, ""],
    [record.path + query(record.query), "path code"],
    [record.status || "cut", "number " + (record.status >= 200 && record.status < 400 ? "good" : "bad")],
    [record.size.toLocaleString("en"), "number size"],
    [record.faults.join(", "), ""],
  ];
  const tr = document.createElement("tr");
  for (const [text, kind] of cells) {
    const td = document.createElement("td");
    td.textContent = text;
    td.className = kind;
    tr.append(td);
  }
  return tr;
}

function query(values) {
  const text = new URLSearchParams(values).toString();
  return text ? "?" + text : "";
}

async function tell(path, method, body) {
  const options = { method, headers: { "content-type": "application/json" }, body: body && JSON.stringify(body) };
  const answer = await fetch(path, options);
  const value = await answer.json();
  byId("told").textContent = answer.ok ? "Done." : value.error;
  await refresh();
}

async function refresh() {
  try {
    const [state, log] = await Promise.all(
      ["/sandbox", "/sandbox/requests?limit=50"].map(async (path) => (await fetch(path)).json()),
    );
    byId("world").textContent =
      `${state.world.playlists.toLocaleString("en")} playlists, ${state.world.entries.toLocaleString("en")} entries`;
    byId("regime-now").textContent = state.regime;
    byId("total").textContent = log.total.toLocaleString("en");
    byId("log").replaceChildren(...log.requests.map(row));
    byId("empty").hidden = log.requests.length > 0;
    byId("faults").replaceChildren(...state.weather.faults.map((fault) => {
      const li = document.createElement("li");
      li.textContent = `${fault.label}: ${fault.met} met of ${fault.planned} planned`;
      return li;
    }));
    byId("calm").hidden = state.weather.faults.length > 0;
  } catch {
    byId("told").textContent = "The sandbox does not answer. Is it still running?";
  }
}

function filter() {
  const words = byId("filter").value.toLowerCase().split(/\s+/);
  let shown = 0;
  for (const tr of byId("endpoints").rows) {
    const text = tr.textContent.toLowerCase();
    tr.hidden = !words.every((word) => text.includes(word));
    shown += !tr.hidden;
  }
  byId("shown").textContent = `${shown} shown`;
}

byId("filter").addEventListener("input", filter);
byId("regime-form").addEventListener("submit", (event) => {
  event.preventDefault();
  tell("/sandbox/regime", "PUT", { regime: byId("regime").value });
});
byId("weather-form").addEventListener("submit", (event) => {
  event.preventDefault();
  tell("/sandbox/weather", "PUT", { name: byId("weather").value });
});
byId("clear").addEventListener("click", () => tell("/sandbox/requests", "DELETE"));
for (const part of document.querySelectorAll(".script")) part.hidden = false;
setInterval(() => byId("follow").checked && !document.hidden && refresh(), EVERY);
