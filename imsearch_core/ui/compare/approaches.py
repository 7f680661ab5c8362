"""The three approaches that the tutorial compares: shipped figures, or those of the open collection."""

from collections.abc import Sequence
from pathlib import Path

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.compare.approaches import SIDE, ApproachFigures, bench_approaches, shipped_figures
from imsearch_core.errors import ImsearchError
from imsearch_core.ui.components.chart import Chart, chart, nominal, quantity, show_chart
from imsearch_core.ui.shell.progress import progress_bar
from imsearch_core.ui.shell.text import sentence

TITLES = {
    "classifier": "Classifier over all pictures",
    "pairs": "Siamese pair network",
    "embeddings": "Embeddings and an index",
}
SAYS = {
    "classifier": "An output per picture, trained again for each new one.",
    "pairs": "Tells whether two pictures are alike: it runs for every picture in every search.",
    "embeddings": "The network sees each picture once; a search only compares numbers.",
}


def show_approaches(photos: Collection) -> None:
    """What a search and a new picture cost in each approach, and a button to measure it here."""
    kept = _measured_here(photos.folder, photos.encoder_name, len(photos), photos.label_level)
    st.caption(
        "Measured on the open collection, on this machine."
        if kept
        else "Measured beforehand on the illustrated set, on two processors. *Measure here* takes the open "
        "collection and this machine instead."
    )
    place = st.empty()
    with place.container():
        show(kept or shipped_figures())
    if st.button("Measure here, in a minute or two", icon=":material/speed:", key="measure_approaches"):
        measured: list[ApproachFigures] = []
        try:
            with progress_bar("Measured", "Starting TensorFlow") as progress:
                for row in bench_approaches(photos, progress):
                    measured.append(row)
                    with place.container():
                        show(measured)
            kept[:] = measured
            st.rerun()
        except ImsearchError as error:
            st.error(sentence(error), icon=":material/error:")


@st.cache_resource(max_entries=100, show_spinner=False)
def _measured_here(
    folder: Path, encoder: str, pictures: int, label_level: int | None
) -> list[ApproachFigures]:
    """What was measured on a collection, shared by sessions; filled by those who measure it."""
    return []


def duration(seconds: float) -> str:
    """A time in two significant digits and the unit that suits it."""
    for unit, size in (("h", 3600), ("min", 60), ("s", 1), ("ms", 1e-3)):
        if seconds >= 0.95 * size:
            value = seconds / size
            return f"{value:.0f} {unit}" if value >= 10 else f"{value:.1f} {unit}"
    return f"{seconds * 1e6:.0f} µs"


def cost_chart(measured: Sequence[ApproachFigures], figure: str, title: str) -> Chart:
    """One figure of every approach against the number of pictures, both on logarithmic scales."""
    rows = [
        {
            "approach": TITLES[m.approach],
            "pictures": m.pictures,
            "seconds": value,
            "time": duration(value),
        }
        for m in measured
        if (value := getattr(m, figure)) > 0
    ]
    sizes = sorted({m.pictures for m in measured})
    described = "; ".join(f"{row['approach']}, {row['pictures']}: {row['time']}" for row in rows)
    names = {"domain": list(TITLES.values())}
    below = {"title": None, "orient": "bottom", "columns": 1}
    # In each layer: in the encoding of both, Streamlit gives a legend without a title a blank one.
    marked = {
        "color": nominal("approach", scale=names, legend=below),
        "shape": nominal("approach", scale=names),
    }
    return chart(
        rows,
        title=title,
        description=f"{title}. {described}",
        height=340,
        encoding={
            "x": quantity(
                "pictures", scale={"type": "log", "nice": False}, axis={"values": sizes, "grid": False}
            ),
            "y": quantity("seconds", scale={"type": "log"}, axis={"tickCount": 4, "format": "~g"}),
            "tooltip": [nominal("approach"), quantity("pictures"), nominal("time")],
        },
        layer=[
            {"mark": {"type": "line"}, "encoding": marked},
            {"mark": {"type": "point", "size": 60, "filled": True}, "encoding": marked},
        ],
    )


def show(measured: list[ApproachFigures]) -> None:
    """Three large figures, then the charts, each with the sentence that it supports, and a table."""
    largest = max(m.pictures for m in measured)
    at = {m.approach: m for m in measured if m.pictures == largest}
    for column, (approach, title) in zip(st.columns(len(TITLES)), TITLES.items(), strict=True):
        with column:
            took = at[approach].query_seconds if approach in at else None
            st.metric(f"{title}: one search", duration(took) if took else "…")
            st.caption(SAYS[approach])
    left, right = st.columns(2, gap="large")
    with left:
        show_chart(cost_chart(measured, "query_seconds", "One search"))
        if len(at) == len(TITLES):
            slower = at["pairs"].query_seconds / at["embeddings"].query_seconds
            st.markdown(
                f"A pair network looks at every picture again for each search: **{at['pairs'].passes:,} "
                f"times** and {duration(at['pairs'].query_seconds)} here, {slower:,.0f} times as "
                f"long as stored embeddings ({duration(at['embeddings'].query_seconds)})."
            )
    with right:
        show_chart(cost_chart(measured, "add_seconds", "Until one more picture can be found"))
        if len(at) == len(TITLES):
            st.markdown(
                f"A classifier with an output per picture is trained again for each new one: "
                f"**{duration(at['classifier'].add_seconds)}** here, growing with the collection. An "
                f"embedding takes **{duration(at['embeddings'].add_seconds)}** at any size."
            )
    st.dataframe(
        [
            {
                "approach": TITLES[m.approach],
                "pictures": m.pictures,
                "before the first search": duration(m.prepare_seconds),
                "one more picture": duration(m.add_seconds) if m.add_seconds else "nothing to do",
                "one search": duration(m.query_seconds),
                "pictures seen per search": m.passes,
                "precision at 9": m.precision,
            }
            for m in measured
            if m.pictures == largest
        ],
        column_config={"precision at 9": st.column_config.NumberColumn(format="%.2f")},
        hide_index=True,
    )
    st.caption(
        f"Decoding the pictures is not counted. Classifier and pair network are small, see {SIDE} × {SIDE} "
        f"pixels and are trained for seconds: their times flatter them, their precision does not."
    )
