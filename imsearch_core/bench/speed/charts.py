"""Pictures of the figures that grow, for the documentation."""

from collections.abc import Mapping, Sequence
from pathlib import Path

from imsearch_core.bench.figures import Figure
from imsearch_core.files import atomic_write

_TIMES = ("bare NumPy product", "exact search", "focused search", "opening the store", "opening the folder")
_SIZES = ("memory", "disk")
_EFFORTS = {"search_nodes", "ef", "probes"}  # parameters that move along a line
_PALETTE = (
    *("#9aa0a6", "#0f766e", "#d97706", "#6d5bd0", "#be185d"),
    *("#2563eb", "#65a30d", "#7c2d12", "#0891b2", "#475569"),
)


def draw_charts(parts: Mapping[str, Sequence[Figure]], folder: Path) -> None:
    """Write growth.png of part c and engines.png of part d, where they were measured, into `folder`."""
    if "c" in parts:
        _save(_growth(parts["c"]), folder / "growth.png")
    if "d" in parts:
        _save(_engines(parts["d"]), folder / "engines.png")


def _growth(figures: Sequence[Figure]):
    import altair as alt

    def lines(names: Sequence[str], unit: str, title: str):
        seconds = {"ms": 1000.0, "s": 1.0}
        data = [
            {"n": f.n, "what": f.what, "value": f.value / seconds.get(f.unit, 1)}
            for f in figures
            if f.what in names
        ]
        sizes = sorted({row["n"] for row in data})
        return (
            alt.Chart(alt.Data(values=data), title=title, width=360, height=260)
            .mark_line(point=alt.OverlayMarkDef(size=60), strokeWidth=2)
            .encode(
                x=alt.X("n:Q", title="embeddings of 1280 numbers", scale=alt.Scale(type="log")).axis(
                    values=sizes, format="~s", grid=False
                ),
                y=alt.Y("value:Q", title=unit, scale=alt.Scale(type="log")).axis(
                    format="~g", values=[10.0**e for e in range(-3, 3)]
                ),
                color=alt.Color("what:N", title=None, sort=list(names))
                .scale(domain=list(names), range=list(_PALETTE[: len(names)]))
                .legend(orient="top-left"),
            )
        )

    times = lines(_TIMES, "seconds", "Time")
    sizes = lines(_SIZES, "gigabytes", "Memory and disk")
    return (times | sizes).resolve_scale(color="independent")


def _engines(figures: Sequence[Figure]):
    import altair as alt

    points: dict[str, dict] = {}
    for figure in figures:
        engine, _, what = figure.what.partition(": ")
        if what in ("recall at 10", "median query"):
            points.setdefault(engine, {"engine": _without_effort(engine)})[what] = figure.value
    names = list(dict.fromkeys(point["engine"] for point in points.values()))
    return (
        alt.Chart(alt.Data(values=list(points.values())), width=480, height=300)
        .mark_line(point=alt.OverlayMarkDef(size=70), strokeWidth=1.5)
        .encode(
            x=alt.X("median query:Q", title="median milliseconds a query", scale=alt.Scale(type="log")).axis(
                values=[0.1, 0.3, 1, 3, 10, 30, 100], grid=False
            ),
            y=alt.Y("recall at 10:Q", title="recall at 10", scale=alt.Scale(domain=[0, 1])).axis(
                values=[0, 0.25, 0.5, 0.75, 0.9, 1]
            ),
            color=alt.Color("engine:N", title=None, sort=names).scale(domain=names, range=list(_PALETTE)),
            order="median query:Q",
        )
    )


def _without_effort(engine: str) -> str:
    """An engine with the parameters of its build alone, for reading."""
    name, _, written = engine.partition(":")
    kept = [pair for pair in written.split(",") if pair and pair.partition("=")[0] not in _EFFORTS]
    return ", ".join([name, *(pair.replace("=", " ") for pair in kept)])


def _save(chart, path: Path) -> None:
    with atomic_write(path) as temporary:
        chart.configure_view(stroke=None).save(temporary, format="png", scale_factor=2)
