"""A picture's place in word space without any training: ConSE.

M. Norouzi et al., "Zero-Shot Learning by Convex Combination of Semantic Embeddings", 2013
(https://arxiv.org/abs/1312.5650). The classifier says what is in the picture, and the picture's place is
the mean of the vectors of its TOP most probable classes, weighted by their probabilities. TOP is the
paper's; other numbers and temperatures change little (`bench words` measures the whole).

The paper takes a class's vector from its name. Here it is the mean of all phrases that mean the class:
ImageNet calls a sheep "ram" and a motorbike "moped". A phrase that means m classes counts 1/√m, so that
what a class shares with many others does not outweigh what it is.
"""

from functools import lru_cache

import numpy as np

from imsearch_core.encoders import ClassHead
from imsearch_core.encoders.imagenet import ways_to_name
from imsearch_core.vectors.unit import unit
from imsearch_core.words.vectors import WordVectors

TOP = 10


@lru_cache(maxsize=4)
def class_vectors(words: WordVectors, names_only: bool = False) -> np.ndarray:
    """float32 [1000, d]: each ImageNet class's place among `words`, of length 1.

    All zeros for a class that no word of the table means. `names_only` is the paper's way, to compare.
    """
    vectors = np.zeros((len(ways_to_name()), words.dimension), np.float32)
    for vector, ways in zip(vectors, ways_to_name(), strict=True):
        for phrase, shared in ways[:1] if names_only else ways:
            row = words.find(phrase)
            if row is not None:
                vector += words.vectors[row] / np.float32(shared**0.5)
    return unit(vectors)


def closest_class(words: WordVectors, texts: np.ndarray) -> np.ndarray:
    """float32 [...]: how close an ImageNet class's place comes to each of `texts` float32 [..., d]."""
    return (texts @ class_vectors(words).T).max(axis=-1)


def conse(embeddings: np.ndarray, head: ClassHead, classes: np.ndarray) -> np.ndarray:
    """float32 [n, d]: the places, of length 1, of pictures with `embeddings` float32 [n, e].

    `classes` float32 [1000, d] are `class_vectors(words)`.
    """
    logits = head.logits(embeddings)
    top = np.argpartition(-logits, TOP - 1, axis=1)[:, :TOP]
    best = np.take_along_axis(logits, top, axis=1)
    weights = np.exp(best - best.max(axis=1, keepdims=True))
    return unit(np.einsum("nt,ntd->nd", weights, classes[top]))
