"""Charts in Vega-Lite's JSON: with Altair, making and checking one takes longer than the rest of its page."""

import hashlib
import json
from collections.abc import Sequence
from typing import Any

import streamlit as st

Chart = dict[str, Any]


def chart(rows: Sequence[dict[str, Any]], **spec: Any) -> Chart:
    """A chart of `rows`, each a field's value by its name, for `st.vega_lite_chart`."""
    # Vega has named data from the start; without a name, it first draws a chart of nothing and complains.
    name = hashlib.sha256(json.dumps(rows).encode()).hexdigest()
    return {"data": {"name": name}, "datasets": {name: list(rows)}, **spec}


def show_chart(spec: Chart, alt: str | None = None) -> None:
    """Draw a chart in the room that it needs: what follows is not moved when it is there."""
    st.vega_lite_chart(spec, height=spec["height"], alt=alt)


def nominal(field: str, **how: Any) -> dict[str, Any]:
    """How a field of names is drawn."""
    return {"field": field, "type": "nominal", **how}


def quantity(field: str, **how: Any) -> dict[str, Any]:
    """How a field of numbers is drawn."""
    return {"field": field, "type": "quantitative", **how}
