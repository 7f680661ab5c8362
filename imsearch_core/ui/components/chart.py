"""Charts, drawn once for all sessions: Altair takes longer over one than the rest of its page."""

from collections.abc import Callable, Hashable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import streamlit as st

if TYPE_CHECKING:
    import altair as alt

_KEPT = 100


def show_chart(draw: Callable[..., "alt.TopLevelMixin"], *told: Hashable, **how: Any) -> Any:
    """Show the chart that `draw(*told)` returns; the rest is as in `st.altair_chart`."""
    return st.vega_lite_chart(_drawn(draw, *told), **how)


@lru_cache(maxsize=_KEPT)
def _drawn(draw: Callable[..., "alt.TopLevelMixin"], *told: Hashable) -> dict[str, Any]:
    """The chart in Vega-Lite's JSON, its data as tables of Arrow, as Streamlit sends them."""
    import altair as alt  # slow to import
    import pyarrow as pa

    alt.theme.enable("none")  # Streamlit's own theme follows in the browser
    alt.data_transformers.disable_max_rows()
    spec = draw(*told).to_dict()
    tables = {name: pa.Table.from_pylist(rows) for name, rows in spec["datasets"].items()}
    return spec | {"datasets": tables}
