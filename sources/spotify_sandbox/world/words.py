"""Generates plausible names of artists, songs, albums, podcasts, playlists and people from own word lists."""

from dataclasses import dataclass


def _names(text: str) -> tuple[str, ...]:
    return tuple(text.split("|"))


FIRST = _names(
    "Velvet|Paper|Northern|Lunar|Silent|Crystal|Wild|Golden|Hollow|Electric|Midnight|Copper|Distant|Burning|Little|"
    "Static|Neon|Salt|Cedar|Iron|Slow|Marble|Violet|Broken|Amber|Polar|Coral|Foggy|Lazy|Restless"
)
SECOND = _names(
    "Harbor|Foxes|Parade|Signal|Orchard|Machine|Rivers|Tigers|Choir|Engine|Letters|Islands|Mirrors|Avenue|Gardens|"
    "Satellites|Wolves|Season|Theory|Bloom|Cinema|Ghosts|Atlas|Circus|Bridges|Pilots|Lanterns|Weather|Radio|Sisters"
)
PEOPLE = _names(
    "Ingrid Falk|Mateo Quiroga|Yuki Amano|Zoë O'Riley|Björn Ek|Søren Lykke|Chloé Marchand|Anaïs Bérenger|"
    "Paulo Nogueira|Lucía Ferrán|Agnieszka Wójcik|Dmitri Orlov|Amara Diallo|Kwame Boateng|Noor Haddad|"
    "Hana Sato|Min-ji Seo|Tomáš Hora|Eleni Vasil|Giulia Conti|Jan de Wit|Ástríður Jóns|Ömer Kaya|Leïla Amrani"
)
SCRIPTS = _names(
    "夜明けの街|青い惑星|풍선껌|달빛 소년|ليل القاهرة|صدى|Ночной трамвай|Белый шум|มะลิ|שקט בעיר|Ο Κήπος|南風樂隊"
)

TITLES = _names(
    'Letters to {0}|Don\'t Wait for {0}|{0}, Pt. 2|After the {0}|"{0}"|{0} (feat. {1})|{0} - Remastered 2011|'
    "{0} / {1}|Für {0}|Canción de {0}|Último {0}|L'été {0}|{0} no Verão|Om {0}|{0} & {1}|I Can't {0}|"
    "{0} - Live at the {1}|{0}'s Theme|(Almost) {0}|{0}…|¿{0}?|{0} ✨|#{0}|{0}, {1} & Me|{0} [Interlude]"
)
TOPICS = _names(
    "Harbor|Sleep|Fire|Paper Planes|Winter|Nowhere|Julia|Gravity|Sunday|Monsoon|Mañana|Herz|Sommarnatt|Saudade|Rêve|"
    "Neon|Ocean|Ashes|Holiday|Static|Rain|Tokyo|Marrakech|Gold|Silence|Dust|Honey|Thunder|Velvet|Tomorrow|Ö|夏|서울|حب|Луна"
)
ALBUMS = _names(
    "{0}|The {0} Sessions|{0} & {1}|Songs from the {0}|{0} (Deluxe Edition)|{0} EP|Vol. 3: {0}|Live in {0}|"
    '"{0}" (Original Motion Picture Soundtrack)|{0}: The Remixes|Histoire de {0}|Wo {0} ist'
)

SHOWS = _names(
    "The {0} Hour|{0} Explained|Stories of {0}|Tagebuch: {0}|Radio {0}|{0} & Friends|Deep {0}|Le Podcast {0}"
)
PUBLISHERS = _names("Harbor Audio|Studio Norr|Radio Cobre|The Marble Network|Ingrid Falk|Lazy Pilots & Co")
LANGUAGES = ("en", "de", "sv", "fr", "es", "en-US")

LABELS = _names(
    "{0} Records|{0} Music|Studio {0}|{0} Recordings, a division of {1}|Les Disques {0}|{0}ton|Discos {0} S.L.|© {0}"
)
GENRES = _names(
    "indie pop|dream pop|deep house|melodic techno|swedish pop|german hip hop|jazz fusion|neo soul|post-rock|chanson|"
    "flamenco|bossa nova|classical piano|lo-fi beats|synthwave|metalcore|k-pop|j-rock|afrobeats|folk|gaming edm|ambient"
)
BOOKS = _names(
    "The {0} House|A Year of {0}|{0} and Other Stories|Das {0}|The Last {0}|{0}: A Memoir|Il {0}|How to Read {0}"
)

PLAYLISTS = _names(
    "Road trip|chill.|Workout 💪|Sunday Morning|Starred|Köln 2019|Fête chez Chloé|Für Oma|Dad's vinyl|"
    "Best of '09|deep focus|90s R&B|cozy 🍂🎃|Música para cocinar|夏のプレイリスト|작업용|Untitled|My Playlist #7|"
    "Party @ Björn's|Coding (no lyrics)|Songs to cry to 😭|Running 170 bpm|Jazz & Rain|Wedding — first draft|"
    'To find|Discover archive|Klassik|Barbecue|"the good stuff"|Soundtracks / Scores|موسيقى|Русский рок|'
    "Long drives <3|TMP|old phone|Kids in the car|Late night|Kaffeepause|Festival 2024|Covers"
)
DESCRIPTIONS = (
    "",
    "",
    "",
    "",
    "Everything I keep coming back to.",
    "Mum&#x27;s favourites &amp; mine",
    "Nicht löschen!! 🙏",
    "songs &lt; 3 min",
    "Para cocinar con calma &#x2F; sin prisa",
)
EDITORIAL = (
    "The {0} you need, updated every Friday. Cover: {1}",
    'You listened to <a href="spotify:playlist:37i9dQZF1EIgrtU6YDkEQE">{0}</a> and {1} on Mondays. Here&#x27;s more.',
    "Fresh {0} &amp; {1} from all over the world.",
)

TAGS = (
    ("vril", "", "torus xxxii"),
    ("", "", "Track 01"),
    ("Dad's band", "Garage demos (1987)", "Won't be back [take 3]"),
    ("Señor Nadie", "Cintas", "Canción nº 4, en vivo"),
    ("", "Field recordings", "rain/tent + wind"),
    ("夜明けの街", "", "デモ"),
    ("Ö & Ä", "50% off: the album", "a:b"),
    ("", "", ""),
)


@dataclass(frozen=True, slots=True)
class Draw:
    """A few bytes from which words are chosen, so that the same object always gets the same name."""

    bytes: bytes

    def of(self, words: tuple[str, ...], place: int) -> str:
        """One of some words, chosen by two of the bytes."""
        return words[int.from_bytes(self.bytes[place : place + 2], "big") % len(words)]

    def artist(self) -> str:
        """A name of a band or a person."""
        sort = self.bytes[0]
        if sort < 16:
            return self.of(SCRIPTS, 1)
        if sort < 112:
            return f"{self.of(PEOPLE, 1)}" if sort < 48 else f"{self.of(PEOPLE, 1)} {self.of(SECOND, 3)}"
        return f"{'The ' if sort > 200 else ''}{self.of(FIRST, 1)} {self.of(SECOND, 3)}"

    def title(self) -> str:
        """A name of a song or an episode."""
        return self.of(TITLES, 0).format(self._topic(2), self._topic(6))

    def album(self) -> str:
        """A name of an album."""
        return self.of(ALBUMS, 0).format(self._topic(2), self._topic(6))

    def show(self) -> str:
        """A name of a podcast."""
        return self.of(SHOWS, 0).format(self._topic(2))

    def book(self) -> str:
        """A name of an audiobook."""
        return self.of(BOOKS, 0).format(self._topic(2))

    def label(self) -> str:
        """A name of a record company."""
        return self.of(LABELS, 4).format(self.of(SECOND, 6), self.of(FIRST, 8))

    def _topic(self, place: int) -> str:
        one = self.of(TOPICS, place)
        return one if self.bytes[place + 2] < 150 else f"{self.of(FIRST, place + 2)} {one}"
