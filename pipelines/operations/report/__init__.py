"""`playlake report`: a lake as one HTML file that needs neither a server nor the network."""

from pipelines.operations.report.page import write_report

__all__ = ["write_report"]
