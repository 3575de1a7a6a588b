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

TITLES = _names(
    "{n}|{n}|{n}|{a} {n}|{a} {n}|{a} {n}|{a} {n}|{n} & {m}|{n} and {m}|The {n}|The {a} {n}|My {a} {n}|No More {n}|"
    "Letters to {w}|Don't Wait for {w}|Hey {w}|{w}'s Song|Goodnight, {w}|Call Me {w}|Dear {w}|Waiting for {w}|"
    "After the {n}|Into the {n}|Under the {n}|Like {n}|Made of {n}|All My {n}|One More {n}|Out of {n}|Before the {n}|"
    "Last Train to {c}|Leaving {c}|{c}|{c} by Night|{n} in {c}|Back to {c}|I Can't {v}|Let It {v}|We {v}|"
    '{v} with Me|Why Do We {v}?|{v}, {v}, {v}|{n} / {m}|{n}, Pt. 2|{n} (Interlude)|(Almost) {n}|"{n}"|{n}…|#{w}|'
    "{n} ✨|Für {w}|Canción para {w}|Último tren a {c}|L'été à {c}|Saudade de {c}|Sommarnatt i {c}|Un giorno a {c}|"
    "Chanson pour {w}|¿Dónde está {w}?|{s}|{s}|{s}"
)
"""Patterns with nouns, an adjective, a verb, a person, a city, or words in other scripts."""

TOPICS = _names(
    "Harbor|Sleep|Fire|Paper Planes|Winter|Gravity|Sunday|Monsoon|Ocean|Ashes|Holiday|Static|Rain|Gold|Silence|Dust|"
    "Honey|Thunder|Velvet|Tomorrow|River|Mirrors|Garden|Strangers|Shadows|Morning|Midnight|Horizon|Glass|Snow|Engines|"
    "Satellite|Lanterns|Storm|Summer|Ghosts|Island|Window|Kingdom|Highway|Orchard|Fireflies|Echo|Canyon|Carousel|"
    "Telephone|Photograph|Skyline|Tide|Daylight|Feathers|Magnolia|Parachute|Weekend|Neon|Saturn|Wildflowers|Smoke"
)
VERBS = _names("Dance|Stay|Remember|Run|Fall|Sing|Wait|Breathe|Dream|Lie|Forget|Burn|Drive|Float|Whisper")
SOMEBODY = _names(
    "Julia|Mara|Elias|Inés|Tomasz|Noor|Odile|Sunniva|Jonas|Amina|Zoë|Mateo|Yuki|Leïla|Henrik|Rosa|Klara|Ömer"
)
CITIES = _names(
    "Tokyo|Marrakech|Lisbon|Glasgow|Havana|Oslo|Naples|Montréal|Köln|São Paulo|Gdańsk|Reykjavík|Seoul|Valparaíso"
)
SCRIPT_TITLES = _names(
    "夏の終わり|夜の電車|雨音|또 하나의 밤|첫눈|서울의 아침|حب قديم|ليل طويل|"
    "Белые ночи|Луна|Письмо домой|ราตรี|לילה טוב|Θάλασσα|遠方"
)
ALBUMS = _names(
    "{n}|{n}|{a} {n}|{a} {n}|The {n} Sessions|{n} & {m}|Songs from the {n}|{n} (Deluxe Edition)|Letters from {c}|"
    'Live in {c}|"{n}" (Original Motion Picture Soundtrack)|{n}: The Remixes|Vol. 3: {n}|Histoire de {w}|{c} Diaries'
)
GATHERED = _names(
    "{c} Underground|Best of {y}|{n} Classics|Songs for {n}|Café {c}|{a} Covers|The {n} Collection|Late Night {c}"
)
"""Names of albums by various artists."""

SHOWS = _names(
    "The {0} Hour|{0} Explained|Stories of {0}|Tagebuch: {0}|Radio {0}|{0} & Friends|Deep {0}|Le Podcast {0}"
)
PUBLISHERS = _names("Harbor Audio|Studio Norr|Radio Cobre|The Marble Network|Ingrid Falk|Lazy Pilots & Co")
LANGUAGES = ("en", "de", "sv", "fr", "es", "en-US")

LABELS = _names(
    "{0} Records|{0} Music|Studio {0}|{0} Recordings, a division of {1}|Les Disques {0}|{0}ton|Discos {0} S.L.|© {0}"
)
GENRES = _names(
    "indie pop|dream pop|bedroom pop|indie folk|folk|singer-songwriter|chanson|bossa nova|flamenco|afrobeats|neo soul|"
    "jazz fusion|classical piano|ambient|lo-fi beats|german hip hop|k-pop|swedish pop|synthwave|deep house|"
    "melodic techno|post-rock|j-rock|metalcore"
)
"""Neighbours are related genres."""
BOOKS = _names(
    "The {0} House|A Year of {0}|{0} and Other Stories|Das {0}|The Last {0}|{0}: A Memoir|Il {0}|How to Read {0}"
)

PLAYLISTS = _names(
    "Discover archive|Fête chez Chloé|Untitled|To find|Starred|Köln 2019|chill.|My Playlist #7|Road trip|Workout 💪|"
    "Sunday Morning|Festival 2024|Dad's vinyl|Party @ Björn's|New on Fridays|On repeat|Weekly finds|Best of '09|"
    "deep focus|90s R&B|cozy 🍂🎃|Música para cocinar|夏のプレイリスト|Old favourites|작업용|Wedding — first draft|"
    "Walks|Covers|Coding (no lyrics)|Songs to cry to 😭|Running 170 bpm|Jazz & Rain|Klassik|Barbecue|"
    '"the good stuff"|Soundtracks / Scores|موسيقى|Office, all of us|Русский рок|Advent|Long drives <3|TMP|old phone|'
    "Concerts I've been to|Kids in the car|Late night|Kaffeepause|Für Oma|Piano before bed|Band practice|"
    "Mixtape for Mara|Lisbon 2022|Cabin|Vinyl wishlist|Songs I never skip|Silvester|First snow|Rainy day|Bike to work|"
    "Guitar practice|Dinner with friends|House-warming|Sunday cleaning|Summer '18|Summer 2023|Midsommar|Lullabies|"
    "Long runs|Train window|Study group|Acoustic|One-hit wonders|Shower concert|Guilty pleasures|Abuela's favourites|"
    "Heard on the radio|From the café|Cover band ideas|Slow dances|Songs with whistling|Opening tracks|Last songs|"
    "Ferry to Gotland|Kitchen disco|Night shift|Breakup, week 1|Better now|2016 again|Learn by heart|Instrumental|"
    "Voices|Ask Paulo|For the plane"
)
NEW_FINDS = {"New on Fridays", "Weekly finds"}
KEPT_UP = {"On repeat", "Workout 💪", "Bike to work"}
CHANGING = NEW_FINDS | KEPT_UP
"""Playlists that are often empty."""

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
EDITED = _names(
    "Indie Pop Hits|Sunset Hits|Chanson Hits|Kitchen Party Hits|Rock Hits|Slow Jazz Hits|Nordic Hits|Fresh Hits"
)
"""Playlists of Spotify's own."""

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
    """Chooses words by a few bytes, so that the same object always gets the same name."""

    bytes: bytes

    def of(self, words: tuple[str, ...], place: int) -> str:
        """One of some words, chosen by two of the bytes."""
        return words[int.from_bytes(self.bytes[place : place + 2], "big") % len(words)]

    def title(self) -> str:
        """A name of a song or an episode."""
        return self._made(TITLES)

    def album(self) -> str:
        """A name of an album."""
        return self._made(ALBUMS)

    def gathered(self, year: int) -> str:
        """A name of an album by various artists."""
        return self._made(GATHERED, y=year)

    def show(self) -> str:
        """A name of a podcast."""
        return self.of(SHOWS, 0).format(self.of(TOPICS, 2))

    def book(self) -> str:
        """A name of an audiobook."""
        return self.of(BOOKS, 0).format(self.of(TOPICS, 2))

    def label(self) -> str:
        """A name of a record company."""
        return self.of(LABELS, 4).format(self.of(SECOND, 6), self.of(FIRST, 8))

    def genres(self, count: int) -> tuple[str, ...]:
        """A number of genres that go together."""
        first = int.from_bytes(self.bytes[14:16], "big")
        return tuple(GENRES[(first + step) % len(GENRES)] for step in range(count))

    def _made(self, patterns: tuple[str, ...], **more: object) -> str:
        return self.of(patterns, 0).format(
            n=self.of(TOPICS, 2),
            m=self.of(TOPICS, 6),
            a=self.of(FIRST, 4),
            v=self.of(VERBS, 4),
            w=self.of(SOMEBODY, 4),
            c=self.of(CITIES, 4),
            s=self.of(SCRIPT_TITLES, 4),
            **more,
        )
