"""Names of dlt's pipelines: one for each lake, and readable."""

import hashlib
import re


def pipeline_name(destination: str, place: str, dataset: str, called: str) -> str:
    """Words for people, and a hash of destination, place and dataset: `playlake_duckdb_music_spotify_1a2b3c4d`.

    Args:
        destination: the name of the destination.
        place: where it is, in one spelling.
        dataset: the schema or folder.
        called: what people call the place; empty for destinations without a path.
    """
    mark = hashlib.sha256(f"{destination} {place} {dataset}".encode()).hexdigest()[:8]
    words = re.findall(r"[a-z0-9]+", f"{destination} {called} {dataset}".lower())
    return f"playlake_{'_'.join(words)[:40].rstrip('_')}_{mark}"
