"""For Airflow's setting `hostname_callable`: the name of a machine, where one machine stands for several."""

import os


def machine_name() -> str:
    """What `MACHINE_NAME` says."""
    return os.environ.get("MACHINE_NAME", "controller")
