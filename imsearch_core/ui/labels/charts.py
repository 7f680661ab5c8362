"""Charts about labels: which are mistaken for which, and how far neighbours agree with them."""

from collections import Counter
from collections.abc import Iterable, Sequence

import altair as alt
import pandas as pd

from imsearch_core.labels.ranking import JudgedLabel
from imsearch_core.ui.shell.text import as_kept, sendable

_MOST_CLASSES = 30  # in the matrix: more cannot be read
# The properties of every JavaScript object, in which Vega keeps groups: such a class would break its chart.
_TAKEN = frozenset(
    {
        "__proto__",
        "__defineGetter__",
        "__defineSetter__",
        "__lookupGetter__",
        "__lookupSetter__",
        "constructor",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "toString",
        "valueOf",
    }
)
Confusion = tuple[str, str, int]
"""A class, another that pictures of it look like, and how many of them do."""
Shares = tuple[tuple[str, float], ...]
"""Each class with the share of neighbours that agree, 0 to 1."""
_MARK = "\u2060"  # word joiner: invisible
_CORRECTED, _GREY = "#0d9488", "#7a8583"  # seen on light and on dark


def class_on_chart(name: str) -> str:
    """A class's name as charts take it; they show it unchanged."""
    marked = name in _TAKEN or name.startswith(_MARK)
    return sendable(_MARK + name if marked else name)


def class_from_chart(text: str) -> str:
    """The name that `class_on_chart` has made this text of."""
    return as_kept(text).removeprefix(_MARK)


def confusions(doubtful: Iterable[JudgedLabel]) -> tuple[tuple[Confusion, ...], int]:
    """How many pictures of each class look like each other class, of the classes most often involved.

    Also returns how many pictures are left out because their classes are rarer.
    """
    pairs = Counter(
        (one.label, one.suggested) for one in doubtful if one.label and one.suggested not in (None, one.label)
    )
    involved: Counter[str] = Counter()
    for pair, count in pairs.items():
        involved.update(dict.fromkeys(pair, count))
    classes = {label for label, _ in involved.most_common(_MOST_CLASSES)}
    shown = tuple((*pair, count) for pair, count in pairs.items() if {*pair} <= classes)
    return shown, sum(pairs.values()) - sum(count for *_, count in shown)


def confusion_matrix(shown: Sequence[Confusion]) -> alt.LayerChart:
    """A chart of `confusions`; a click selects "cell"."""
    table = pd.DataFrame(
        [
            {"label": class_on_chart(label), "suggested": class_on_chart(suggested), "pictures": count}
            for label, suggested, count in shown
        ]
    )
    order = sorted({*table["label"], *table["suggested"]})
    picked = alt.selection_point(name="cell", fields=["label", "suggested"], on="click", clear="dblclick")
    base = alt.Chart(table).encode(
        x=alt.X("suggested:N", sort=order, scale=alt.Scale(domain=order), title="looks like", axis=_AXIS),
        y=alt.Y("label:N", sort=order, scale=alt.Scale(domain=order), title="label", axis=_AXIS),
        tooltip=["label", "suggested", "pictures"],
    )
    # Opacity brings low counts close to the page, light or dark; the numbers have the colour of its text.
    cells = base.mark_rect(cornerRadius=3, cursor="pointer", color=_CORRECTED).encode(
        fillOpacity=alt.FillOpacity("pictures:Q", legend=None).scale(domainMin=0, range=[0.15, 0.7]),
        opacity=alt.condition(picked, alt.value(1), alt.value(0.35)),
    )
    fitting = alt.expr(f"min(11, 0.75 * width / {len(order)})")
    numbers = base.mark_text(fontSize=fitting, color="currentColor").encode(text="pictures:Q")
    return alt.layer(cells.add_params(picked), numbers).properties(height=max(160, 26 * len(order)))


_AXIS = alt.Axis(grid=False, ticks=False, domain=False, labelLimit=120, labelOverlap=False, labelFlush=False)


def agreement_bars(shares: Shares) -> alt.Chart:
    """The share of neighbours that agree for each class, lowest first."""
    lowest_first = sorted(shares, key=lambda pair: pair[1])
    order = [class_on_chart(name) for name, _ in lowest_first]
    table = pd.DataFrame({"class": order, "agreement": [share for _, share in lowest_first]})
    base = alt.Chart(table).encode(
        y=alt.Y("class:N", sort=order, title=None, axis=_AXIS),
        x=alt.X("agreement:Q", scale=alt.Scale(domain=[0, 1]), title=None, axis=None),
        tooltip=["class", alt.Tooltip("agreement", format=".2f")],
    )
    bars = base.mark_bar(height=6, cornerRadius=3, color=_CORRECTED)
    numbers = base.mark_text(align="left", dx=6, fontSize=11, color=_GREY).encode(
        text=alt.Text("agreement:Q", format=".2f")
    )
    return alt.layer(bars, numbers).properties(height=22 * len(table))


def agreement_change(as_given: Shares, corrected: Shares) -> alt.Chart:
    """The agreement of each class under the given labels and under the corrected, most changed first."""
    before, after = dict(as_given), dict(corrected)
    classes = sorted(
        before.keys() | after.keys(), key=lambda name: -abs(after.get(name, 0) - before.get(name, 0))
    )
    table = pd.DataFrame(
        [
            {"class": class_on_chart(name), "labels": which, "agreement": shares[name]}
            for name in classes
            for which, shares in (("as given", before), ("corrected", after))
            if name in shares
        ],
        columns=["class", "labels", "agreement"],
    )
    base = alt.Chart(table).encode(
        y=alt.Y("class:N", sort=list(map(class_on_chart, classes)), title=None, axis=_AXIS),
        x=alt.X("agreement:Q", scale=alt.Scale(domain=[0, 1]), title="neighbours that agree"),
    )
    lines = base.mark_line(strokeWidth=2, opacity=0.5, color=_GREY).encode(detail="class:N")
    points = base.mark_point(filled=True, size=70, opacity=1).encode(
        color=alt.Color(
            "labels:N",
            scale=alt.Scale(domain=["as given", "corrected"], range=["#9aa5a3", _CORRECTED]),
            legend=alt.Legend(orient="top", title=None),
        ),
        tooltip=["class", "labels", alt.Tooltip("agreement", format=".2f")],
    )
    return alt.layer(lines, points).properties(height=22 * len(classes) + 40)
