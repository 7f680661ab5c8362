"""Charts about labels: which are mistaken for which, and how far neighbours agree with them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from imsearch_core.labels.ranking import JudgedLabel
from imsearch_core.ui.components.chart import Chart, chart, nominal, quantity
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
_CELL = 26  # pixels
Confusion = tuple[str, str, int]
"""A class, another that pictures of it look like, and how many of them do."""
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


def confusion_matrix(shown: Sequence[Confusion]) -> Chart:
    """A chart of `confusions`; a click selects "cell"."""
    rows = [
        {"label": class_on_chart(label), "suggested": class_on_chart(suggested), "pictures": count}
        for label, suggested, count in shown
    ]
    order = sorted({row[name] for row in rows for name in ("label", "suggested")})
    axis = {"type": "nominal", "sort": order, "scale": {"domain": order}, "axis": _AXIS}
    picked = {"type": "point", "fields": ["label", "suggested"], "on": "click", "clear": "dblclick"}
    # Opacity brings low counts close to the page, light or dark; the numbers have the colour of its text.
    cells = {
        "mark": {"type": "rect", "cornerRadius": 3, "cursor": "pointer", "color": _CORRECTED},
        "params": [{"name": "cell", "select": picked}],
        "encoding": {
            "fillOpacity": quantity("pictures", legend=None, scale={"domainMin": 0, "range": [0.15, 0.7]}),
            "opacity": {"condition": {"param": "cell", "value": 1}, "value": 0.35},
        },
    }
    numbers = {
        "mark": {
            "type": "text",
            "fontSize": {"expr": f"min(11, 0.75 * width / {len(order)})"},
            "color": "currentColor",
        },
        "encoding": {"text": quantity("pictures")},
    }
    room = min(_LABEL, 7 * max(map(len, order))) + 70  # for the labels below, which stand upright
    return chart(
        rows,
        height=_CELL * len(order) + room,
        encoding={
            "x": {"field": "suggested", "title": "looks like", **axis},
            "y": {"field": "label", "title": "label", **axis},
            "tooltip": [nominal("label"), nominal("suggested"), quantity("pictures")],
        },
        layer=[cells, numbers],
    )


_LABEL = 120  # pixels of the longest label
_AXIS = {
    "grid": False,
    "ticks": False,
    "domain": False,
    "labelLimit": _LABEL,
    "labelOverlap": False,
    "labelFlush": False,
}


def agreement_bars(shares: Mapping[str, float]) -> Chart:
    """The share of neighbours that agree, 0 to 1, for each class, lowest first."""
    rows = [{"class": class_on_chart(name), "agreement": share} for name, share in shares.items()]
    order = [class_on_chart(name) for name in sorted(shares, key=shares.__getitem__)]
    share = quantity("agreement", format=".2f")
    return chart(
        rows,
        height=22 * len(rows),
        encoding={
            "x": quantity("agreement", scale={"domain": [0, 1]}, title=None, axis=None),
            "y": nominal("class", sort=order, title=None, axis=_AXIS),
            "tooltip": [nominal("class"), share],
        },
        layer=[
            {"mark": {"type": "bar", "height": 6, "cornerRadius": 3, "color": _CORRECTED}},
            {
                "mark": {"type": "text", "align": "left", "dx": 6, "fontSize": 11, "color": _GREY},
                "encoding": {"text": share},
            },
        ],
    )


def agreement_change(before: Mapping[str, float], after: Mapping[str, float]) -> Chart:
    """The agreement of each class under the given labels and under the corrected, most changed first."""
    change = {name: abs(after.get(name, 0) - before.get(name, 0)) for name in before.keys() | after.keys()}
    classes = sorted(change, key=lambda name: (-change[name], name))
    rows = [
        {"class": class_on_chart(name), "labels": which, "agreement": shares[name]}
        for name in classes
        for which, shares in (("as given", before), ("corrected", after))
        if name in shares
    ]
    shades = {"domain": ["as given", "corrected"], "range": ["#9aa5a3", _CORRECTED]}
    return chart(
        rows,
        height=22 * len(classes) + 40,
        encoding={
            "x": quantity("agreement", scale={"domain": [0, 1]}, title="neighbours that agree"),
            "y": nominal("class", sort=list(map(class_on_chart, classes)), title=None, axis=_AXIS),
        },
        layer=[
            {
                "mark": {"type": "line", "strokeWidth": 2, "opacity": 0.5, "color": _GREY},
                "encoding": {"detail": nominal("class")},
            },
            {
                "mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
                "encoding": {
                    "color": nominal("labels", scale=shades, legend={"orient": "top", "title": None}),
                    "tooltip": [nominal("class"), nominal("labels"), quantity("agreement", format=".2f")],
                },
            },
        ],
    )
