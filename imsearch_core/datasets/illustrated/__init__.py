"""A drawn picture collection: scenes painted by code, each with the truth about what is in it."""

from imsearch_core.datasets.illustrated.make import DrawnSet, draw_dataset, is_drawn
from imsearch_core.datasets.illustrated.plan import OPENING_QUERY

__all__ = ["OPENING_QUERY", "DrawnSet", "draw_dataset", "is_drawn"]
