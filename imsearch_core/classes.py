"""The 1000 ImageNet classes: finding one by name, WordNet id or index, and naming predictions.

Source: the ILSVRC 2012 class list in Keras's order (data/imagenet_class_index.json).
"""

import difflib
import json
import re
from dataclasses import dataclass
from functools import cache

import numpy as np

from imsearch_core.errors import UsageError
from imsearch_core.files import SHIPPED


@dataclass(frozen=True)
class ImageNetClass:
    """One class: its index 0-999, WordNet id such as n02123597, and name such as "Siamese cat"."""

    index: int
    wnid: str
    name: str


@dataclass(frozen=True)
class Prediction(ImageNetClass):
    """A class that a classifier sees in a picture, with its softmax probability."""

    probability: float


@cache
def imagenet_classes() -> tuple[ImageNetClass, ...]:
    """All 1000 classes, in index order."""
    table = json.loads((SHIPPED / "imagenet_class_index.json").read_text("utf-8"))
    return tuple(
        ImageNetClass(index, wnid, name.replace("_", " "))
        for index, (wnid, name) in sorted((int(key), value) for key, value in table.items())
    )


@cache
def imagenet_indices(label: str) -> tuple[int, ...]:
    """The ImageNet classes that show one of the 20 Pascal classes, such as 281-285 for "cat".

    Empty for "person", which ImageNet lacks, and for labels that are none of the 20.
    """
    table = json.loads((SHIPPED / "imagenet_of_class.json").read_text("utf-8"))
    ranges = ([int(end) for end in span.split("-")] for span in table.get(label, ()))
    return tuple(index for span in ranges for index in range(span[0], span[-1] + 1))


def find_class(query: int | str) -> ImageNetClass:
    """The class with this index, WordNet id or name (case, hyphens and underscores aside).

    Raises UsageError, with close names, when there is none or the name means several classes.
    """
    classes = imagenet_classes()
    text = str(query).strip()
    if re.fullmatch(r"-?\d{1,9}", text):
        if not 0 <= int(text) < len(classes):
            raise UsageError(f"ImageNet class {text} does not exist: indices go from 0 to {len(classes) - 1}")
        return classes[int(text)]
    found = [c for c in classes if text.lower() == c.wnid or _plain(text) == _plain(c.name)]
    if len(found) == 1:
        return found[0]
    if found:
        choices = ", ".join(f"{c.index} ({c.wnid})" for c in found)
        raise UsageError(f"{text!r} names {len(found)} ImageNet classes: give one of the numbers {choices}")
    near = ", ".join(f"{c.name} ({c.index})" for c in search_classes(text)[:5])
    raise UsageError(f"no ImageNet class is called {text!r}" + (f": did you mean {near}?" if near else ""))


def search_classes(text: str) -> list[ImageNetClass]:
    """Classes whose name, WordNet id or index contains `text`; failing that, close spellings."""
    plain = _plain(text)
    if not plain:
        return []
    classes = imagenet_classes()
    found = [c for c in classes if plain in (c.wnid, str(c.index)) or plain in _plain(c.name)]
    if found:
        return sorted(found, key=lambda c: (plain not in _plain(c.name).split(), c.index))
    by_name = {_plain(c.name): c for c in classes}
    by_word = {word: c for c in classes for word in _plain(c.name).split()}
    names = difflib.get_close_matches(plain, by_name, n=5) or difflib.get_close_matches(plain, by_word, n=5)
    return [by_name.get(name) or by_word[name] for name in names]


def top_classes(logits: np.ndarray, k: int) -> list[Prediction]:
    """The `k` most probable classes for one image's `logits` (float [1000]), best first."""
    shifted = np.exp(logits - logits.max())
    probabilities = shifted / shifted.sum()
    best = np.argsort(-probabilities, kind="stable")[:k]
    classes = imagenet_classes()
    return [
        Prediction(c.index, c.wnid, c.name, float(probabilities[c.index])) for c in (classes[i] for i in best)
    ]


def _plain(name: str) -> str:
    return " ".join(re.findall(r"\w+", name.replace("_", " ").replace("'", "").lower()))
