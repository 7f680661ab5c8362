"""What a progress bar says."""

from types import SimpleNamespace

import pytest

from imsearch_core.ui.shell import progress


@pytest.mark.parametrize(
    ("counted", "said"),
    [
        (True, "Embedding, once: 1,500 of 4,000 · 150 a second · 17 s left"),
        (False, "Embedding, once: 37 % · 17 s left"),
    ],
)
def test_counts_are_said_where_they_mean_something_and_else_per_cent(monkeypatch, counted, said):
    shown, now = [], [0.0]
    place = SimpleNamespace(progress=lambda share, text: shown.append((share, text)), empty=lambda: None)
    monkeypatch.setattr(progress.st, "empty", lambda: place)
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    with progress.progress_bar("Embedding, once:", "Starting", counted) as tell:
        tell(0, 4000)
        now[0] = 10.0
        tell(1500, 4000)
    assert shown == [(0, "Starting"), (0.375, said)]
