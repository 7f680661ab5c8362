"""A map of pictures to look at, move around in, and select from."""

import base64
from collections.abc import Callable, Sequence
from collections.abc import Collection as Files
from pathlib import Path

import numpy as np
import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.projection import Projection
from imsearch_core.ui.components.gallery import cells
from imsearch_core.ui.components.map.groups import Groups

_HERE = Path(__file__).parent
_MOST_ASKED = 40
_component = st.components.v2.component(
    "imsearch_map",
    html=(_HERE / "map.html").read_text("utf-8"),
    css=(_HERE / "map.css").read_text("utf-8"),
    js="".join(
        (_HERE / name).read_text("utf-8") for name in ("map.js", "listen.js", "paint.js", "pictures.js")
    ),
)
_deliver = st.components.v2.component(
    "imsearch_map_pictures", html="<i></i>", js=(_HERE / "deliver.js").read_text("utf-8")
)


@st.fragment
def picture_map(
    photos: Collection,
    made: Projection,
    groups: Groups,
    clusters: Sequence[tuple[np.ndarray, list[str]]],
    passing: np.ndarray | None,
    selected: Files[str],
    key: str,
    on_select: Callable[[list[str]], None],
) -> None:
    """Draw a map; what is selected on it goes to `on_select`, as files, and the page runs again.

    Each of `clusters`, coarse to fine, names groups of points: int16 [m], -1 for none, and the names. Without
    any, the names of `groups` are written. Only the items `passing` int64 are shown, unless that is None.
    The points go to the browser once. Pictures follow a few at a time, when the pointer, the keyboard
    or the view comes to them; that runs this fragment alone.
    """
    files = [photos.items[item].file for item in made.items]
    state = f"{key}_selected_now"

    def choose() -> None:
        on_select([files[i] for i in _indices(st.session_state[key].selected, len(files))])
        st.session_state[state] = True

    chosen = set(selected)
    placed = f"{photos.folder} {photos.encoder_name} {photos.version} {len(files)}"
    sent = _component(
        key=key,
        data={
            "placed": placed,
            "points": _base64((made.points * 65535).round().astype("<u2")),
            "groups": _base64(groups.of_item[made.items].astype("<u2")),
            "title": groups.title,
            "names": groups.names,
            "colours": groups.colours,
            "shapes": groups.shapes,
            "named": groups.named,
            "clusters": [
                {"groups": _base64(of_point.astype("<i2")), "names": names} for of_point, names in clusters
            ],
            "passing": None if passing is None else _base64(np.isin(made.items, passing).astype("u1")),
            "selected": [i for i, file in enumerate(files) if file in chosen],
            "alt": f"Map of {len(files):,} pictures. Colour: {groups.title.lower()}.",
        },
        on_selected_change=choose,
        on_wanted_change=lambda: None,
    )
    asked = _indices(sent.wanted, len(files))[:_MOST_ASKED]
    pictures = cells(photos, [files[i] for i in asked])
    _deliver(
        key=f"{key}_pictures",
        data={
            "placed": placed,
            "pictures": [
                {"index": i, "file": cell.file, "label": cell.label, "image": cell.image}
                for i, cell in zip(asked, pictures, strict=True)
            ],
        },
    )
    if st.session_state.pop(state, False):
        st.rerun()


def _indices(sent: dict | None, count: int) -> list[int]:
    """The valid indices among those that the browser sent: the map may have changed since."""
    return [i for i in (sent or {}).get("indices", []) if isinstance(i, int) and 0 <= i < count]


def _base64(values: np.ndarray) -> str:
    return base64.b64encode(values.tobytes()).decode()
