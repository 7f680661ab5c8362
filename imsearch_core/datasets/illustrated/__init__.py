"""A drawn picture collection: scenes painted by code, each with the truth about what is in it.

`plan` decides what each picture shows, `scene` composes and paints it, `make` draws the whole set. What
stands in a scene comes from `classes`, built on `forms`; what is behind it from `places`. Both are drawn
with `toolkit`, and turned into pictures by `pixels`.
"""

from imsearch_core.datasets.illustrated.make import DrawnSet, draw_dataset, is_drawn
from imsearch_core.datasets.illustrated.plan import OPENING_QUERY

__all__ = ["OPENING_QUERY", "DrawnSet", "draw_dataset", "is_drawn"]
