"""Names of artists. Two artists rarely share one, since each kind of name steps through its words."""

from sources.spotify_sandbox.world.words import FIRST, SECOND


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


GIVEN = _names(
    "Ingrid|Mateo|Yuki|Zoë|Björn|Søren|Chloé|Anaïs|Paulo|Lucía|Agnieszka|Dmitri|Amara|Kwame|Noor|Hana|Min-ji|Tomáš|"
    "Eleni|Giulia|Jan|Ástríður|Ömer|Leïla|Marta|Oskar|Ana|Idris|Sofie|Rafael|Naïma|Tereza|Luca|Signe|Farah|Emil|"
    "Camila|Arvid|Nadia|Joaquín|Ayşe|Piotr|Mirela|Elif|Nils|Esperanza|Tove|Kofi"
)
FAMILY = _names(
    "Falk|Quiroga|Amano|O'Riley|Ek|Lykke|Marchand|Bérenger|Nogueira|Ferrán|Wójcik|Orlov|Diallo|Boateng|Haddad|Sato|"
    "Seo|Hora|Vasil|Conti|de Wit|Jóns|Kaya|Amrani|Lindqvist|Moreau|Castellano|Novák|Okafor|Brandt|Silveira|Hoang|"
    "Petrov|Aalto|Rossetti|van Dijk|Ibarra|Kowalska|Nakamura|Dahl|Mbeki|Fontaine|Reyes|Szabó|Holm|Duarte|Weiss"
)
SINGLE = _names(
    "Almanac|Barometer|Calico|Driftwood|Ellipsis|Fernweh|Gloaming|Hinterland|Isotope|Juniper|Kestrel|Lacuna|Marzipan|"
    "Nocturne|Oblique|Petrichor|Quince|Ravelin|Saltbox|Tangram|Umlaut|Verbena|Windlass|Xylem|Yonder|Zephyrine|Ö & Ä|"
    "Brass Tacks|Cold Open|Double Yolk|Half Past|Ink & Iron|Kaffeeklatsch|Low Tide|Méridien|Nightbus|Open Ended|"
    "Plan B-Side|Room 12|Små Ord|Third Rail|Vis-à-vis|!Ahora!|AM/PM|20 Maj|M.O.T.H.|Señor Nadie|quiet_hours|thursdays.|"
    "Anteroom|Bellwether|Cartwheel|Dovetail|Eiderdown|Foxglove|Gingham|Halfmoon|Inkwell|Jetlag|Knapsack|Lighthouse"
)
SCRIPTS = tuple(
    f"{one}{other}"
    for ones, others in (
        ("夜明けの|青い|透明な|遠い", "街|惑星|庭|灯台"),
        ("달빛 |새벽 |푸른 |느린 ", "소년|정원|극장|기차"),
        ("Ночной |Белый |Тихий |Северный ", "трамвай|шум|берег|сад"),
        ("ليل |صدى |بحر |قمر ", "القاهرة|بيروت|الصحراء|المدينة"),
        ("Μικρός |Παλιός |Χρυσός ", "κήπος|δρόμος|ήλιος"),
        ("南風|白夜|紅葉", "樂隊|三重奏"),
        ("שקט |אור ", "בעיר|במדבר"),
    )
    for other in others.split("|")
    for one in ones.split("|")
)

_SORTS = "bpbpbpbsbpbpbobpbpbb"
"""Of every 20 artists: numbers of bands, of persons, of names in other scripts, and of single words."""

_NAMESAKES = 400
"""One of this many artists has the name of another."""


def stage_name(seed: int, number: int) -> str:
    """The name of the artist with a number in the world of a seed."""
    if number % _NAMESAKES == _NAMESAKES // 2:
        number //= 2
    turn, place = divmod(number, len(_SORTS))
    sort = _SORTS[place]
    rank = turn * _SORTS.count(sort) + _SORTS[:place].count(sort) + seed
    if sort == "s":
        return _counted(rank, SCRIPTS)[0]
    if sort == "o":
        return _counted(rank, SINGLE)[0]
    if sort == "p":
        return " ".join(_counted(rank, GIVEN, FAMILY))
    the, first, second = _counted(rank, ("", "The "), FIRST, SECOND)
    return f"{the}{first} {second}"


def _counted(number: int, *words: tuple[str, ...]) -> list[str]:
    """One word of each list, so that all combinations come before one repeats, and neighbours differ."""
    many = 1
    for each in words:
        many *= len(each)
    # A prime that divides none of the lengths steps through all.
    number = number * 7_919 % many
    chosen = []
    for each in words:
        number, place = divmod(number, len(each))
        chosen.append(each[place])
    return chosen
