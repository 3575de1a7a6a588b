"""Images of episodes, in order."""

from schemas.spec import INT, REMOVED, TEXT, Column, From, Table, key

TABLE = Table(
    name="episode_images",
    description="An image of an episode, widest first.",
    key=("episode_id", "position"),
    kind="child",
    names="url",
    extracted_from=(From("episodes", "images", by_position=True),),
    columns=(
        key("episode_id", TEXT, "Spotify's id of the episode.", "owner.id", references="episodes.episode_id"),
        key("position", INT, "Position in the list of images, from 0.", "position"),
        Column("url", TEXT, "Address of the picture.", "value.url"),
        Column("height", INT, "Pixels; null where Spotify does not say.", "value.height"),
        Column("width", INT, "Pixels; null where Spotify does not say.", "value.width"),
        REMOVED,
    ),
)
