"""A lake as a page to look at: one HTML file that needs neither a server nor the network."""

from pipelines.report.page import write_report

__all__ = ["write_report"]
