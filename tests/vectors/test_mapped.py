"""Files that another program cuts short while they are open."""

import os

import numpy as np
import pytest

from imsearch_core.errors import ImsearchError
from imsearch_core.vectors.embeddings import Embeddings


@pytest.fixture
def mapped(tmp_path):
    rows = np.random.default_rng(0).random((4000, 8), np.float32)
    rows.tofile(tmp_path / "rows.f32")
    return np.memmap(tmp_path / "rows.f32", np.float32, "r", shape=rows.shape)


@pytest.mark.parametrize("read", ["dot", "norms", "row", "int8"])
def test_a_file_cut_short_is_named_and_does_not_end_the_process(mapped, read):
    embeddings = Embeddings(mapped, np.arange(4000))
    assert embeddings.are_whole
    os.truncate(mapped.filename, 100)
    assert not embeddings.are_whole
    with pytest.raises(ImsearchError, match=r"rows\.f32 was cut short"):
        {
            "dot": lambda: embeddings.dot(np.ones(8, np.float32)),
            "norms": lambda: embeddings.norms,
            "row": lambda: embeddings[3999],
            "int8": lambda: embeddings.at_precision("int8"),
        }[read]()


def test_a_file_that_was_replaced_or_deleted_is_read_on(mapped):
    embeddings = Embeddings(mapped, np.arange(4000))
    expected = np.array(embeddings[3999])
    os.unlink(mapped.filename)
    assert np.array_equal(embeddings[3999], expected)
    open(mapped.filename, "wb").close()
    assert np.array_equal(embeddings[3999], expected)
