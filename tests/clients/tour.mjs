// A tour with @spotify/web-api-ts-sdk, of which nothing but the addresses is changed: node tour.mjs ADDRESS CLIENT_ID
// SECRET PART, where PART is one of those at the end.
import assert from "node:assert/strict";
import { webcrypto } from "node:crypto";
import { ClientCredentialsStrategy, InMemoryCachingStrategy, Scopes, SpotifyApi } from "@spotify/web-api-ts-sdk";

const [address, clientId, secret, part] = process.argv.slice(2);
const redirectUri = "http://127.0.0.1:9/callback";

// The addresses stand in its code.
const fetched = globalThis.fetch;
globalThis.fetch = (url, options) =>
  fetched(String(url).replace(/^https:\/\/(api|accounts)\.spotify\.com(?=\/)/, address), options);

// What it wants of a browser, before and after the page of consent.
globalThis.window = {
  location: { search: "", href: redirectUri },
  history: { replaceState: () => (window.location.search = "") },
  crypto: webcrypto,
};
globalThis.document = { title: "The app" };

const agreeing = {
  async redirect(target) {
    const html = await (await fetch(target)).text();
    const ticket = html.match(/name="ticket" value="([^"]*)"/)[1];
    const body = new URLSearchParams({ ticket, decision: "agree" });
    const answer = await fetch(`${address}/authorize`, { method: "POST", body, redirect: "manual" });
    window.location.href = answer.headers.get("location");
    window.location.search = new URL(window.location.href).search;
  },
  async onReturnFromRedirect() {},
};

async function signedIn(scopes = Scopes.all) {
  const options = { redirectionStrategy: agreeing, cachingStrategy: new InMemoryCachingStrategy() };
  const spotify = SpotifyApi.withUserAuthorization(clientId, redirectUri, scopes, options);
  window.location.search = "";
  await spotify.authenticate();
  // It does not wait for the browser, which leaves the page anyway.
  while (!window.location.search) await new Promise(setImmediate);
  assert.equal((await spotify.authenticate()).authenticated, true);
  return spotify;
}

const ids = (objects) => objects.map((each) => each.id);
const times = (count, value) => Array(count).fill(value);

async function all(page) {
  const items = [];
  for (let offset = 0, answer; !answer || answer.next; offset += answer.limit) {
    answer = await page(offset);
    items.push(...answer.items);
  }
  return items;
}

async function music(spotify, found) {
  const [tracks, albums, artists] = [found.tracks, found.albums, found.artists].map((page) => ids(page.items));
  assert.deepEqual(ids(await spotify.tracks.get(tracks)), tracks);
  assert.equal((await spotify.tracks.get(tracks[0])).name, found.tracks.items[0].name);
  assert.deepEqual(ids(await spotify.albums.get(albums)), albums);
  const album = await spotify.albums.get(albums[0]);
  assert.equal((await all((offset) => spotify.albums.tracks(albums[0], undefined, 3, offset))).length, album.total_tracks);
  assert.deepEqual(ids(await spotify.artists.get(artists)), artists);
  assert.deepEqual(await spotify.artists.get(artists[0]), found.artists.items[0]);
  const by = await all((offset) => spotify.artists.albums(artists[0], "album,single", "US", 4, offset));
  assert.ok(by.every((each) => ["album", "single"].includes(each.album_group)));
  const top = await spotify.artists.topTracks(artists[0], "US");
  assert.ok(top.tracks.every((each) => ids(each.artists).includes(artists[0])));
  assert.ok((await spotify.artists.relatedArtists(artists[0])).artists.length);
  assert.deepEqual(ids(await spotify.tracks.audioFeatures(tracks)), tracks);
  assert.equal((await spotify.tracks.audioFeatures(tracks[0])).id, tracks[0]);
  assert.ok((await spotify.tracks.audioAnalysis(tracks[0])).segments.length);
}

async function words(spotify, found) {
  const [shows, episodes, books] = [found.shows, found.episodes, found.audiobooks].map((page) => ids(page.items));
  assert.deepEqual(ids(await spotify.shows.get(shows, "US")), shows);
  const show = await spotify.shows.get(shows[0], "US");
  assert.equal((await all((offset) => spotify.shows.episodes(show.id, "US", 6, offset))).length, show.total_episodes);
  assert.deepEqual(ids(await spotify.episodes.get(episodes, "US")), episodes);
  assert.equal((await spotify.episodes.get(episodes[0], "US")).type, "episode");
  assert.deepEqual(ids(await spotify.audiobooks.get(books, "US")), books);
  const book = await spotify.audiobooks.get(books[0], "US");
  const chapters = await all((offset) => spotify.audiobooks.getAudiobookChapters(book.id, "US", 5, offset));
  assert.equal(chapters.length, book.total_chapters);
  assert.equal((await spotify.chapters.get(chapters[0].id, "US")).audiobook.id, book.id);
  assert.deepEqual(ids(await spotify.chapters.get(ids(chapters.slice(0, 2)), "US")), ids(chapters.slice(0, 2)));
}

async function browse(spotify, found) {
  assert.ok((await spotify.markets.getAvailableMarkets()).markets.includes("US"));
  const category = (await spotify.browse.getCategories("US", undefined, 2)).categories.items[0];
  assert.deepEqual(await spotify.browse.getCategory(category.id), category);
  assert.ok((await spotify.browse.getPlaylistsForCategory(category.id, "US", 2)).playlists.items.length);
  assert.ok((await spotify.browse.getFeaturedPlaylists("US")).playlists.items.length);
  assert.equal((await spotify.browse.getNewReleases("US", 3)).albums.items.length, 3);
  const { genres } = await spotify.recommendations.genreSeeds();
  const request = { seed_genres: genres.slice(0, 1), seed_tracks: ids(found.tracks.items).slice(0, 1), limit: 4 };
  assert.equal((await spotify.recommendations.get(request)).tracks.length, 4);
}

async function library(spotify, found) {
  const of = [
    ["Albums", "Albums", "album", found.albums],
    ["Tracks", "Tracks", "track", found.tracks],
    ["Episodes", "Episodes", "episode", found.episodes],
    ["Shows", "Show", "show", found.shows],
    ["Audiobooks", "Audiobooks", null, found.audiobooks],
  ];
  for (const [kind, one, key, page] of of) {
    const saved = spotify.currentUser[kind.toLowerCase()];
    const wanted = ids(page.items).slice(0, 2);
    const has = () => saved[`hasSaved${one}`](wanted);
    await saved[`removeSaved${kind}`](wanted);
    assert.deepEqual(await has(), times(wanted.length, false));
    await saved[`save${kind}`](wanted);
    assert.deepEqual(await has(), times(wanted.length, true));
    // Of episodes it wants the market first.
    const limit = kind === "Episodes" ? ["US", wanted.length] : [wanted.length];
    const first = (await saved[`saved${kind}`](...limit)).items;
    assert.deepEqual(ids(first.map((each) => (key ? each[key] : each))), wanted);
  }
}

async function follows(spotify, found) {
  const { currentUser } = spotify;
  const artists = ids(found.artists.items).slice(0, 2);
  await currentUser.followArtistsOrUsers(artists, "artist");
  assert.deepEqual(await currentUser.followsArtistsOrUsers(artists, "artist"), [true, true]);
  const followed = [];
  for (let after, page; !page || page.next; after = page.cursors.after) {
    page = (await currentUser.followedArtists(after, 3)).artists;
    followed.push(...ids(page.items));
  }
  assert.ok(artists.every((each) => followed.includes(each)));
  assert.equal(new Set(followed).size, followed.length);
  await currentUser.unfollowArtistsOrUsers(artists, "artist");
  assert.deepEqual(await currentUser.followsArtistsOrUsers(artists, "artist"), [false, false]);
  assert.equal((await currentUser.topItems("artists", "short_term", 3)).items[0].type, "artist");
  assert.equal((await currentUser.topItems("tracks", "long_term", 3)).items[0].type, "track");
}

async function player(spotify, found) {
  const { player } = spotify;
  const { devices } = await player.getAvailableDevices();
  const { id } = devices.find((each) => each.supports_volume && !each.is_restricted);
  const uris = found.tracks.items.map((each) => each.uri);
  await player.transferPlayback([id], false);
  await player.startResumePlayback(id, undefined, uris, { position: 1 });
  const now = await player.getPlaybackState("US");
  assert.deepEqual([now.item.uri, now.is_playing, now.device.id], [uris[1], true, id]);
  await player.skipToNext(id);
  assert.equal((await player.getCurrentlyPlayingTrack()).item.uri, uris[2]);
  await player.skipToPrevious(id);
  await player.addItemToPlaybackQueue(uris[0]);
  assert.equal((await player.getUsersQueue()).queue[0].uri, uris[0]);
  await player.seekToPosition(5_000);
  await player.setRepeatMode("context");
  await player.setPlaybackVolume(12);
  await player.togglePlaybackShuffle(true);
  await player.pausePlayback(id);
  const then = await player.getPlaybackState();
  assert.deepEqual([then.is_playing, then.repeat_state, then.shuffle_state], [false, "context", true]);
  assert.equal(then.device.volume_percent, 12);
  const plays = await player.getRecentlyPlayedTracks(5);
  const before = Number(plays.cursors.before);
  const earlier = await player.getRecentlyPlayedTracks(5, { timestamp: before, type: "before" });
  assert.ok(earlier.items.every((play) => Date.parse(play.played_at) < before));
}

async function playlists(spotify, found) {
  const { playlists, currentUser } = spotify;
  const me = await currentUser.profile();
  assert.equal((await spotify.users.profile(me.id)).uri, me.uri);
  const listed = (await all((offset) => currentUser.playlists.playlists(10, offset))).filter(Boolean);
  for (const { id } of listed.slice(0, 4)) {
    const whole = await playlists.getPlaylist(id, undefined, undefined, ["track", "episode"]);
    const entries = await all((offset) => playlists.getPlaylistItems(id, undefined, undefined, 50, offset));
    assert.equal(entries.length, whole.tracks.total);
    assert.deepEqual(await playlists.getPlaylist(id, undefined, "name,owner.id"), {
      name: whole.name,
      owner: { id: whole.owner.id },
    });
  }
  const { id } = await playlists.createPlaylist(me.id, { name: "Tour", public: false, description: "to try" });
  const [a, b, c] = found.tracks.items.map((each) => each.uri);
  const uris = async () => (await playlists.getPlaylistItems(id)).items.map((entry) => entry.track.uri);
  await playlists.addItemsToPlaylist(id, [a, b]);
  await playlists.addItemsToPlaylist(id, [c], 1);
  assert.deepEqual(await uris(), [a, c, b]);
  const { snapshot_id } = await playlists.movePlaylistItems(id, 0, 1, 3);
  assert.deepEqual(await uris(), [c, b, a]);
  await playlists.removeItemsFromPlaylist(id, { tracks: [{ uri: b }], snapshot_id });
  assert.deepEqual(await uris(), [c, a]);
  await playlists.updatePlaylistItems(id, { uris: [b] });
  assert.deepEqual(await uris(), [b]);
  await playlists.changePlaylistDetails(id, { name: "Tour no. 2" });
  const mine = await playlists.getUsersPlaylists(me.id, 1);
  assert.deepEqual([mine.items[0].name, mine.items[0].public], ["Tour no. 2", false]);
  const cover = Buffer.from(await (await fetch(found.tracks.items[0].album.images[2].url)).arrayBuffer());
  await playlists.addCustomPlaylistCoverImageFromBase64String(id, cover.toString("base64"));
  const [image] = await playlists.getPlaylistCoverImage(id);
  assert.equal((await fetch(image.url)).headers.get("content-type"), "image/jpeg");
  await currentUser.playlists.unfollow(id);
  assert.deepEqual(await currentUser.playlists.isFollowing(id, [me.id]), [false]);
  await currentUser.playlists.follow(id);
  assert.deepEqual(await currentUser.playlists.isFollowing(id, [me.id]), [true]);
}

const parts = {
  async tour() {
    const spotify = await signedIn();
    const kinds = ["track", "album", "artist", "playlist", "show", "episode", "audiobook"];
    const found = await spotify.search("a", kinds, "US", 4);
    assert.deepEqual(Object.keys(found).sort(), kinds.map((kind) => `${kind}s`).sort());
    for (const walk of [music, words, browse, library, follows, player, playlists]) await walk(spotify, found);
  },

  async errors() {
    const spotify = await signedIn(["user-read-email"]);
    await assert.rejects(spotify.tracks.get("7".repeat(22)), /404.*Resource not found/);
    await assert.rejects(spotify.albums.get("0"), /400.*Invalid base62 id/);
    await assert.rejects(spotify.currentUser.tracks.savedTracks(), /Body: .*Insufficient client scope/);
    const other = SpotifyApi.withAccessToken(clientId, { access_token: "BQ", expires_in: 3600 });
    await assert.rejects(other.markets.getAvailableMarkets(), /Bad or expired token/);
  },

  async tokens() {
    const spotify = await signedIn(["user-read-email"]);
    const first = await spotify.getAccessToken();
    const { now } = Date;
    for (const hours of [2, 4]) {
      // To the client each token is old by then, and is refreshed without the secret.
      Date.now = () => now() + hours * 3_600_000;
      assert.ok((await spotify.currentUser.profile()).email);
    }
    const last = await spotify.getAccessToken();
    assert.notEqual(last.access_token, first.access_token);
    assert.notEqual(last.refresh_token, first.refresh_token);
  },

  async alone() {
    const options = { cachingStrategy: new InMemoryCachingStrategy() };
    const spotify = new SpotifyApi(new ClientCredentialsStrategy(clientId, secret), options);
    assert.equal((await spotify.search("a", ["album"], undefined, 2)).albums.items.length, 2);
    await assert.rejects(spotify.currentUser.profile(), /Bad or expired token/);
  },
};

await parts[part]();
