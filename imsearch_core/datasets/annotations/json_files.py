"""JSON that says what pictures show, as COCO and labelling tools keep it."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import PurePosixPath

from imsearch_core.datasets.annotations.coco import coco_source, is_coco
from imsearch_core.datasets.annotations.fiftyone import fiftyone_source, is_fiftyone
from imsearch_core.datasets.annotations.label_studio import is_label_studio, label_studio_source
from imsearch_core.datasets.annotations.labelme import is_labelme, labelme_source
from imsearch_core.datasets.annotations.pages import PicturesByName, Source, among_annotations

_CALLED_SO = ("annotations", "instances", "captions", "coco")
# Many programs' files; the last two are Label Studio's.
_MAYBE = re.compile(r".*labels.*|lvis.*|result|project-\d+-at-.*")
_STRANGERS = 3
_KINDS = (
    ("LabelMe", is_labelme, labelme_source),
    ("Label Studio's", is_label_studio, label_studio_source),
    ("FiftyOne's", is_fiftyone, fiftyone_source),
    ("COCO", is_coco, coco_source),
)


def json_sources(pictures: PicturesByName, files: Sequence[str], notes: list[str]) -> Iterable[Source]:
    """The annotations in JSON; adds to `notes` which files are passed over, and why.

    Next to a picture, most JSON is by programs that say other things about it: of a folder in which the first
    few are not LabelMe's, no other is looked at.
    """
    sources: dict[str, Source] = {}
    of_others: Counter[PurePosixPath] = Counter()
    for file in files:
        path = PurePosixPath(file)
        if path.suffix.lower() != ".json":
            continue
        called_so = among_annotations(file) or any(name in path.stem.lower() for name in _CALLED_SO)
        maybe = called_so or _MAYBE.fullmatch(path.stem.lower())
        if not maybe and (of_others[path.parent] == _STRANGERS or not pictures.called_like(file)):
            continue
        try:
            content = json.loads((pictures.folder / file).read_bytes())
        except (OSError, ValueError, RecursionError) as error:
            if called_so:
                raise pictures.error(file, f"it is not JSON: {error}") from error
            if maybe:
                notes.append(f"{file} is passed over: it is not JSON")
            of_others[path.parent] += not maybe
            continue
        title, read = next(((title, read) for title, is_it, read in _KINDS if is_it(content)), ("", None))
        if read and (maybe or read is labelme_source):
            try:
                source = read(pictures, file, content)
            except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
                raise pictures.error(file, f"it is not {title}: {error!r}") from error
            sources.setdefault(source.title, replace(source, pages=[])).pages.extend(source.pages)
        elif maybe:
            nameless = isinstance(content, dict) and isinstance(content.get("images"), list)
            reason = "it names no categories" if nameless else "it is not COCO, as it has no images"
            notes.append(f"{file} is passed over: {reason}")
        else:
            of_others[path.parent] += 1
    return sources.values()
