"""Which objects of the catalogue the lake mentions and does not hold in full, most wanted first.

Wanted is what people's own data leads to: what is on playlists, saved, ranked or played, the albums and artists of
those tracks, the shows of those episodes, and who plays on those albums. Discographies, top tracks and artists alike
are no reason to look up more, or one would lead to the next without end.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sources.spotify.resources.catalogue.state import Wanted
from sources.stored.tables import COMPLETED, StoredTables

IS_ID = "'^[0-9A-Za-z]{22}$'"
OF_ARTISTS = "'artist_top_tracks', 'related_artists'"
ID = "split_part({0}, ':', 3)"
KIND = "split_part({0}, ':', 2)"
DONE = f"_dlt_load_id IN ({COMPLETED})"


class StoredCatalogue(StoredTables):
    """Questions about the catalogue, in SQL that DuckDB and Postgres share."""

    def wanted(self, kind: str, table: str, before: datetime, limit: int) -> Wanted:
        """Objects that the lake mentions and does not know in full, those mentioned most often first."""
        unknown = [self._not_read(table, before)]
        if table in self.whole_tables:
            unknown.append(
                f"NOT EXISTS (SELECT 1 FROM {table} AS k WHERE k.{kind}_id = wanted.id "  # noqa: S608
                f"AND k.described_at > {self._moment(before)} AND k.{DONE})"
            )
        return self._most_wanted(kind, "times DESC, id", unknown, limit)

    def wanted_lists(self, subject: str, kind: str, before: datetime, limit: int, *, only_saved: bool) -> Wanted:
        """Objects that are known in full and whose list is not known, those that users saved or follow first."""
        table = f"{kind}s"
        if table not in self.whole_tables:
            return Wanted([], 0)
        known = f"EXISTS (SELECT 1 FROM {table} AS k WHERE k.{kind}_id = wanted.id AND k.described_at IS NOT NULL)"  # noqa: S608
        conditions = [known, self._not_read(subject, before)]
        if only_saved:
            conditions.append("saved > 0")
        return self._most_wanted(kind, "saved DESC, times DESC, id", conditions, limit, roots_only=True)

    def discographies(self, artist_ids: Sequence[str]) -> dict[str, set[str]]:
        """The albums that were seen in artists' lists, by the artists' ids."""
        if "artist_albums" not in self.tables or not artist_ids:
            return {}
        ids = ", ".join(map(self._literal, artist_ids))
        found: dict[str, set[str]] = {}
        for artist_id, album_id in self._rows(
            f"SELECT artist_id, album_id FROM artist_albums WHERE artist_id IN ({ids}) AND {DONE}"  # noqa: S608
        ):
            found.setdefault(artist_id, set()).add(album_id)
        return found

    def was_refused(self, resource: str, subject: str, client_id: str | None, since: datetime) -> bool:
        """Whether an app was refused a part recently."""
        if not {"resource_reads", "runs"} <= self.tables or client_id is None:
            return False
        rows = self._rows(
            "SELECT r.outcome FROM resource_reads AS r JOIN runs AS s ON s.run_id = r.run_id "  # noqa: S608
            f"WHERE r.resource = {self._literal(resource)} AND r.subject = {self._literal(subject)} "
            f"AND s.client_id = {self._literal(client_id)} AND r.finished_at > {self._moment(since)} "
            f"AND r.{DONE} ORDER BY r.finished_at DESC LIMIT 1"
        )
        return bool(rows) and rows[0][0] == "not_available"

    def _most_wanted(
        self, kind: str, order: str, conditions: Sequence[str], limit: int, *, roots_only: bool = False
    ) -> Wanted:
        roots = list(self._roots())
        if not roots:
            return Wanted([], 0)
        mentions = f"SELECT id, times, saved FROM roots WHERE kind = '{kind}'"  # noqa: S608
        mentions = _union([mentions, *self._further(kind, roots_only=roots_only)])
        sums = "sum(times) AS times, sum(saved) AS saved"
        named = f"({_union(roots)}) AS r (kind, id, times, saved)"
        ctes = [f"roots AS (SELECT kind, id, {sums} FROM {named} GROUP BY kind, id)"]  # noqa: S608
        if kind == "artist" and not roots_only:
            ctes.append(f"root_albums AS ({_union(self._albums())})")
        named = f"({mentions}) AS m (id, times, saved)"
        ctes.append(f"wanted AS (SELECT id, {sums} FROM {named} WHERE id ~ {IS_ID} GROUP BY id)")  # noqa: S608
        rows = self._rows(
            f"WITH {', '.join(ctes)} SELECT id, count(*) OVER () FROM wanted "  # noqa: S608
            f"WHERE {' AND '.join(conditions)} ORDER BY {order} LIMIT {limit}"
        )
        return Wanted([row[0] for row in rows], rows[0][1] if rows else 0)

    def _roots(self) -> Iterator[str]:
        """Objects that people's own data mentions, as rows of kind, id, times and how often it is saved or followed."""
        if "playlist_additions" in self.tables:
            yield (
                f"SELECT item_type AS kind, coalesce(track_id, episode_id, {ID.format('item_uri')}) AS id, "  # noqa: S608
                "count(*) AS times, 0 AS saved FROM playlist_additions "
                f"WHERE is_local IS NOT TRUE AND {DONE} GROUP BY 1, 2"
            )
        if "saved_additions" in self.tables:
            yield (
                f"SELECT item_type, coalesce(item_id, {ID.format('item_uri')}), count(*), count(*) "  # noqa: S608
                f"FROM saved_additions WHERE {DONE} GROUP BY 1, 2"
            )
        if "ranked_lists" in self.tables:
            kind = f"CASE WHEN list = 'search:audiobook' THEN 'audiobook' ELSE {KIND.format('uri')} END"
            yield (
                f"SELECT {kind}, {ID.format('uri')}, count(*), 0 "  # noqa: S608
                f"FROM (SELECT list, {self._elements('item_uris')} AS uri FROM ranked_lists "
                f"WHERE list NOT IN ({OF_ARTISTS}) AND {DONE}) AS places "
                "WHERE uri IS NOT NULL GROUP BY 1, 2"
            )
        if "plays" in self.tables:
            for column, kind in (("item_uri", "item_type"), ("context_uri", "context_type")):
                yield (
                    f"SELECT coalesce({kind}, {KIND.format(column)}), {ID.format(column)}, count(*), 0 FROM plays "  # noqa: S608
                    f"WHERE {column} IS NOT NULL AND {DONE} GROUP BY 1, 2"
                )

    def _further(self, kind: str, *, roots_only: bool) -> Iterator[str]:
        """What those lead to, as rows of id, times and saved."""
        if kind == "show" and "episodes" in self.tables:
            yield (
                "SELECT e.show_id, r.times, 0 FROM roots AS r JOIN episodes AS e ON e.episode_id = r.id "
                "WHERE r.kind = 'episode'"
            )
        if kind == "album":
            yield from list(self._albums())[1:]
        if kind == "artist" and {"tracks", "track_artists"} <= self.tables:
            yield (
                "SELECT a.artist_id, r.times, 0 FROM roots AS r "
                "JOIN track_artists AS a ON a.track_uri = 'spotify:track:' || r.id WHERE r.kind = 'track'"
            )
        if kind == "artist" and not roots_only:
            if "album_artists" in self.tables:
                yield (
                    "SELECT a.artist_id, r.times, 0 FROM (SELECT DISTINCT id, 1 AS times FROM root_albums) AS r "
                    "JOIN album_artists AS a ON a.album_id = r.id"
                )
            if {"album_tracks", "track_artists"} <= self.tables:
                yield (
                    "SELECT a.artist_id, 1, 0 FROM album_tracks AS t "
                    "JOIN track_artists AS a ON a.track_uri = t.track_uri"
                )

    def _albums(self) -> Iterator[str]:
        yield "SELECT id, times, saved FROM roots WHERE kind = 'album'"
        if "tracks" in self.tables:
            yield (
                "SELECT t.album_id AS id, r.times, 0 AS saved FROM roots AS r "
                "JOIN tracks AS t ON t.track_uri = 'spotify:track:' || r.id WHERE r.kind = 'track'"
            )

    def _not_read(self, subject: str, before: datetime) -> str:
        if "catalogue_reads" not in self.tables:
            return "true"
        return (
            f"NOT EXISTS (SELECT 1 FROM catalogue_reads AS c WHERE c.subject = '{subject}' AND c.item_id = wanted.id "  # noqa: S608
            f"AND c.read_at > {self._moment(before)} AND c.{DONE})"
        )


def _union(selects: Iterable[str]) -> str:
    return " UNION ALL ".join(selects)
