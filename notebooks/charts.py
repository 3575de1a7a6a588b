"""The style of the notebooks' plots: colours for colour-blind readers, direct labels, and fonts for any name."""

import logging
from collections.abc import Iterable, Sequence
from functools import cache

import matplotlib.pyplot as plt
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.ft2font import FT2Font

# The palette of Okabe and Ito, https://jfly.uni-koeln.de/color/. No plot distinguishes things by colour alone.
BLUE, ORANGE, GREEN, VERMILION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
SKY, PURPLE, YELLOW, GREY, INK = "#56B4E9", "#CC79A7", "#F0E442", "#999999", "#333333"

COLOURS = (BLUE, VERMILION, GREEN, PURPLE, ORANGE, SKY)

FEW, MANY = 3, 4

# The background of a text on a bar.
PLATE = {"facecolor": "white", "edgecolor": "none", "pad": 1}

# Fonts of common systems, with the characters that matplotlib's own font lacks.
FONTS = (
    "DejaVu Sans",
    "Noto Sans CJK JP",
    "Noto Sans CJK SC",
    "Noto Sans CJK KR",
    "Hiragino Sans",
    "PingFang SC",
    "Apple SD Gothic Neo",
    "Yu Gothic",
    "Microsoft YaHei",
    "Malgun Gothic",
    "IPAexGothic",
    "WenQuanYi Zen Hei",
    "NanumGothic",
    "Droid Sans Fallback",
    "Arial Unicode MS",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Noto Sans Symbols2",
    "Noto Emoji",
)
MISSING = "□"


def prepare(fonts: Sequence[str] = FONTS) -> None:
    """Sets the style of all plots. Of the fonts, those that this machine has are used, in this order."""
    # A font without bold is used as it is; matplotlib would warn each time.
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)
    present = set(font_manager.get_font_names())
    shown.cache_clear()
    _signs.cache_clear()
    plt.rcParams.update(
        {
            "font.family": [name for name in fonts if name in present],
            # A name may contain two dollar signs, which would start a formula.
            "text.parse_math": False,
            "figure.figsize": (8, 4),
            "figure.dpi": 100,
            "figure.constrained_layout.use": True,
            "axes.titlelocation": "left",
            "axes.titleweight": "bold",
            "axes.titlesize": 12,
            "axes.labelcolor": INK,
            "axes.edgecolor": GREY,
            "axes.spines.top": False,
            "axes.spines.right": False,
            "axes.axisbelow": True,
            "text.color": INK,
            "xtick.color": INK,
            "ytick.color": INK,
            "legend.frameon": False,
        }
    )


@cache
def shown(name: str | None, width: int = 26) -> str:
    """A name as it can be drawn, in at most `width` characters.

    Letters that no font here has become □; such emoji are left out if anything else remains.
    """
    # Fonts have U+FE0F, but it only selects the emoji style of the character before it.
    signs = [sign for sign in " ".join((name or "").split()) if sign.isprintable() and sign != "\ufe0f"]
    letters = [sign if ord(sign) in _signs() else MISSING for sign in signs if ord(sign) in _signs() or sign.isalnum()]
    text = " ".join("".join(letters).split()) or MISSING * sum(sign != " " for sign in signs)
    if not text:
        return "(no name)"
    return text if len(text) <= width else f"{text[: width - 1]}…"


@cache
def _signs() -> frozenset[int]:
    """All characters that the fonts in use have."""
    paths = (font_manager.findfont(family) for family in plt.rcParams["font.family"])
    return frozenset(sign for path in paths for sign in FT2Font(path).get_charmap())


def ceiling(lengths: Iterable[float]) -> float:
    """The length at which bars are cut: where one is more than four times as long as the next."""
    longest, *others = sorted(filter(None, lengths), reverse=True) or [0.0]
    return longest if len(others) < MANY or longest <= 4 * others[0] else 2 * others[0]


def bars(axes: Axes, names: Sequence[str], values: Sequence[float], texts: Iterable[object], color: str = BLUE) -> None:
    """Bars from left to right, the first on top, each with its name before it and a text behind it."""
    drawn = axes.barh(range(len(names)), values, color=color)
    axes.bar_label(drawn, labels=list(texts), padding=4)
    axes.set_yticks(range(len(names)), names)
    axes.tick_params(axis="y", length=0)
    axes.set_ylim(max(len(names), FEW) - 0.4, -0.6)
    axes.margins(x=0.15)
    axes.set_xlim(left=0)
    axes.xaxis.get_major_locator().set_params(integer=True)


def heatmap(axes: Axes, rows: Sequence[Sequence[float]], texts: Sequence[str], unit: str) -> None:
    """Cells from dark to light, each with its text, and the scale beside them; the first row is on top."""
    image = axes.imshow(rows, cmap="cividis", vmin=0, aspect="auto")
    width = len(rows[0])
    for number, text in enumerate(texts):
        value = rows[number // width][number % width]
        color = "white" if image.norm(value) < 0.5 else "black"
        axes.text(number % width, number // width, text, ha="center", va="center", color=color, fontsize=8)
    axes.figure.colorbar(image, label=unit)
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0)


def apart(heights: Sequence[float], room: float) -> list[float]:
    """The same heights, moved as little as possible so that each has enough room above it."""
    moved, last = [0.0] * len(heights), min(heights) - room
    for place in sorted(range(len(heights)), key=lambda place: heights[place]):
        last = moved[place] = max(heights[place], last + room)
    return moved


def nothing(axes: Axes, text: str) -> None:
    """A sentence in place of a plot that has nothing to show."""
    axes.figure.set_figheight(1)
    axes.axis("off")
    axes.text(0.5, 0.5, text, ha="center", va="center", transform=axes.transAxes)


def both_ways(axes: Axes, names: Sequence[str], added: Sequence[int], removed: Sequence[int], *, upright: bool) -> None:
    """Additions and removals, as bars in both directions from zero, with their numbers; vertical or horizontal.

    A bar that would leave no room for the others is cut, and marked with two strokes.
    """
    most = ceiling([*added, *removed])
    draw = axes.bar if upright else axes.barh
    for sign, counts, color, hatch in (("+", added, BLUE, ""), ("−", removed, VERMILION, "//")):
        way = 1 if sign == "+" else -1
        lengths = [way * min(count, most) for count in counts]
        drawn = draw(range(len(names)), lengths, color=color, hatch=hatch, edgecolor="white", linewidth=0)
        axes.bar_label(drawn, labels=[f"{sign}{count:,}" if count else "" for count in counts], padding=4)
        for place, (count, length) in enumerate(zip(counts, lengths, strict=True)):
            if count > most:
                point = (place, length * 0.85) if upright else (length * 0.85, place)
                axes.annotate("//", point, ha="center", va="center", weight="bold", bbox=PLATE)
    low, high = (1.2 * min(most, max(counts)) + most / 10 for counts in (removed, added))
    if upright:
        axes.set_xticks(range(len(names)), names)
        axes.set_ylim(-low, high)
        axes.axhline(0, color=INK, linewidth=0.8)
        axes.set_yticks([])
        axes.spines[["left", "bottom"]].set_visible(False)
        axes.tick_params(axis="x", length=0)
        axes.set_xlim(min(-0.6, (len(names) - 5) / 2), max(len(names) - 0.4, (len(names) + 3) / 2))
    else:
        axes.set_yticks(range(len(names)), names)
        axes.set_xlim(-low, high)
        axes.axvline(0, color=INK, linewidth=0.8)
        axes.set_xticks([])
        axes.spines[["left", "bottom"]].set_visible(False)
        axes.tick_params(axis="y", length=0)
        axes.invert_yaxis()
