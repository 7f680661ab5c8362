"""What each engine finds of the true neighbours on the open collection, how fast, at what cost."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.compare import engines
from imsearch_core.compare.engines import EngineFigures, K, measure_engines
from imsearch_core.errors import ImsearchError
from imsearch_core.index import engine_name, installed_engines, parameter_fields, parse_engine
from imsearch_core.ui.components.chart import Chart, chart, nominal, quantity, show_chart
from imsearch_core.ui.search.engine import described, engine_in_use, use_engine
from imsearch_core.ui.shell.progress import progress_bar
from imsearch_core.ui.shell.text import sentence
from imsearch_core.vectors.sampling import random_sample

QUERIES = 50
COLOURS = {"exact": "#8a9099", "annoy": "#0d9488", "hnsw": "#6d5bd0", "milvus": "#d97706"}


def show_engines(photos: Collection) -> None:
    """A chart of what engines find and take, measured when its section is opened."""
    section = st.expander(
        "Recall, time, build and size of the engines",
        icon=":material/account_tree:",
        expanded="tried" in st.query_params,
        key="engines",
        on_change="rerun",
        bind="query-params",
    )
    if section.open:
        with section:
            _measure_and_show(photos)


def _measure_and_show(photos: Collection) -> None:
    in_use = engine_in_use()
    st.caption(
        f"Exact search compares the query with all {len(photos):,} pictures, an approximate engine with "
        f"some of them. Measured here: {min(QUERIES, len(photos))} pictures as queries, their {K} nearest."
    )
    choice_column, chart_column = st.columns([1.3, 2], gap="medium")
    with choice_column:
        name, values = _choose_engine(in_use)
    tried = engine_name(name, values)
    compared = _compared(name, values, tried, in_use)
    with chart_column:
        if len(photos) > engines.UNASKED and not st.toggle(
            f"Measure {len(compared)} engines on {len(photos):,} pictures", key="measure"
        ):
            return
        try:
            rows = measured(photos.folder, photos.encoder_name, photos.version, compared, photos)
        except ImsearchError as error:
            st.error(sentence(error), icon=":material/error:")
            return
    with choice_column:
        _show_figures(next(row for row in rows if row.engine == tried), in_use)
    with chart_column:
        show_chart(recall_chart(rows, tried))
        if name == "annoy" and len(photos) <= photos.embeddings.dimension:
            st.caption(
                "So few pictures fit into one leaf of Annoy's trees: it looks at all of them, and finds all."
            )
        _show_table(rows)


def _choose_engine(in_use: str) -> tuple[str, dict[str, Any]]:
    """The engine to look at and its parameters, by name; at first the engine in use."""
    used = parse_engine(in_use)
    name = st.segmented_control(
        "Engine", installed_engines(), default=used[1], required=True, key="tried", bind="query-params"
    )
    values = {}
    for parameter in parameter_fields(name):
        choices = parameter.metadata["choices"]
        start = getattr(used[2], parameter.name) if name == used[1] else parameter.default
        if len(choices) > 1:
            values[parameter.name] = st.select_slider(
                parameter.name.replace("_", " ").capitalize(),
                sorted({*choices, start}, key=(*choices, start).index),
                value=start,
                format_func=lambda value: "automatic" if value == -1 else str(value),
                help=parameter.metadata["help"],
                key=f"{name}_{parameter.name}",
                bind="query-params",
            )
    return name, values


def _compared(name: str, values: dict[str, Any], tried: str, in_use: str) -> tuple[str, ...]:
    """The engines to measure: exact search in both precisions, and all that needs no new build."""
    compared = dict.fromkeys(("exact", "exact:precision=int8", tried, in_use))
    for parameter in parameter_fields(name):
        if parameter.metadata["at_query"]:
            steps = parameter.metadata["choices"]
            compared |= dict.fromkeys(engine_name(name, values | {parameter.name: step}) for step in steps)
    return tuple(compared)


def _show_figures(row: EngineFigures, in_use: str) -> None:
    """What the engine looked at finds and costs, and a button that puts it to use."""
    with st.container(horizontal=True):
        st.metric(f"Recall at {K}", f"{row.recall:.1%}")
        st.metric(
            "Median", f"{row.milliseconds:.2f} ms", help=f"95 of 100 queries take {row.p95:.2f} ms or less"
        )
        st.metric("Build", f"{row.build_seconds:.2f} s")
        st.metric("Size", f"{row.megabytes:.1f} MB", help="On disk, in addition to the embeddings")
    if row.engine == in_use:
        st.success(f"Search uses {described(row.engine)}.", icon=":material/check:")
    else:
        st.button(
            "Use it for Search", key="use", icon=":material/check:", on_click=use_engine, args=(row.engine,)
        )
        st.caption(f"Search uses {described(in_use)}.")


def recall_chart(measured: Sequence[EngineFigures], tried: str) -> Chart:
    """Recall against time of a query for each engine; that called `tried` has a ring."""
    rows = [
        {
            "engine": described(row.engine),
            "kind": row.engine.partition(":")[0],
            "chosen": row.engine == tried,
            "recall": row.recall,
            "milliseconds": row.milliseconds,
        }
        for row in measured
    ]
    kinds = list(dict.fromkeys(row["kind"] for row in rows))
    times = [row["milliseconds"] for row in rows]
    # In each layer: in the encoding of both, Streamlit gives a legend without a title a blank one.
    coloured = {
        "color": nominal(
            "kind", title=None, scale={"domain": kinds, "range": [COLOURS[kind] for kind in kinds]}
        )
    }
    # Vega looks for a domain before it has the data, and complains.
    span = {"type": "log", "domain": [min(times), max(times)], "nice": False, "padding": 40}
    return chart(
        rows,
        height=320,
        description="Recall against time of a query for each engine measured; the chosen one ringed",
        config={"legend": {"orient": "bottom"}},
        encoding={
            "x": quantity(
                "milliseconds", title="milliseconds a query, median", axis={"tickCount": 6}, scale=span
            ),
            "y": quantity(
                "recall",
                title=f"recall at {K}",
                axis={"format": "%", "values": [0, 0.25, 0.5, 0.75, 1]},
                scale={"domain": [0, 1.08], "nice": False},
            ),
            "tooltip": [
                nominal("engine"),
                quantity("recall", format=".1%"),
                quantity("milliseconds", format=".3f"),
            ],
        },
        layer=[
            {"mark": {"type": "circle", "size": 130, "opacity": 0.85}, "encoding": coloured},
            {
                "transform": [{"filter": "datum.chosen"}],
                "mark": {"type": "point", "size": 420, "strokeWidth": 2.5, "filled": False},
                "encoding": coloured,
            },
        ],
    )


def _show_table(rows: list[EngineFigures]) -> None:
    st.dataframe(
        [
            {
                "engine": described(row.engine),
                "recall": row.recall,
                "median ms": row.milliseconds,
                "p95 ms": row.p95,
                "build s": row.build_seconds,
                "MB": row.megabytes,
            }
            for row in rows
        ],
        column_config={
            "recall": st.column_config.NumberColumn(f"recall at {K}", format="percent"),
            "median ms": st.column_config.NumberColumn(format="%.2f"),
            "p95 ms": st.column_config.NumberColumn(format="%.2f"),
            "build s": st.column_config.NumberColumn(format="%.2f"),
            "MB": st.column_config.NumberColumn(format="%.1f"),
        },
        hide_index=True,
    )


@st.cache_data(max_entries=64, show_spinner=False)
def measured(
    folder, encoder: str, version: str, names: tuple[str, ...], _photos: Collection
) -> list[EngineFigures]:
    with progress_bar("Engines measured:", "Building the first engine") as progress:
        queries = random_sample(len(_photos), QUERIES)
        return measure_engines(names, _photos.contents, queries, progress)
