"""The pictures that appear while a folder is embedded."""

from types import SimpleNamespace

from imsearch_core.ui.shell import arriving


def test_a_few_pictures_are_shown_at_once_and_half_when_half_of_the_folder_is_embedded(pictures, monkeypatch):
    shown, steps = [], []
    place = SimpleNamespace(html=shown.append, empty=lambda: shown.append(""))
    monkeypatch.setattr(arriving, "_AT_ONCE", 2)
    monkeypatch.setattr(arriving.st, "empty", lambda: place)
    monkeypatch.setattr(arriving, "media_url", lambda webp: f"{len(webp)} bytes")
    with arriving.arriving_pictures(pictures, lambda *step: steps.append(step)) as progress:
        for done in (0, 6, 12):
            progress(done, 12)
    assert [html.count("<img") for html in shown] == [2, 6, 0]
    assert '"0 bytes' not in shown[0]  # each picture could be read
    assert steps == [(0, 12), (6, 12), (12, 12)]
