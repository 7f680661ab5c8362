"""What is embedded of a folder can be seen before the rest is."""

import shutil
import threading
from types import SimpleNamespace

from streamlit.testing.v1 import AppTest

from imsearch_core.ui.shell import open_collections, so_far
from imsearch_core.ui.shell.so_far import SoFar
from tests.colour_encoder import open_colours


def test_what_is_embedded_is_opened_anew_whenever_there_is_twice_as_much():
    run, openings = SimpleNamespace(step=None), []

    def open_stored() -> list[int]:
        openings.append(run.step[0])
        return list(range(run.step[0]))

    some = SoFar(open_stored)
    seen = []
    for done in (None, 0, 40, 96, 100, 191, 192, 380, 384):
        run.step = None if done is None else (done, 1000)
        photos = some.look(run)
        seen.append(len(photos) if photos else 0)
    assert openings == [0, 96, 192, 384]
    assert seen == [0, 0, 0, 96, 96, 96, 192, 192, 384]


def test_a_few_pictures_are_not_opened_before_all_are_embedded():
    assert SoFar(lambda: 1 / 0).look(SimpleNamespace(step=(150, 200))) is None


def page():
    import streamlit as st

    from imsearch_core.ui.shell.open_collections import open_collection
    from tests.ui.test_so_far import FOLDER

    st.write(f"{len(open_collection(FOLDER[0], 'colours', partly=True))} pictures")


FOLDER = []
"""What the page opens."""


def test_a_page_goes_on_with_what_is_embedded_and_has_the_rest_once_it_is(pictures, tmp_path, monkeypatch):
    part, go_on = tmp_path / "part", threading.Event()
    shutil.copytree(pictures / "red", part / "red")

    def open_slowly(folder, encoder, progress, embed=True, **how):
        if not embed:
            return open_colours(part)
        progress(400, 1200)
        go_on.wait(30)
        return open_colours(folder)

    monkeypatch.setattr(open_collections.Collection, "open", open_slowly)
    monkeypatch.setattr(so_far, "ENOUGH", 4)
    FOLDER[:] = [pictures]
    at = AppTest.from_function(page, default_timeout=30).run()
    assert not at.exception
    assert [element.value for element in at.markdown] == ["4 pictures"]
    assert [bar.proto.text for bar in at.get("progress")] == [
        "400 of 1,200 embedded. Those can be searched already."
    ]
    go_on.set()
    for _ in range(100):
        at.run()
        if [element.value for element in at.markdown] == ["12 pictures"]:
            break
        threading.Event().wait(0.05)
    assert [element.value for element in at.markdown] == ["12 pictures"]
    assert not at.get("progress")
