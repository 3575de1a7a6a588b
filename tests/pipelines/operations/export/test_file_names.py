"""Names of files: every system takes them, they stay apart, and they say as much of a playlist's name as they may."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pathvalidate import validate_filename

from pipelines.operations.export.file_names import LONGEST, file_names, stem

SIGNS = st.one_of(
    st.text(),
    st.text(
        st.sampled_from('aAß .-/\\:*?"<>|\x00\x1b\u202e\u2066\u200d\ufe0f\u0301é👩🏽🎧🇩🇪한글\u2028\ufffe'), max_size=60
    ),
    st.sampled_from(
        ["con", "NUL", "aux.txt", "COM1", "lpt¹", ".hidden", "..", "name.", "name ", "-rf", "~", "A" * 300, "é" * 200]
    ),
    st.text(st.sampled_from("👩\u200d🎤\ufe0f🏽"), min_size=30, max_size=80),
)
NAMES = st.dictionaries(st.text("0123456789abcXYZ", min_size=1, max_size=22), SIGNS, max_size=12)


@given(NAMES, st.sampled_from([".csv", ".xlsx", ".m3u8", ".jspf", ".txt"]))
def test_every_system_takes_them(names: dict[str, str], ending: str) -> None:
    """Whatever playlists are called, each gets a name that is valid everywhere, short, plain, and its own."""
    made = file_names(names, ending)
    assert made.keys() == names.keys()
    for name in made.values():
        validate_filename(name, platform="universal", max_len=LONGEST)
        assert name.endswith(ending)
        assert len(name.encode()) <= LONGEST
        stem_ = name.removesuffix(ending)
        assert stem_
        assert stem_ == stem_.strip(" .\t")
        assert not stem_.startswith(("-", "."))
        assert all(unicodedata.category(sign) not in ("Cc", "Zl", "Zp", "Cs") for sign in name)
        assert not set("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff") & set(name)
    for fold in (str.lower, str.upper, str.casefold, lambda name: unicodedata.normalize("NFD", name).casefold()):
        assert len({fold(name) for name in made.values()}) == len(made)


@given(NAMES)
def test_they_are_the_same_each_time(names: dict[str, str]) -> None:
    """The order in which playlists come changes nothing, and a name that no other has does not depend on others."""
    backwards = dict(reversed(names.items()))
    made = file_names(names, ".csv")
    assert file_names(backwards, ".csv") == made


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Road trip", "Road trip"),
        ("Songs to cry to 😭", "Songs to cry to 😭"),
        ("👩\u200d👩\u200d👧 family 🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f", None),
        ("日本語 ✨", None),
        ("AC/DC: best?", "AC_DC_ best_"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ("C:\\Windows", "C__Windows"),
        (".hidden", "hidden"),
        ("ends with dots. . .", "ends with dots"),
        ("con", "_con"),
        ("NUL.mix", "_NUL.mix"),
        ("-rf", "_rf"),
        ("evil\u202etxt.exe", "eviltxt.exe"),
        ("two\nlines\x1b[2J", "two_lines_[2J"),
        ("e\u0301te\u0301", "été"),
        ("", ""),
        (". .", ""),
    ],
)
def test_what_becomes_of_a_name(name: str, expected: str | None) -> None:
    """Letters of all scripts and emoji stay; what separates, hides, turns or commands does not."""
    assert stem(name) == (unicodedata.normalize("NFC", name) if expected is None else expected)


def test_a_long_name_is_cut_between_signs() -> None:
    """No emoji is cut in half, and no accent is left behind."""
    family = "👩\u200d👩\u200d👧"
    cut = stem(family * 40)
    assert len(cut.encode()) <= LONGEST
    assert cut == family * (len(cut) // len(family))


def test_playlists_of_one_name_have_their_ids_behind_it() -> None:
    """Names that differ in case or accents only are one name; one that has another's mark in it stays apart."""
    names = {"id1": "Mix", "id2": "mix", "id3": "Other", "id4": "Mix (id1)", "id5": "", "id6": "..."}
    made = file_names(names, ".csv")
    assert made == {
        "id1": "Mix (id1) 2.csv", "id2": "mix (id2).csv", "id3": "Other.csv", "id4": "Mix (id1).csv", "id5": "id5.csv",
        "id6": "id6.csv",
    }  # fmt: skip
