"""Why two pictures are similar: the ImageNet classes that both show."""

import numpy as np

from imsearch_core.encoders import ClassHead
from imsearch_core.encoders.imagenet import ImageNetClass, imagenet_classes


def shared_classes(
    first: np.ndarray, second: np.ndarray, head: ClassHead, k: int = 5
) -> list[tuple[ImageNetClass, float]]:
    """The `k` classes that contribute most to the cosine of two embeddings float32 [d].

    What two embeddings a and b of length 1 share is the vector g with g_i = √(a_i·b_i) where both have
    the same sign, else 0: for embeddings after a ReLU its squared length is their cosine. A class's
    contribution is how far g speaks for it more than for the average class: g·(w_c − mean of all w).
    Returns classes with the share of all positive contributions that each makes, largest first.
    """
    lengths = np.linalg.norm(first) * np.linalg.norm(second)
    products = first * second / lengths if lengths > 0 else np.zeros_like(first)
    shared = np.sign(first) * np.sqrt(np.maximum(products, 0))
    contributions = np.maximum(shared @ (head.weights - head.weights.mean(axis=1, keepdims=True)), 0)
    total = contributions.sum()
    if total == 0:
        return []
    best = np.argsort(-contributions, kind="stable")[:k]
    return [(imagenet_classes()[i], float(contributions[i] / total)) for i in best]
