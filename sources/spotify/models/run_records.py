"""What a run or a command did: inputs of rows with what was requested and how it ended."""

from datetime import datetime

from msgspec import Struct


class RunRecord(Struct, gc=False):
    """What a row of `runs` is made from."""

    run_id: str
    started_at: datetime
    version: str
    client_id: str | None = None
    user_id: str | None = None
    finished_at: datetime | None = None
    exit_code: int = 0
    outcome: str = "done"
    playlists: int = 0
    unchanged: int = 0
    read: int = 0
    failed: int = 0
    requests: int = 0
    new_items: int = 0
    removed_items: int = 0
    hidden_playlists: int | None = None
    resume_at: datetime | None = None
    message: str | None = None
    unknown_fields: str | None = None


class PlaylistRead(Struct, gc=False):
    """What a row of `playlist_reads` is made from."""

    run_id: str
    playlist_id: str
    outcome: str
    started_at: datetime
    finished_at: datetime
    user_id: str | None = None
    snapshot_id: str | None = None
    requests: int = 0
    items: int | None = None
    new_items: int = 0
    removed_items: int = 0
    message: str | None = None
    doubted: str | None = None
    # Not a column: withheld from an app that may only see what its user follows, which is no failure.
    withheld: bool = False


class ResourceRead(Struct, gc=False):
    """What a row of `resource_reads` is made from."""

    run_id: str
    resource: str
    subject: str
    user_id: str | None
    outcome: str
    started_at: datetime
    finished_at: datetime
    is_whole: bool = False
    requests: int = 0
    items: int | None = None
    new_items: int = 0
    removed_items: int = 0
    message: str | None = None
    # Not a column: the consent lacks a scope, so this says nothing about the rights of the app.
    lacks_scope: bool = False
    # Not a column: an optional part, which is not missed if it may not be read.
    is_extra: bool = False


class CatalogueRead(Struct, gc=False):
    """What a row of `catalogue_reads` is made from."""

    subject: str
    item_id: str
    read_at: datetime
    outcome: str
    items: int | None = None


class WriteRecord(Struct, gc=False):
    """What a row of `writes` is made from."""

    write_id: str
    started_at: datetime
    operation: str
    finished_at: datetime | None = None
    user_id: str | None = None
    playlist_id: str | None = None
    requests: int = 0
    snapshot_before: str | None = None
    snapshot_after: str | None = None
    outcome: str = "done"
    message: str | None = None
