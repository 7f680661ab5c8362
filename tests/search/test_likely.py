"""Likely pictures stand out from what is merely nearest, in any encoder's range of cosines."""

import numpy as np
import pytest

from imsearch_core.search.likely import calibrate, kept_calibration, unrelated_phrases
from imsearch_core.words.vectors import load_words


def made_up(shown: int = 0):
    """300 pictures and 160 phrases, of which the pictures show the first `shown`; the cosines of each."""
    rng = np.random.default_rng(0)
    cosines = rng.normal(0.2, 0.02, (160, 300)).astype(np.float32)
    cosines[:, 7] += 0.3  # close to every text
    cosines[range(shown), range(20, 20 + shown)] += 0.2
    return cosines


def calibrated(cosines: np.ndarray):
    return calibrate(lambda vector: cosines[int(vector[0])], np.arange(len(cosines))[:, None])


def other(seed: int) -> np.ndarray:
    cosines = np.random.default_rng(1000 + seed).normal(0.2, 0.02, 300).astype(np.float32)
    cosines[7] += 0.3
    return cosines


@pytest.mark.parametrize("shown", [0, 50], ids=["strange", "familiar"])
def test_few_unrelated_texts_have_a_likely_picture_even_if_the_bank_is_familiar(shown):
    found = calibrated(made_up(shown))
    assert np.mean([found.likely(other(seed)).any() for seed in range(100)]) <= 0.1


@pytest.mark.parametrize("shown", [0, 50], ids=["strange", "familiar"])
def test_the_picture_that_shows_the_text_is_likely_and_the_one_close_to_all_texts_is_not(shown):
    cosines = other(1)
    cosines[100] += 0.2
    assert cosines.argmax() == 7
    assert np.flatnonzero(calibrated(made_up(shown)).likely(cosines)).tolist() == [100]


@pytest.mark.parametrize(("scale", "shift"), [(0.1, 0.0), (3, -0.4)])
def test_an_encoder_with_another_range_of_cosines_judges_alike(scale, shift):
    cosines = made_up()
    asked = other(2)
    asked[100] += 0.2
    usual = calibrated(cosines).standing(asked)
    moved = calibrated(cosines * np.float32(scale) + np.float32(shift)).standing(asked * scale + shift)
    np.testing.assert_allclose(moved, usual, atol=1e-2)


def test_where_one_picture_stands_out_far_others_that_do_so_much_less_are_not_likely():
    cosines = other(1)
    cosines[100] += 0.2
    assert calibrated(made_up()).likely(cosines)[100]
    cosines[200] += 0.4
    assert np.flatnonzero(calibrated(made_up()).likely(cosines)).tolist() == [200]


@pytest.fixture
def with_closest():
    """A calibration that knows that something comes as close as 0.3 to each phrase of the bank."""
    cosines = made_up()
    cosines[:, 7] -= 0.3
    bank = np.arange(len(cosines))[:, None]
    return calibrate(lambda vector: cosines[int(vector[0])], bank, np.full(len(bank), 0.3, np.float32))


def test_a_picture_far_from_what_comes_closest_to_the_text_is_less_likely(with_closest):
    asked = np.full(300, 0.2, np.float32)
    asked[[100, 200]] = 0.33, 0.29
    assert np.flatnonzero(with_closest.likely(asked, 0.3)).tolist() == [100, 200]
    assert np.flatnonzero(with_closest.likely(asked, 0.5)).tolist() == [100]
    assert not with_closest.likely(asked, 0.9).any()


@pytest.mark.parametrize("closest", [0.01, 0, -0.1])
def test_that_nothing_comes_close_to_a_text_makes_no_picture_likely(with_closest, closest):
    assert not with_closest.likely(np.full(300, 0.2, np.float32), closest).any()


def test_the_word_table_knows_a_word_of_every_phrase_of_the_bank():
    words = load_words()
    assert len(unrelated_phrases()) == len(set(unrelated_phrases())) > 150
    for phrase in unrelated_phrases():
        assert words.meaning(phrase).plus


@pytest.fixture
def kept(tmp_path):
    """Calibrates and keeps it in one file; says how many cosines were asked for."""
    cosines, bank = made_up(), np.arange(160, dtype=np.float32)[:, None]

    def calibrated(made_by: str = "these", bank: np.ndarray = bank):
        asked = []
        found = kept_calibration(
            tmp_path / "likely.npz", made_by, lambda v: asked.append(v) or cosines[int(v[0])], bank
        )
        return found, len(asked)

    return calibrated


def test_a_calibration_is_kept_and_read_again(kept):
    (first, asked), (again, asked_again) = kept(), kept()
    assert (asked > 0, asked_again) == (True, 0)
    assert again.least == first.least
    np.testing.assert_array_equal(again.likely(other(3)), first.likely(other(3)))


def test_other_embeddings_another_bank_or_a_damaged_file_are_calibrated_anew(kept, tmp_path):
    kept()
    assert kept("those")[1] > 0
    assert kept("those", np.arange(150, dtype=np.float32)[:, None])[1] > 0
    (tmp_path / "likely.npz").write_bytes((tmp_path / "likely.npz").read_bytes()[:-100])
    assert kept("those", np.arange(150, dtype=np.float32)[:, None])[1] > 0
