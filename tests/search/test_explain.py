"""The classes that two pictures share."""

import numpy as np
import pytest

from imsearch_core.encoders import ClassHead
from imsearch_core.search.explain import shared_classes

HEAD = ClassHead(np.eye(16, 1000, dtype=np.float32), np.zeros(1000, np.float32))


def test_the_class_whose_features_both_have_contributes_most():
    first, second = np.zeros((2, 16), np.float32)
    first[[3, 5, 7]] = 1, 1, 0.2
    second[[3, 7, 9]] = 1, 1, 1
    found = shared_classes(first, second, HEAD, k=3)
    assert [c.index for c, _ in found[:2]] == [3, 7]
    shares = [share for _, share in found]
    assert shares == sorted(shares, reverse=True)
    assert sum(share for _, share in shared_classes(first, second, HEAD, k=1000)) == pytest.approx(
        1, abs=1e-5
    )


def test_pictures_that_share_nothing_share_no_class():
    assert shared_classes(np.eye(16)[0], np.eye(16)[1], HEAD) == []
    assert shared_classes(np.zeros(16), np.eye(16)[1], HEAD) == []
