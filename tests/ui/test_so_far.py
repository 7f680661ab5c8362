"""What is embedded of a folder can be seen before the rest is."""

from types import SimpleNamespace

from imsearch_core.ui.shell.so_far import SoFar


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
