"""Words of others as text that can be shown: no sign in them commands a terminal or turns the order of the others.

Error texts of servers, names of playlists and files, and whatever a library says may hold control characters, which
move the cursor, colour the screen, ring, or answer to a program; and marks that let a line read otherwise than it is.
Tables keep what Spotify sent; only what is told to people passes here.
"""

import re
from unicodedata import category

ZERO_WIDTH_JOINERS = "\u200c\u200d"
"""Zero-width signs that words and emoji are made with."""
CONTROL_CATEGORIES = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Categories of Unicode whose signs are not shown but obeyed: control, format, half pairs, line separators."""

_SUSPECT = re.compile(r"[^\x20-\x7e]")


def printable(text: str, *, directions: bool = False) -> str:
    """A text in which what cannot be shown is shown as that; line breaks and tabs stay.

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
    """Whether a sign only shows itself."""
    return sign in ZERO_WIDTH_JOINERS or category(sign) not in CONTROL_CATEGORIES


def is_encodable(text: str) -> bool:
    """Whether a text can be written in UTF-8: arguments and names of files may hold bytes that are none."""
    try:
        return bool(text.encode()) or not text
    except UnicodeEncodeError:
        return False


def escaped_json(document: str, *, ascii_only: bool = False) -> str:
    r"""A JSON document that says the same, with `\u` and digits for what cannot be shown.

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
