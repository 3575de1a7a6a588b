"""Imports the listening history from the account data that Spotify sends."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import dlt
from dlt.common.configuration.exceptions import ConfigurationException
from dlt.common.configuration.inject import with_config

from pipelines.destinations.configuration_errors import check_configuration_files, configuration_error_of
from pipelines.destinations.lake import Lake
from pipelines.destinations.private_files import owner_only
from pipelines.destinations.sync_lock import sync_lock
from pipelines.destinations.working_folder import set_broken_aside
from pipelines.sync.loading import load_all
from sources.account_export.source import Import, import_of
from sources.account_export.staging import Staged, stage
from sources.errors import ConfigurationError, PlaylakeError, ReplacedError
from sources.spotify.auth.profile_choice import chosen_profile
from sources.spotify.config import SpotifyCredentials
from sources.spotify.engine.recorder import new_record
from sources.spotify.http.transport import utc_now
from sources.stored.opening import open_stored


@dataclass(frozen=True, slots=True)
class Imported:
    """The result of an import.

    Attributes:
        files: names of the histories that were read.
        plays: how many plays they have, those that several have too.
        by_user: how many were new, of each user with any.
        notes: what else a person should know.
    """

    files: list[str]
    plays: int
    by_user: dict[str, int]
    notes: list[str]

    @property
    def new(self) -> int:
        """How many were new."""
        return sum(self.by_user.values())


def import_history(
    files: Sequence[Path],
    lake: Lake,
    *,
    user: str | None = None,
    profile: str | None = None,
    now: Callable[[], datetime] = utc_now,
) -> Imported:
    """Stores the plays of streaming histories that are not in the lake yet, atomically.

    Args:
        files: JSON files of an export, or zips of them.
        lake: where to; also one that has seen no sync.
        user: id of the user whose plays they are, where the files do not say so.
        profile: the account whose they are otherwise; by default the one that a sync would use.
        now: the clock that dates the import.

    Raises:
        ConfigurationError: a file is not a history, or nothing says whose plays they are.
        TryLaterError: a sync is writing to the lake.
        PlaylakeError: loading failed.
    """
    check_configuration_files()
    with stage(files) as staged:
        notes = list(_notes(staged))
        owner = user or (_signed_in(profile) if staged.lacks_user else None)
        with owner_only(lake), sync_lock(lake):
            notes += [note] if (note := set_broken_aside(lake)) else []
            pipeline, is_new = lake.pipeline(), not lake.exists()
            try:
                lake.check()
                with lake.settings():
                    if staged.lacks_user and not owner:
                        owner = _only_user(pipeline)
                    job = _job(staged, owner, now())
                    load_all(lake, pipeline, [import_of(job, job.run.started_at)])
            except PlaylakeError as error:
                if is_new and not isinstance(error, ReplacedError):
                    lake.discard_if_empty()
                raise
        return Imported(staged.files, staged.plays, job.by_user, notes)


def _job(staged: Staged, owner: str | None, now: datetime) -> Import:
    run = new_record(now)
    run.outcome = "imported"
    return Import(staged, owner, run, [], {})


def _signed_in(profile: str | None) -> str | None:
    """The id of the user that a sync would read as, as far as that is known without asking.

    Raises:
        SignInError: there is no profile of that name.
        ConfigurationError: the profile's file is damaged, or a setting is wrong.
    """
    try:
        return _user_of(profile=profile) if profile else _user_of()
    except ConfigurationException as error:
        raise configuration_error_of(error) from None


@with_config(sections=("sources", "spotify"))
def _user_of(*, credentials: SpotifyCredentials = dlt.secrets.value, profile: str | None = None) -> str | None:
    chosen = chosen_profile(credentials, profile)
    return chosen[1].user_id if chosen is not None else None


def _only_user(pipeline: dlt.Pipeline) -> str:
    """The user of whom alone something is stored.

    Raises:
        ConfigurationError: the lake has no user, or more than one.
    """
    pipeline.activate()
    with open_stored(pipeline) as stored:
        found = sorted(stored.user_ids())
    if len(found) != 1:
        why = f"there are plays of {', '.join(found)} in the lake" if found else "nobody is signed in"
        msg = f"The files do not say whose plays they are, and {why}: name the user with --user ID. Nothing was stored."
        raise ConfigurationError(msg)
    return found[0]


def _notes(staged: Staged) -> Sequence[str]:
    notes = []
    if staged.passed_over:
        names = list(dict.fromkeys(staged.passed_over))
        notes.append(f"Skipped, since they are not streaming histories: {', '.join(names)}.")
    if staged.timeless:
        notes.append(f"{staged.timeless:,} entries without a time are not plays, and were skipped.")
    return notes
