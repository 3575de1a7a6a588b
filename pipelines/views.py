"""Creates the views: in the database, or as `views.sql` beside the files."""

import dlt

from pipelines.destinations.lake import class_behind


def create_views(pipeline: dlt.Pipeline) -> None:
    """Creates the views over what a pipeline has loaded, which may be anybody's pipeline; idempotent.

    Raises:
        DestinationError: a view cannot be made.
    """
    with pipeline.destination_client() as client:
        class_behind(client).make_views(client)
