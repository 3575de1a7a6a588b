"""The entries of a history are read however the file is cut into pieces, and whatever its texts hold."""

import json
from io import BytesIO
from unittest.mock import patch

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sources.account_export import json_array as elements
from sources.account_export.entries import HistoryEntry

DECODER = msgspec.json.Decoder(list[HistoryEntry], strict=False)
NAMES = st.text(
    st.one_of(st.sampled_from('\\"{}[],u0\ud83d\ude00\0'), st.characters(codec="utf-8"), st.just("\udc00")), max_size=12
)


@settings(max_examples=200)
@example(["\ud83d\ude00", "cut \ud83d", "\\u0000", "\0", "\\\ud83d"], 7)
@given(st.lists(NAMES, max_size=6), st.integers(1, 40))
def test_names_come_as_they_are(names: list[str], piece: int) -> None:
    """Half a character and NUL become U+FFFD, wherever the pieces end, and nothing else changes."""
    entries = [{"ts": "2026-01-01T00:00:00Z", "ms_played": 1, "trackName": name} for name in names]
    text = json.dumps(entries).encode()
    with patch.object(elements, "CHUNK", piece):
        found = [entry for some in elements.elements(BytesIO(text), DECODER, "h.json") for entry in some]
    written = [json.loads(json.dumps(name)) for name in names]
    assert [entry.trackName for entry in found] == [
        "".join("\ufffd" if sign == "\0" or "\ud800" <= sign <= "\udfff" else sign for sign in name) for name in written
    ]
