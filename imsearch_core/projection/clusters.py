"""Groups of pictures that lie together on a map, coarse and fine, each named by labels and by looks.

HDBSCAN (Campello, Moulavi and Sander, 2013) as scikit-learn has it: for the few thousand points of a map it
takes well under a second and finds what fast-hdbscan finds, which would bring Numba along. The points of the
map are grouped, not the embeddings: those of 681 photos in 20 classes fall into 2 or 3 groups, or into 32
that leave out half of them; and what lies together on the map should share a name.
"""

import json
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from imsearch_core.encoders import ClassHead
from imsearch_core.encoders.imagenet import imagenet_classes, meant_by, phrase_key, probabilities
from imsearch_core.files import read_arrays, write_arrays
from imsearch_core.index import Contents
from imsearch_core.projection.base import Projection

SHARES = (1 / 16, 1 / 40, 1 / 100)
"""Of all points, how many a group has at least; coarse, middle and fine."""
FEWEST = 5  # points in a group
_DENSE = 3  # neighbours that a point's density is measured by
_MOST = 0.6  # of a group's labels are one: the group has its name
_MANY = 0.2  # of a group's labels are one: it takes part in the name
_FORMAT = 1  # raise it when groups or looks would come out differently


@dataclass(frozen=True)
class Clusters:
    """The groups of a map at each of SHARES."""

    of_point: np.ndarray
    """int16 [3, m]: the group of each point; -1 if it lies between groups."""
    looks: tuple[tuple[str, ...], ...]
    """For each of the three, what the pictures of each group look like: the ImageNet class that sets the
    group apart most; empty if the encoder knows no classes."""

    def names(self, labels: Sequence[str | None]) -> list[list[str]]:
        """The groups' names by the `labels` of the m points, and by looks where labels leave a choice."""
        named = []
        for of_point, looks in zip(self.of_point, self.looks, strict=True):
            by_group: list[Counter[str]] = [Counter() for _ in looks]
            for group, label in zip(of_point.tolist(), labels, strict=True):
                if group >= 0:
                    by_group[group][label or ""] += 1
            by_label = [_by_label(counts) for counts in by_group]
            different = Counter(called for called, _ in {*zip(by_label, looks, strict=True)})
            named.append(
                [
                    _name(called, look, different[called] > 1)
                    for called, look in zip(by_label, looks, strict=True)
                ]
            )
        return named


def clusters_of(points: np.ndarray) -> np.ndarray:
    """int16 [3, m]: the group of each of `points` float32 [m, 2] at each of SHARES; -1 between groups."""
    from sklearn.cluster import HDBSCAN

    found = np.full((len(SHARES), len(points)), -1, np.int16)
    for groups, share in zip(found, SHARES, strict=True):
        smallest = max(FEWEST, round(share * len(points)))
        if len(points) >= 2 * smallest:  # else there is but one group
            hdbscan = HDBSCAN(
                min_cluster_size=smallest, min_samples=_DENSE, cluster_selection_method="leaf", copy=True
            )
            groups[:] = hdbscan.fit_predict(points.astype(np.float64))
    return found


def looks_of(of_point: np.ndarray, rows: np.ndarray, head: ClassHead) -> list[str]:
    """The ImageNet class that sets each group apart: probable in it, and more so than elsewhere.

    `of_point` int16 [m] as in `Clusters`; `rows` float32 [m, d] are the embeddings.
    """
    probable = probabilities(head.logits(rows))
    everywhere, names = probable.mean(axis=0), imagenet_classes()
    looks = []
    for group in range(of_point.max(initial=-1) + 1):
        here = probable[of_point == group].mean(axis=0)
        looks.append(names[int(np.argmax(here * np.log(here / everywhere)))].name)
    return looks


def map_clusters(made: Projection, contents: Contents, head: ClassHead | None) -> Clusters:
    """The clusters of the neighbour map `made` of a collection: kept beside its embeddings, else computed.

    Without a `head` groups have no looks.
    """
    path = contents.cache / "neighbour-map-clusters.npz"
    manifest = json.dumps([_FORMAT, contents.version, len(made.items), head is not None, *SHARES])
    saved = read_arrays(path)
    if saved.keys() == {"manifest", "of_point", "looks"} and str(saved["manifest"]) == manifest:
        return Clusters(saved["of_point"], tuple(map(tuple, json.loads(str(saved["looks"])))))
    of_point = clusters_of(made.points)
    rows = contents.embeddings.rows(made.items)
    looks = [
        looks_of(groups, rows, head) if head else [""] * (groups.max(initial=-1) + 1) for groups in of_point
    ]
    with suppress(OSError):  # nowhere to keep them: they are computed again
        write_arrays(path, manifest=manifest, of_point=of_point, looks=json.dumps(looks))
    return Clusters(of_point, tuple(map(tuple, looks)))


def _by_label(counts: Counter[str]) -> tuple[str, ...]:
    """("cat",), or for a mixed group ("car", "train"); none if no label is frequent."""
    total = counts.total()
    (first, most), *_ = counts.most_common(1)
    if most >= _MOST * total:
        return (first,) if first else ()
    return tuple(name for name, count in counts.most_common(3) if name and count >= _MANY * total)


def _name(labels: tuple[str, ...], look: str, leaves_a_choice: bool) -> str:
    """The labels, with the look where they leave a choice and it is one of their kinds: "cat · tabby".

    "horse · moped" would say less than "horse": nobody has filed a moped there.
    """
    name = ", ".join(labels)
    kinds = {kind for label in labels for kind in meant_by(label).values()}
    telling = not name or (leaves_a_choice and look in kinds and phrase_key(name) != phrase_key(look))
    return " · ".join(filter(None, [name, look])) if telling else name
