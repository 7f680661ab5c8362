"""One HTML file about a collection, which opens anywhere: what is in it, what is doubtful, a search."""

from imsearch_core.report.page import make_report

__all__ = ["make_report"]
