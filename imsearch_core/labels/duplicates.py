"""Near-duplicates: groups of pictures that are copies of each other."""

import numpy as np

THRESHOLD = 0.95
_BLOCK_BYTES = 1 << 26


def duplicate_groups(unit: np.ndarray, threshold: float = THRESHOLD) -> tuple[tuple[int, ...], ...]:
    """Groups of rows of `unit` float32 [n, d] linked by a cosine of at least `threshold`."""
    parent = list(range(len(unit)))

    def root(i: int) -> int:
        while parent[i] != i:
            parent[i] = parent[parent[i]]
            i = parent[i]
        return i

    step = max(1, _BLOCK_BYTES // (4 * max(len(unit), 1)))
    for start in range(0, len(unit), step):
        block = unit[start : start + step] @ unit[start:].T
        for i, j in zip(*np.nonzero(block >= threshold), strict=True):
            if j > i:
                parent[root(start + j)] = root(start + i)
    members: dict[int, list[int]] = {}
    for i in range(len(unit)):
        members.setdefault(root(i), []).append(i)
    return tuple(tuple(group) for group in members.values() if len(group) > 1)
