"""A bucket's files for DuckDB, which asks a file system for the path and size of each file in each query."""

from typing import Any

from sources.stored.folder import Folder


def with_listing(folder: Folder) -> Any:
    """A file system of DuckDB's own that takes paths and sizes from one listing of the dataset.

    That of dlt asks the server about each file every time: a query of `items` in a lake of 60 files sent 6,222
    requests, 6,091 of them for sizes. A file of a lake never changes, so what was listed holds as long as the file is
    there; a file that was not listed is asked for as before. Listings are fsspec's
    (https://filesystem-spec.readthedocs.io/en/latest/features.html#listings-caching), but each look at them waits for
    the thread of its event loop, and DuckDB looks several times a file and query.
    """
    known = folder.fs_client
    options = {**known.storage_options, "use_listings_cache": True, "listings_expiry_time": None}
    listing = type(known)(*known.storage_args, **options, skip_instance_cache=True)
    files = listing.find(folder.dataset_path, detail=True)
    info, size, exists, glob = listing.info, listing.size, listing.exists, listing.glob
    path_of = type(known)._strip_protocol  # noqa: SLF001 (whoever writes a file system defines it)

    def listed_info(path: str, **options: Any) -> Any:
        return files.get(path_of(path)) or info(path, **options)

    def listed_size(path: str) -> Any:
        listed = files.get(path_of(path))
        return size(path) if listed is None else listed["size"]

    def listed_exists(path: str, **options: Any) -> Any:
        return path_of(path) in files or exists(path, **options)

    def listed_glob(path: str, **options: Any) -> Any:
        # A listed path that looks like a pattern is written so that it is not one, and is not found here.
        return [path_of(path)] if path_of(path) in files else glob(path, **options)

    listing.info, listing.size, listing.exists, listing.glob = listed_info, listed_size, listed_exists, listed_glob
    return listing
