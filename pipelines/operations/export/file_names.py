"""File names made from playlist names, valid on every system.

What Windows refuses: https://learn.microsoft.com/windows/win32/fileio/naming-a-file. Names that differ only in case or
in their Unicode normalization count as the same, as some file systems ignore both.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import count

from sources.safe_text import is_printable

LONGEST = 140
"""Maximum length of a file name in bytes of UTF-8, with its ending: eCryptfs allows 143, other file systems 255."""

RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|clock\$|(com|lpt)[0-9¹²³])(?=$|\.)", re.IGNORECASE)
"""Names that Windows reserves for devices, with any ending."""

_PART = re.compile(
    r"(?P<flag>\U0001F3F4[\U000E0020-\U000E007E]+\U000E007F)|(?P<bad>[/\\<>:\"|?*\x00-\x1f\x7f])|(?P<other>.)",
    re.DOTALL,
)
_EXTENDING = re.compile("[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f]")
MOST_EXTENDING = 40
"""Maximum number of characters that are dropped so that no emoji or accented letter is cut in half."""


def file_names(names: Mapping[str, str], ending: str) -> dict[str, str]:
    """A unique file name for each of several lists; the same names always give the same file names.

    Args:
        names: what the lists are called, by their ids.
        ending: of the files, with its dot.

    Returns:
        The file names by id: the list's name without invalid characters. If several lists have the same name, the id
        is appended to each.
    """
    stems = {list_id: stem(name, LONGEST - len(ending)) or _mark(list_id) for list_id, name in names.items()}
    times = Counter(map(key, stems.values()))
    taken = {sign for sign, number in times.items() if number == 1}
    for list_id in sorted(stems):
        if times[key(stems[list_id])] > 1:
            stems[list_id] = next(
                name for name in _candidates(names[list_id], list_id, len(ending)) if key(name) not in taken
            )
            taken.add(key(stems[list_id]))
    return {list_id: name + ending for list_id, name in stems.items()}


def _candidates(name: str, list_id: str, ending: int) -> Iterator[str]:
    mark = _mark(list_id)
    for number in count(1):
        suffix = f" ({mark})" if number == 1 else f" ({mark}) {number}"
        yield (stem(name, LONGEST - ending - len(suffix.encode())) + suffix).lstrip()


def _mark(list_id: str) -> str:
    return stem(list_id, LONGEST // 2) or "_"


def key(name: str) -> str:
    """A key that is equal for two names that some file system treats as the same."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).upper().casefold())


def stem(name: str, most: int = LONGEST) -> str:
    """A name without characters that file names may not have, in at most `most` bytes; empty if nothing is left."""
    text = "".join(map(_taken, _PART.finditer(unicodedata.normalize("NFC", name))))
    # A leading dot hides a file, and Windows drops trailing dots and spaces.
    text = _trimmed(_cut(_trimmed(text), most - 1))
    return f"_{text.lstrip('-')}" if text.startswith("-") or RESERVED.match(text) else text


def _taken(part: re.Match[str]) -> str:
    sign = part[0]
    if part["flag"]:
        return sign
    if part["bad"] or ord(sign) & 0xFFFE == 0xFFFE or 0xFDD0 <= ord(sign) <= 0xFDEF:
        return "_"
    return sign if is_printable(sign) else ""


def _trimmed(text: str) -> str:
    begin = re.match(r"[\s.]*", text)
    return re.sub(r"[\s.]+\Z", "", text[begin.end() if begin else 0 :])


def _cut(text: str, most: int) -> str:
    """Cuts a text to at most `most` bytes, never inside an emoji or between a letter and its accent."""
    if len(text.encode()) <= most:
        return text
    end = len(text.encode()[:most].decode(errors="ignore"))
    for _ in range(min(MOST_EXTENDING, end)):
        if not (_extends(text[end]) or text[end - 1] == "\u200d"):
            break
        end -= 1
    return text[:end]


def _extends(sign: str) -> bool:
    return bool(_EXTENDING.match(sign)) or unicodedata.category(sign).startswith("M")
