"""The categories of browsing."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Category:
    """A category, with the name that it has in American English."""

    id: str
    name: str


CATEGORIES = tuple(
    Category(category_id, name)
    for category_id, name in (
        ("toplists", "Top Lists"),
        ("pop", "Pop"),
        ("hiphop", "Hip-Hop"),
        ("mood", "Mood"),
        ("rock", "Rock"),
        ("chill", "Chill"),
        ("party", "Party"),
        ("dinner", "Dinner"),
        ("workout", "Workout"),
        ("sleep", "Sleep"),
        ("focus", "Focus"),
        ("indie_alt", "Indie"),
        ("edm_dance", "Dance/Electronic"),
        ("rnb", "R&B"),
        ("country", "Country"),
        ("latin", "Latin"),
        ("jazz", "Jazz"),
        ("classical", "Classical"),
        ("soul", "Soul"),
        ("metal", "Metal"),
        ("punk", "Punk"),
        ("folk", "Folk & Acoustic"),
        ("kpop", "K-Pop"),
        ("reggae", "Reggae"),
        ("blues", "Blues"),
        ("funk", "Funk"),
        ("travel", "Travel"),
        ("decades", "Decades"),
        ("family", "Kids & Family"),
        ("romance", "Romance"),
        ("gaming", "Gaming"),
    )
)
"""In the order in which they are listed."""
