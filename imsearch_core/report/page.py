"""Puts a report together and writes it as HTML that needs no other file."""

import base64
import hashlib
import re
import shlex
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from imsearch_core.collection import Collection
from imsearch_core.compare.evaluate import evaluate
from imsearch_core.compare.retrieval import Figures, Retrieval
from imsearch_core.datasets.names import shown
from imsearch_core.errors import UsageError
from imsearch_core.files import data_dir
from imsearch_core.labels.decisions import NO_LABEL
from imsearch_core.labels.quality import EXPLANATIONS, PoorPicture, QualityIssue
from imsearch_core.labels.ranking import nothing_to_judge
from imsearch_core.progress import Progress, silent
from imsearch_core.report.demonstration import K, demonstrate
from imsearch_core.report.findings import FIRST, choices_counted, copies_of, decisions_of, doubts_of, evidence
from imsearch_core.report.overview import overview_of
from imsearch_core.report.points import SIDE, PointMap, point_map
from imsearch_core.report.thumbs import LARGE, SMALL, Thumbnails

_HERE = Path(__file__).parent
_ABSOLUTE = re.compile(r"(?<![\w.~/:])(?:[A-Za-z]:)?[/\\](?:[^\s/\\'\",;:]+[/\\])+([^\s/\\'\",;:]*)")
_STEPS = 7


def make_report(
    photos: Collection,
    *,
    query: str | None = None,
    focus: int | str | None = None,
    show_paths: bool = False,
    repeat_with: Sequence[str] = (),
    progress: Progress = silent,
) -> bytes:
    """A report about `photos`: HTML in UTF-8, with its pictures inside, that loads nothing.

    It shows the search with `query`, plain and focused on the ImageNet class `focus`; what is not given is
    picked, so that the focus gains most. With `show_paths` it may name folders of this machine. `repeat_with`
    are further arguments of the command that repeats it. `progress` counts percent. Raises UsageError for an
    unknown query or class, ImsearchError if the map or the embedding of a query fails.
    """
    demonstration = demonstrate(photos, query, focus)
    if demonstration is None and (query is not None or focus is not None):
        raise UsageError("no search can be shown: the encoder sees no class to focus on")
    stages = _Stages(progress, _STEPS)
    overview = overview_of(photos, stages.next())
    judged = photos.suspect_labels(stages.next())
    photos.facts.signatures(stages.next())
    copies = copies_of(photos.duplicates(stages.next()))
    poor: dict[QualityIssue, list[PoorPicture]] = {}
    for one in photos.quality_issues():
        poor.setdefault(one.issue, []).append(one)
    retrieval = _retrieval(photos, stages.next())
    placed = point_map(photos, stages.next())
    thumbnails = Thumbnails(photos)
    thumbnails.prepare([point.file for point in placed.points] if placed else [], SMALL, stages.next())
    decisions = decisions_of(photos)
    private = str if show_paths else _without_paths(photos)
    made_by = dict(photos.contents.fingerprint)
    script = (_HERE / "report.js").read_text("utf-8")
    html = (
        _environment(private)
        .get_template("report.html")
        .render(
            title=photos.folder.name or str(photos.folder),
            folder=str(photos.folder) if show_paths else None,
            made=datetime.now().astimezone(),
            photos=photos,
            overview=overview,
            notes=photos.report.notes,
            nothing_to_judge=nothing_to_judge(one.label for one in judged),
            doubts=doubts_of(judged, photos.corrections.decisions),
            evidence=evidence,
            copies=copies,
            poor=poor,
            explanations=EXPLANATIONS,
            decisions=decisions,
            choices=choices_counted(decisions),
            demonstration=demonstration,
            retrieval=retrieval,
            worst_classes=_worst_first(retrieval) if retrieval else [],
            map=placed,
            map_data=_map_data(placed, thumbnails) if placed else None,
            side=SIDE,
            k=K,
            first=FIRST,
            no_label=NO_LABEL,
            fingerprint=made_by,
            command=_command(photos, demonstration and query, focus, show_paths, repeat_with),
            large=lambda file: Markup(thumbnails.uri(file, LARGE)),
            small=lambda file: Markup(thumbnails.uri(file, SMALL)),
            style=(_HERE / "report.css").read_text("utf-8"),
            script=script,
            script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
        )
    )
    return html.encode("utf-8")


class _Stages:
    """Tells one `Progress`, in percent, how far several pieces of work of about equal length are."""

    def __init__(self, progress: Progress, count: int) -> None:
        self._progress, self._count, self._begun, self._percent = progress, count, 0, 0
        progress(0, 100)

    def next(self) -> Progress:
        """What the next piece is to report to."""
        before = self._begun
        self._begun += 1

        def report(done: int, total: int) -> None:
            percent = int(100 * (before + (done / total if total else 1)) / self._count)
            self._percent = max(self._percent, percent)  # a piece of several parts counts each from 0
            self._progress(self._percent, 100)

        return report


def _environment(private: Callable[[str], str]) -> Environment:
    def printable(value: Any) -> Any:
        # Names of files need not be valid text, and may hide characters that change the direction of writing.
        return shown(value) if type(value) is str else value

    made = Environment(
        loader=FileSystemLoader(_HERE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=printable,
    )
    made.filters["percent"] = lambda share: f"{100 * share:.0f} %"
    made.filters["private"] = private
    return made


def _retrieval(photos: Collection, progress: Progress) -> Retrieval | None:
    """The figures; None if fewer than two pictures have labels, or no two share one."""
    try:
        found = evaluate(photos, k=K, progress=progress)
    except UsageError:
        return None
    return found if found.recall.any() else None


def _worst_first(retrieval: Retrieval) -> list[tuple[str, Figures]]:
    return sorted(retrieval.per_class.items(), key=lambda pair: (pair[1].precision, pair[0]))


def _map_data(placed: PointMap, thumbnails: Thumbnails) -> dict[str, Any]:
    """What the script needs to show a picture next to the pointer."""
    return {
        "side": SIDE,
        "groups": [shown(group.name) for group in placed.groups],
        "points": [
            [point.x, point.y, point.group, shown(point.file), thumbnails.base64(point.file, SMALL)]
            for point in placed.points
        ],
    }


def _without_paths(photos: Collection) -> Callable[[str], str]:
    """A function that takes this machine's folders out of a text, and leaves names within the collection."""
    known = {str(photos.folder): photos.folder.name, str(data_dir()): "…", str(Path.home()): "~"}

    def without_paths(text: str) -> str:
        for path, name in known.items():
            if len(path) > 1:
                text = text.replace(path, name)
        return _ABSOLUTE.sub(r"…/\1", text)

    return without_paths


def _command(
    photos: Collection,
    query: str | None,
    focus: int | str | None,
    show_paths: bool,
    repeat_with: Sequence[str],
) -> str:
    """What to type to make the same report again, next to the folder."""
    words = ["imsearch", "report", str(photos.folder) if show_paths else photos.folder.name]
    words += ["-o", "report.html", "--encoder", photos.encoder_name, *repeat_with]
    words += ["--query", query] if query else []
    words += ["--focus", str(focus)] if focus is not None else []
    words += ["--show-paths"] if show_paths else []
    return shlex.join(words)
