"""What must be true of a run of the scenario, each in a sentence."""

from collections.abc import Iterator

from pipelines.destinations.lake import Lake
from tests.cluster.cluster import DOOMED, SURVIVOR, Cluster
from tests.cluster.comparison import Concerned, differences
from tests.cluster.scenario import LIMITED, REVOKED, Seen

WHY = "Refresh token revoked"
"""What the accounts service answers to a token that its user has revoked."""


def unmet_by_airflow(cluster: Cluster, seen: Seen) -> Iterator[str]:
    """What the scheduler did otherwise than it should."""
    limited, revoked = (cluster.accounts[number].name for number in (LIMITED, REVOKED))
    latest = {each.account: each for each in seen.latest}
    if missing := {account.name for account in cluster.accounts} - set(latest):
        yield f"{len(missing)} accounts have no task, such as {min(missing)}"
    if failed := [name for name, each in latest.items() if each.state != "success" and name != revoked]:
        yield f"these did not succeed: {', '.join(failed)}"
    if (latest[revoked].state, latest[revoked].number) != ("failed", 1):
        yield f"{revoked} did not fail at once: {latest[revoked]}"
    if WHY not in task_log(cluster, seen, revoked):
        yield f"the log of {revoked} does not say why it failed"
    if limited not in seen.rescheduled or latest[limited].number != 1:
        yield f"{limited} did not give its place to others without using up a try: {latest[limited]}"
    if not seen.killed:
        yield f"no task ran on {DOOMED} when it was killed"
    for name in seen.killed:
        if latest[name].number < 2 or latest[name].machine != SURVIVOR:
            yield f"{name} was not tried again on {SURVIVOR}: {latest[name]}"


def unmet_by_lakes(cluster: Cluster, seen: Seen, lake: Lake, one_machine: Lake) -> tuple[list[str], int]:
    """What the lake of the cluster holds otherwise than that of one machine; and how many rows were compared."""
    concerned = {cluster.accounts[LIMITED].user_id, cluster.accounts[REVOKED].user_id}
    # Of a killed sync, and of one whose row in runs is in doubt, only that row is left out.
    concerned |= {account.user_id for account in cluster.accounts if account.name in _tried_again(seen)}
    listings = [account.api.state.service.world.listing for account in cluster.accounts[:2]]
    found, compared = differences(lake, one_machine, Concerned(concerned, set(listings[0]) & set(listings[1])))
    return [f"{name}: {what}" for name, what in found.items()], compared


def task_log(cluster: Cluster, seen: Seen, account: str) -> str:
    """What the tries of an account's task have logged."""
    (index,) = (each.index for each in seen.latest if each.account == account)
    folder = cluster.folder / "logs" / "tasks"
    files = folder.glob(f"dag_id=*/run_id=*/task_id=sync/map_index={index}/attempt=*.log")
    return "".join(file.read_text(encoding="utf-8", errors="replace") for file in files)


def _tried_again(seen: Seen) -> set[str]:
    return {*seen.killed, *(each.account for each in seen.latest if each.number > 1)}
