"""Pictures of covers, each content once."""

from schemas.spec import BYTES, INT, TEXT, TIME, Column, Table, key

TABLE = Table(
    name="covers",
    description="A picture that was a playlist's cover, kept as it was sent; only with the setting covers.",
    key=("sha256",),
    kind="fact",
    columns=(
        key("sha256", TEXT, "SHA-256 of the picture's bytes, in hexadecimal digits.", "sha256"),
        Column("content_type", TEXT, "image/jpeg, image/png, image/gif or image/webp, by its bytes.", "content_type"),
        Column("bytes", INT, "How many bytes it has.", "size"),
        Column("width", INT, "Pixels, by its bytes; null for WebP.", "width"),
        Column("height", INT, "Pixels, by its bytes; null for WebP.", "height"),
        Column("data", BYTES, "The picture.", "data", nullable=False),
        Column("first_seen_at", TIME, "When it was first fetched.", "first_seen_at", nullable=False),
    ),
)
