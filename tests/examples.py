"""How many examples the slow property tests try."""

import os


def examples(many: int) -> int:
    """So many in the long run, where PLAYLAKE_LONG is set, and a fifth of them in the quick one."""
    return many if os.environ.get("PLAYLAKE_LONG") else many // 5
