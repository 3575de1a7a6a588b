// Addresses within the page: #/playlist/ID?on=2026-05-01 and so on. Any other fragment is a section of the overview.

/** The parts and the parameters of an address; no parts for any other fragment. */
export function route(hash) {
  if (!hash.startsWith("#/")) return { parts: [], params: new URLSearchParams() };
  const cut = hash.indexOf("?");
  const path = cut < 0 ? hash.slice(2) : hash.slice(2, cut);
  return {
    parts: path.split("/").filter(Boolean).map(decoded),
    params: new URLSearchParams(cut < 0 ? "" : hash.slice(cut + 1)),
  };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The address of parts and of those parameters that have a value. */
export function address(parts, params = {}) {
  const given = Object.entries(params).filter(([, value]) => value !== undefined && value !== null && value !== "");
  const query = new URLSearchParams(given).toString();
  return `#/${parts.map(encodeURIComponent).join("/")}${query ? `?${query}` : ""}`;
}

export function playlistAddress(archive, playlist, params = {}) {
  return address(["playlist", archive.playlists.id[playlist]], params);
}

export function artistAddress(archive, artist) {
  return address(["artist", archive.artists.key[artist]]);
}

export function itemAddress(archive, item) {
  return address(["item", archive.items.uri[item] ?? ""]);
}
