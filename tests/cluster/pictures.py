"""Pictures of Airflow's screen after the scenario: all accounts, and why one of them failed."""

from typing import Any
from urllib.parse import quote

from tests.browser.chromium import chromium
from tests.browser.pictures import take
from tests.cluster.airflow import DAG
from tests.cluster.cluster import Cluster
from tests.cluster.expectations import WHY
from tests.cluster.scenario import REVOKED, Seen

PATIENCE = 60.0
"""Seconds that a page may take."""


def take_pictures(cluster: Cluster, seen: Seen) -> None:
    """Saves what Airflow shows of the tasks of a run, and of the account whose consent was revoked."""
    task = f"{cluster.airflow.address}/dags/{DAG}/runs/{quote(seen.run_id)}/tasks/sync/mapped"
    last, revoked = cluster.accounts[-1].name, cluster.accounts[REVOKED].name
    (index,) = (each.index for each in seen.latest if each.account == revoked)
    with chromium(cluster.folder / "browser") as driver:
        driver.get(task)
        _wait_for(driver, last)
        take(driver, "airflow-accounts.png", (1180, 800))
        driver.get(f"{task}/{index}?try_number=1")
        _wait_for(driver, WHY)
        # Long lines are wrapped, and the traceback, which names folders of this machine, is folded.
        driver.find_element("tag name", "body").send_keys("w")
        driver.execute_script("document.querySelector('summary[data-testid^=summary-Airflow]').click()")
        take(driver, "airflow-reason.png", (1180, 600))


def _wait_for(driver: Any, text: str) -> None:
    from selenium.webdriver.support.ui import WebDriverWait

    WebDriverWait(driver, PATIENCE).until(lambda found: text in found.page_source)
