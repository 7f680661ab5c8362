"""Where an encoder sees what a direction of its space stands for, found by hiding parts of the picture.

Occlusion sensitivity (Zeiler and Fergus 2014, "Visualizing and understanding convolutional networks",
https://arxiv.org/abs/1311.2901): what is lost when a part is hidden is the evidence in it. It needs nothing
of an encoder but its embeddings, and so works with any graph, of any family; the price is EMBEDDINGS of them
for each picture.
"""

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from imsearch_core.encoders.base import Encoder

CELLS = 8  # rows, and columns, of the grid of evidence
_HIDDEN = 2  # rows and columns of cells that are hidden at a time
_PLACES = CELLS - _HIDDEN + 1
EMBEDDINGS = 1 + _PLACES**2
_BATCH = 10


def occlusion_map(encoder: Encoder, square: np.ndarray, direction: np.ndarray) -> np.ndarray:
    """float32 [CELLS, CELLS]: the evidence in each part of a square uint8 [crop, crop, 3].

    The evidence of an embedding is its dot product, at length 1, with `direction` float32 [d]. That of a cell
    is what is lost on average when a patch that covers it gets the mean colour of the picture.
    """
    edges = np.linspace(0, len(square), CELLS + 1).round().astype(int)
    places = [(row, column) for row in range(_PLACES) for column in range(_PLACES)]
    pictures = np.repeat(square[None], EMBEDDINGS, axis=0)
    for picture, (row, column) in zip(pictures[1:], places, strict=True):
        top, bottom, left, right = edges[[row, row + _HIDDEN, column, column + _HIDDEN]]
        picture[top:bottom, left:right] = square.mean(axis=(0, 1)).round()
    batches = [pictures[first : first + _BATCH] for first in range(0, EMBEDDINGS, _BATCH)]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        embeddings = np.concatenate(list(pool.map(encoder.embed, batches)))
    lengths = np.maximum(np.linalg.norm(embeddings, axis=1), 1e-12)
    whole, *hidden = embeddings @ direction / lengths
    lost, covered = np.zeros((CELLS, CELLS)), np.zeros((CELLS, CELLS))
    for evidence, (row, column) in zip(hidden, places, strict=True):
        cells = np.s_[row : row + _HIDDEN, column : column + _HIDDEN]
        lost[cells] += whole - evidence
        covered[cells] += 1
    return (lost / covered).astype(np.float32)
