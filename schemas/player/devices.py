"""Devices on which users listen."""

from schemas.spec import FLAG, INT, TEXT, Column, Table, key

TABLE = Table(
    name="devices",
    description="A device on which a user listens, as last seen; those that take no commands have no id, and no row.",
    key=("device_id",),
    kind="dimension",
    columns=(
        key("device_id", TEXT, "Spotify's id of the device.", "device.id"),
        Column("user_id", TEXT, "Who used it last.", "user_id", update="coalesce"),
        Column("name", TEXT, "Name.", "device.name", update="coalesce"),
        Column("type", TEXT, "Computer, Smartphone, Speaker and the like.", "device.type", update="coalesce"),
        Column("is_active", FLAG, "Whether it was the one that plays.", "device.is_active"),
        Column("is_private_session", FLAG, "Whether it was in a private session.", "device.is_private_session"),
        Column("is_restricted", FLAG, "Whether it takes no commands.", "device.is_restricted"),
        Column("supports_volume", FLAG, "Whether its volume can be set.", "device.supports_volume"),
        Column("volume_percent", INT, "Its volume, 0 to 100.", "device.volume_percent"),
    ),
)
