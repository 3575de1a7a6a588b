"""The resource `audio_features`: how tracks sound, for apps that still have access.

Closed to others since 27 November 2024:
https://developer.spotify.com/blog/2024-11-27-changes-to-the-web-api
"""

from collections.abc import Iterator, Sequence

from sources.spotify.api.endpoints import AUDIO_ANALYSIS, AUDIO_FEATURES, SEVERAL_AUDIO_FEATURES
from sources.spotify.models.audio import AudioFeatures
from sources.spotify.models.rows import TrackAnalysis
from sources.spotify.models.run_records import ResourceRead
from sources.spotify.resources.base import Context, Row
from sources.spotify.resources.catalogue.budget import Allowance
from sources.spotify.resources.catalogue.lists import Lists
from sources.spotify.resources.catalogue.lookup import LookupEndpoints
from sources.spotify.resources.catalogue.resource import CatalogueResource


def _features(_: Context, features: AudioFeatures, _allowance: Allowance) -> Iterator[Row]:
    yield Row("audio_features", features)


class Analyses:
    """The analysis of a track, in one answer."""

    def begin(self, ctx: Context, ids: Sequence[str]) -> None:
        """No stored state is needed."""

    def rows(
        self, ctx: Context, object_id: str, stored: None, allowance: Allowance, read: ResourceRead
    ) -> Sequence[Row]:
        """The analysis as one row."""
        del stored
        allowance.take()
        text = ctx.client.get(AUDIO_ANALYSIS, object_id).text
        read.items = read.new_items = 1
        return [Row("audio_analyses", TrackAnalysis(object_id, text))]


AUDIO = CatalogueResource(
    "audio_features",
    "track",
    LookupEndpoints(AUDIO_FEATURES, SEVERAL_AUDIO_FEATURES, "audio_features"),
    _features,
    ("audio_features",),
    lists=(
        Lists(
            "audio_analyses",
            "track",
            AUDIO_ANALYSIS,
            ("audio_analyses",),
            Analyses(),
            is_closed=True,
            never_changes=True,
            setting="audio_analysis",
        ),
    ),
    is_closed=True,
    never_changes=True,
)
