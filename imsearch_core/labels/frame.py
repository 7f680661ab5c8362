"""All that is known of a collection's pictures as a table, for notebooks and for export."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from imsearch_core.datasets import Item
from imsearch_core.labels.ranking import JudgedLabel

if TYPE_CHECKING:
    import pandas as pd

    from imsearch_core.projection import Projection


def frame_of(
    items: Sequence[Item],
    shown: Mapping[str, str | None],
    tags: Mapping[str, Sequence[str]],
    judged: Sequence[JudgedLabel],
    signatures: np.ndarray,
    placed: "Projection",
) -> "pd.DataFrame":
    """A row for each item, in their order.

    Columns: file, label (the one `shown`), given_label, tags, split; quality (0 to 1) and suggestion, which
    judge the given label; width and height in pixels; x and y on the map, 0 to 1.
    `signatures` are a SIGNATURE [n] (see `imsearch_core.pictures.signature`).
    """
    import pandas as pd

    of_file = {one.file: one for one in judged}
    points = np.full((len(items), 2), np.nan)
    points[placed.items] = placed.points
    texts = {
        "file": [item.file for item in items],
        "label": [shown[item.file] for item in items],
        "given_label": [item.given_label for item in items],
        "tags": [tags.get(item.file, ()) for item in items],
        "split": [item.split for item in items],
    }
    return pd.DataFrame(
        {
            **{name: pd.Series(values, dtype=object) for name, values in texts.items()},
            "quality": pd.Series([of_file[item.file].quality for item in items], dtype=float),
            "suggestion": pd.Series([of_file[item.file].suggested for item in items], dtype=object),
            "width": signatures["width"].astype(np.int64),
            "height": signatures["height"].astype(np.int64),
            "x": points[:, 0],
            "y": points[:, 1],
        }
    )
