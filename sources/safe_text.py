"""Makes text from elsewhere safe to print: control characters and marks of text direction are replaced.

Error messages of servers, names of playlists and files, and messages of libraries may hold control characters, which
move the cursor, colour the screen, ring the bell or answer to a program; and marks that change the order in which a
line is read. Tables keep what Spotify sent; only text that is shown to people passes here.
"""

import re
from unicodedata import category

ZERO_WIDTH_JOINERS = "\u200c\u200d"
"""Zero-width characters that words and emoji are made with."""
CONTROL_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories of characters that are not shown but obeyed: control, format, surrogates, line separators."""

_SUSPECT = re.compile(r"[^\x20-\x7e]")


def printable(text: str, *, directions: bool = False) -> str:
    """A text whose control characters are replaced by U+FFFD; line breaks and tabs stay.

    Args:
        text: anybody's.
        directions: whether marks of direction may stay, too: where a text stands for itself, as an element of a page.
    """

    def shown(found: re.Match[str]) -> str:
        sign = found[0]
        stays = sign in "\n\t" or is_printable(sign) or (directions and category(sign) == "Cf")
        return sign if stays else "\N{REPLACEMENT CHARACTER}"

    return _SUSPECT.sub(shown, text)


def is_printable(sign: str) -> bool:
    """Whether a character is only shown, and commands nothing."""
    return sign in ZERO_WIDTH_JOINERS or category(sign) not in CONTROL_CATEGORIES


def is_encodable(text: str) -> bool:
    """Whether a text can be encoded as UTF-8: arguments and file names may hold bytes that cannot."""
    try:
        return bool(text.encode()) or not text
    except UnicodeEncodeError:
        return False


def escaped_json(document: str, *, ascii_only: bool = False) -> str:
    r"""An equal JSON document with `\u` escapes in place of control characters.

    Args:
        document: JSON, in which such signs stand inside strings only.
        ascii_only: whether nothing else than ASCII can be written where it goes.
    """

    def code(found: re.Match[str]) -> str:
        sign = found[0]
        if sign in "\n\t" or (is_printable(sign) and not ascii_only):
            return sign
        units = sign.encode("utf-16-be", "surrogatepass").hex()
        return "".join(f"\\u{units[start : start + 4]}" for start in range(0, len(units), 4))

    return _SUSPECT.sub(code, document)
