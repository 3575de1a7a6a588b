// The entry point of the page's script.

import { unpack } from "./archive.js";
import { connect, picture } from "./overview.js";
import { Pages } from "./pages.js";
import { startPlaylistTable } from "./playlist_table.js";
import { Index } from "./search.js";
import { startTheme } from "./theme.js";

const WITHOUT = "This browser cannot unpack the history that this page carries, so there is no search, and no page of a playlist or an artist. " +
  "Chrome 97, Firefox 113, Safari 16.4 and newer ones can.";

async function start() {
  const state = document.getElementById("state");
  const packed = document.getElementById("archive").content.textContent;
  const now = Date.parse(document.documentElement.dataset.now);
  try {
    const archive = await unpack(packed);
    archive.latest = now;
    const index = new Index(archive);
    const hits = document.getElementById("hits");
    connect();
    return new Pages({ archive, index, now, picture, announce: (text) => { hits.textContent = text; } });
  } catch (error) {
    state.textContent = "DecompressionStream" in globalThis ? `The history that this page carries is damaged: ${error.message}` : WITHOUT;
    state.hidden = false;
    return null;
  }
}

startTheme();
startPlaylistTable();
export const started = start();
