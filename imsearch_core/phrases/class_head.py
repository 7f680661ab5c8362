"""The 1000 ImageNet classes for encoders that were not trained on them, from texts that name the classes.

A class's column is the mean embedding t of TEMPLATES with its name filled in, as in Radford et al. 2021,
"Learning transferable visual models from natural language supervision" (https://arxiv.org/abs/2103.00020).
The columns of the head are

    SCALE · (t − t̄) / ℓ

where t̄ is what all texts have in common (`TextTower.common`) and ℓ is the mean length of the collection's
embeddings. This gives all that reads a class head what it needs, although such embeddings have both signs
and their own scale:

- **classify**: x·w is SCALE times the cosine, as CLIP's own logits are, but for a constant that is the same
  for all classes and so leaves the softmax as it is.
- **focus**: the evidence x·w says how much better a picture fits the class than it fits texts in general;
  without centring, pictures that are close to every text would be taken for evidence of every class. A phrase
  gets a column of the same kind, so it means the same at the same strength.
- **reweigh**: it stretches each channel by |w|. All texts share a few large channels: without centring, those
  would lead for every class, and all classes would reweigh alike.
"""

import threading
from collections.abc import Sequence

import numpy as np

from imsearch_core.encoders import DEFAULT_ENCODER, ClassHead, Preset
from imsearch_core.encoders.imagenet import find_class, imagenet_classes
from imsearch_core.errors import UsageError
from imsearch_core.phrases.tower import TextTower
from imsearch_core.progress import Progress, silent
from imsearch_core.search.ranking import Phrase
from imsearch_core.vectors.embeddings import Embeddings
from imsearch_core.vectors.unit import unit

SCALE = 100.0
"""CLIP's, which its training drives to this limit."""
TEMPLATES = ("a photo of a {}", "a drawing of a {}")


class NoClassHead(UsageError):
    """The encoder knows neither classes nor words."""

    def __init__(self, encoder: Preset) -> None:
        super().__init__(f"{encoder.without_words}. For these, choose the encoder {DEFAULT_ENCODER}")


class Classes:
    """The class head of one collection: its encoder's own, else one from texts. Threads may share it."""

    def __init__(
        self, encoder: Preset, own: ClassHead | None, tower: TextTower | None, embeddings: Embeddings
    ) -> None:
        self._encoder = encoder
        self._tower = tower
        self._embeddings = embeddings
        self._head = own
        self._lock = threading.Lock()

    @property
    def available(self) -> bool:
        """Whether the encoder knows classes or words at all."""
        return self._head is not None or self._tower is not None

    @property
    def ready(self) -> bool:
        """Whether `head` returns at once."""
        return self._head is not None or (self._tower is not None and self._tower.are_kept(class_texts()))

    def head(self, progress: Progress = silent) -> ClassHead:
        """The head; from texts, computed when first needed and kept for every later collection.

        `progress` counts texts meanwhile. Raises NoClassHead for an encoder without head or text tower.
        """
        with self._lock:
            if self._head is None:
                if self._tower is None:
                    raise NoClassHead(self._encoder)
                names = named(self._tower, _class_names(), progress)
                weights = np.ascontiguousarray(self._column(names).T)
                self._head = ClassHead(weights, np.zeros(len(names), np.float32))
            return self._head

    def target(self, text: int | str | None) -> int | str | Phrase | None:
        """What a search is conditioned on: with a text tower, a text that names no class is a phrase."""
        if self._tower is None or not isinstance(text, str):
            return text
        if not text.strip():
            raise UsageError("the text to focus on is empty: name a class or describe what to look for")
        try:
            return find_class(text).index
        except UsageError:
            return Phrase(text.strip(), self._column(self._tower.embed(text.strip())))

    def sought(self, text: int | str) -> int | str | Phrase:
        """What to look for in a picture: with a text tower always a phrase, a class being its two texts.

        Raises NoClassHead for an encoder without head or text tower.
        """
        if not self.available:
            raise NoClassHead(self._encoder)
        target = self.target(text)
        if self._tower is None or isinstance(target, Phrase):
            return target
        name = find_class(target).name
        (texts,) = named(self._tower, [name])
        return Phrase(name, self._column(texts))

    def _column(self, texts: np.ndarray) -> np.ndarray:
        """float32 [..., d]: columns of a class head for texts float32 [..., d] of length 1; see above."""
        length = float(self._embeddings.norms.mean())
        return (SCALE / max(length, 1e-12)) * (texts - self._tower.common)


def class_texts() -> tuple[str, ...]:
    """What is embedded for the head."""
    return _in_templates(_class_names())


def named(tower: TextTower, names: Sequence[str], progress: Progress = silent) -> np.ndarray:
    """float32 [n, d], each of length 1: the mean over the templates of each name."""
    rows = tower.kept(_in_templates(names), progress)
    return unit(rows.reshape(-1, len(TEMPLATES), rows.shape[1]).mean(axis=1))


def _class_names() -> list[str]:
    return [each.name for each in imagenet_classes()]


def _in_templates(names: Sequence[str]) -> tuple[str, ...]:
    """Every template for the first name, then for the second, and so on."""
    return tuple(template.format(name) for name in names for template in TEMPLATES)
