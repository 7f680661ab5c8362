"""What has been decided, in the forms that other tools read; the photos stay where they are.

- imagefolder: a folder for `datasets.load_dataset("imagefolder", data_dir=…)`, one sub-folder per split, each
  with a metadata.jsonl. Pictures without a split are in train. test/cat/1.jpg stays test/cat/1.jpg. The tags
  are one text, as in CSV.
- coco: one JSON file. A label is about a whole picture, so its box is the picture.
- parquet, csv: a table, with the embeddings in Parquet on request.
"""

import json
import shutil
from collections import defaultdict
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from imsearch_core.datasets.layout import Layout
from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.files import atomic_folder, atomic_write
from imsearch_core.labels.tags_csv import tags_cell
from imsearch_core.spreadsheets import to_csv

if TYPE_CHECKING:
    import pandas as pd

_SPLIT_FOLDERS = {"train": "train", "val": "validation", "test": "test"}
_DESCRIBED = ("label", "given_label", "tags", "quality", "split")


class Format(StrEnum):
    """What to export to."""

    IMAGEFOLDER = "imagefolder"
    COCO = "coco"
    PARQUET = "parquet"
    CSV = "csv"


def export(
    frame: "pd.DataFrame", folder: Path, target: Path, format: Format, embeddings: np.ndarray | None = None
) -> None:
    """Write the pictures of `frame` (see `Collection.to_frame`) in `folder` to `target`, whole or not at all.

    `embeddings` float32 [n, d] go into Parquet only. Raises UsageError if `target` will not do or a name
    cannot be written in this format, ImsearchError if `target` cannot be written.
    """
    target = Path(target).expanduser().resolve()
    if target.is_relative_to(folder):
        raise UsageError(
            f"{target} is inside {folder}: choose a folder outside, as the photos stay as they are"
        )
    if target.exists() and (target.is_file() or format is Format.IMAGEFOLDER):
        raise UsageError(f"{target} already exists: choose a new name")
    if embeddings is not None and format is not Format.PARQUET:
        raise UsageError(f"embeddings can be exported to {Format.PARQUET} only")
    rows = frame.astype(object).where(frame.notna(), None).to_dict("records")  # no number is None, as in JSON
    try:
        if format is Format.IMAGEFOLDER:
            _imagefolder(rows, folder, target)
            return
        with atomic_write(target) as temporary:
            if format is Format.PARQUET:
                _parquet(frame, temporary, embeddings)
            elif format is Format.COCO:
                temporary.write_text(json.dumps(_coco(rows)), "utf-8")
            else:
                names = list(frame.columns)
                values = ([_cell(row[name]) for name in names] for row in rows)
                temporary.write_bytes(to_csv(names, values))
    except UnicodeEncodeError as error:
        raise UsageError(f"{error.object!r} has characters that {format} cannot hold") from error
    except OSError as error:
        raise ImsearchError(f"{target} cannot be written: {error}") from error


def _cell(value: Any) -> Any:
    return tags_cell(value) if isinstance(value, tuple) else value


def _imagefolder(rows: Sequence[dict[str, Any]], folder: Path, target: Path) -> None:
    layout = Layout(row["file"].rpartition("/")[0] for row in rows)
    of_split: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in rows:
        members = of_split[_SPLIT_FOLDERS.get(row["split"], "train")]
        name = layout.without_splits(row["file"])
        members[row["file"] if name in members else name] = row
    # `datasets` infers the type of a column in each split, and they must agree: where all values are missing
    # it finds none. So what is missing is an empty text, and a quality that one split lacks is left out.
    judged = all(any(row["quality"] is not None for row in those.values()) for those in of_split.values())
    described = [name for name in _DESCRIBED if judged or name != "quality"]
    with atomic_folder(target) as staging:
        for split, members in of_split.items():
            lines = []
            for name, row in members.items():
                copy = staging / split / name
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(folder / row["file"], copy)
                texts = {column: _cell(row[column]) for column in described}
                texts |= {column: "" for column in texts.keys() - {"quality"} if texts[column] is None}
                lines.append(_line({"file_name": name} | texts))
            (staging / split / "metadata.jsonl").write_text("".join(lines), "utf-8")


def _line(row: dict[str, Any]) -> str:
    """A line of JSON. Raises UnicodeEncodeError for a name that is not text."""
    line = json.dumps(row, ensure_ascii=False) + "\n"
    line.encode()
    return line


def _coco(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    labels = sorted({row["label"] for row in rows} - {None})
    category = {label: number for number, label in enumerate(labels, 1)}
    images, annotations = [], []
    for number, row in enumerate(rows, 1):
        _line(row)
        width, height = row["width"], row["height"]
        image = {"id": number, "file_name": row["file"], "width": width, "height": height}
        images.append(image | {name: row[name] for name in _DESCRIBED})
        if row["label"] is not None:
            annotations.append(
                {
                    "id": len(annotations) + 1,
                    "image_id": number,
                    "category_id": category[row["label"]],
                    "bbox": [0, 0, width, height],
                    "area": width * height,
                    "iscrowd": 0,
                    "segmentation": [],
                }
            )
    categories = [{"id": number, "name": label} for label, number in category.items()]
    return {"images": images, "annotations": annotations, "categories": categories}


def _parquet(frame: "pd.DataFrame", path: Path, embeddings: np.ndarray | None) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.Table.from_pandas(
        frame.assign(tags=[list(tags) for tags in frame["tags"]]), preserve_index=False
    )
    if embeddings is not None:
        flat = pa.array(np.ascontiguousarray(embeddings).ravel())
        table = table.append_column("embedding", pa.FixedSizeListArray.from_arrays(flat, embeddings.shape[1]))
    pq.write_table(table, path)
