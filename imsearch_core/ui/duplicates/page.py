"""Duplicates: groups of copies by how alike they are; the best is kept, the others are tagged "exclude"."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import uuid4

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.labels.corrections import EXCLUDE_TAG
from imsearch_core.labels.duplicates import DuplicateGroup, Repeat, Tier
from imsearch_core.labels.not_duplicates import NotDuplicates
from imsearch_core.progress import Progress
from imsearch_core.spreadsheets import to_csv
from imsearch_core.ui.components.gallery import cells, gallery
from imsearch_core.ui.shell.frame import frame
from imsearch_core.ui.shell.pills import choose_several
from imsearch_core.ui.shell.resources import made_once
from imsearch_core.ui.shell.url import from_url, to_url

PAGE_SIZE = 10
_CAPTIONS = {
    Tier.PIXELS: "The files decode to the same pixels.",
    Tier.PICTURE: "One picture, saved again: smaller, cropped, grey, turned, framed or marked.",
    Tier.SCENE: "Several shots of one thing, as in a burst. Look before you exclude any.",
}


def duplicates_page() -> None:
    photos = frame("Duplicates")
    st.title("Duplicates")
    found, sizes = _groups(photos)
    every = NotDuplicates.of(photos.folder).remaining(found)
    counts = Counter(group.tier for group in every)
    asked = from_url("tier", found[0].tier if found else Tier.PIXELS)
    st.session_state["tier"] = Tier(asked) if asked in list(Tier) else Tier.PIXELS
    with st.container(horizontal=True, vertical_alignment="center"):
        tier = st.segmented_control(
            "Tier",
            list(Tier),
            required=True,
            format_func=lambda tier: f"{tier.capitalize()} {counts[tier]}",
            key="tier",
            on_change=lambda: to_url("tier", st.session_state["tier"]),
            label_visibility="collapsed",
        )
        kinds = Counter(group.kind for group in every if group.tier == tier)
        present = {kind: kinds[kind] for kind in Repeat if kinds[kind]}
        chosen = choose_several("Kind", present, "repeat")
    st.caption(_CAPTIONS[Tier(tier)])
    excluded = {file for file, tags in photos.corrections.tags.items() if EXCLUDE_TAG in tags}
    wanted = [group for group in every if group.tier == tier and (not chosen or group.kind in chosen)]
    to_do = [group for group in wanted if len(set(group.files) - excluded) > 1]
    _tools(photos, every, wanted, to_do, excluded)
    for number, group in enumerate(to_do[:PAGE_SIZE]):
        _show(photos, group, to_do[: number + 1], excluded, sizes)
    if len(to_do) > PAGE_SIZE:
        st.caption(f"{len(to_do) - PAGE_SIZE} more groups follow when these are decided.")


def _groups(photos: Collection) -> tuple[tuple[DuplicateGroup, ...], Mapping[str, str]]:
    """The groups, and each file's size in pixels; found once, with a progress bar, then shared."""

    def found(progress: Progress) -> tuple[tuple[DuplicateGroup, ...], Mapping[str, str]]:
        groups = photos.duplicates(progress)
        sizes = {
            item.file: f"{one['width']} × {one['height']}"
            for item, one in zip(photos.items, photos.signatures(), strict=True)
        }
        return groups, sizes

    return made_once(photos, "Looking for copies, once:", "Comparing pictures", found)


def _tools(
    photos: Collection,
    every: Sequence[DuplicateGroup],
    wanted: Sequence[DuplicateGroup],
    to_do: Sequence[DuplicateGroup],
    excluded: set[str],
) -> None:
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{len(to_do)} to do**, {len(wanted) - len(to_do)} decided")
        last = (_steps() or [""])[-1]
        st.button(
            "Undo",
            icon=":material/undo:",
            key="undo_duplicates",
            help=last and f"Takes back: {last[0]}",
            disabled=not last,
            on_click=_undo,
            args=(photos,),
        )
        st.download_button(
            "duplicates.csv",
            lambda: _csv(photos, every, excluded),
            "duplicates.csv",
            "text/csv",
            icon=":material/download:",
            help="Every group, and which of its pictures are excluded. No photo is deleted.",
        )


def _show(
    photos: Collection,
    group: DuplicateGroup,
    up_to_here: Sequence[DuplicateGroup],
    excluded: set[str],
    sizes: Mapping[str, str],
) -> None:
    files = [file for file in group.files if file not in excluded and file in photos]
    keep = _best(group, excluded)
    kind = "" if group.kind is Repeat.COPY else f" · **{group.kind}**"
    key = f"group_{group.tier}_{group.files[0]}"
    with st.container(border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{len(files)} pictures · least cosine {group.least_cosine:.3f}{kind}")
            others = len(files) - 1
            st.button(
                f"Exclude {others}, keep the marked one",
                key=f"exclude_{key}",
                icon=":material/check:",
                on_click=_exclude,
                args=(photos, [group], excluded),
            )
            st.button(
                "Not duplicates",
                key=f"not_{key}",
                icon=":material/close:",
                type="tertiary",
                on_click=_declare,
                args=(photos, group),
            )
            if len(up_to_here) > 1:
                st.button(
                    f"Accept all {len(up_to_here)} down to here",
                    key=f"line_{key}",
                    icon=":material/done_all:",
                    type="tertiary",
                    on_click=_exclude,
                    args=(photos, list(up_to_here), excluded),
                )
        shown = [
            replace(
                cell, label=f"{'★ keep · ' if cell.file == keep else ''}{sizes[cell.file]} · {cell.label}"
            )
            for cell in cells(photos, files)
        ]
        gallery(shown, key, lambda file: _choose(group, file))


def _best(group: DuplicateGroup, excluded: set[str]) -> str:
    """The copy to keep: the one that was picked, else the best that is not excluded."""
    left = [file for file in group.files if file not in excluded]
    for file in (st.session_state.get("kept", {}).get((group.tier, group.files)), group.keep):
        if file in left:
            return file
    return left[0]


def _choose(group: DuplicateGroup, file: str) -> None:
    st.session_state.setdefault("kept", {})[group.tier, group.files] = file


def _steps() -> list[tuple[str, str, str]]:
    """What this session has decided here: in words, what it was, and the name of its entry."""
    return st.session_state.setdefault("duplicate_steps", [])


def _reviewer() -> str:
    return st.session_state.setdefault("duplicates_reviewer", f"duplicates {uuid4().hex}")


def _exclude(photos: Collection, groups: Sequence[DuplicateGroup], excluded: set[str]) -> None:
    """Tag all but the best copy of each group, as one step."""
    kept = {_best(group, excluded) for group in groups}
    files = {file for group in groups for file in group.files} - excluded - kept
    event = uuid4().hex
    photos.corrections.tag(sorted(files), EXCLUDE_TAG, _reviewer(), event)
    _steps().append((f"{len(files)} excluded", "tag", event))


def _declare(photos: Collection, group: DuplicateGroup) -> None:
    event = NotDuplicates.of(photos.folder).declare(group.files)
    _steps().append((f"{len(group.files)} pictures are not duplicates", "not duplicates", event))


def _undo(photos: Collection) -> None:
    _, what, event = _steps().pop()
    if what == "tag":
        photos.corrections.undo(_reviewer())
    else:
        NotDuplicates.of(photos.folder).take_back(event)


def _csv(photos: Collection, groups: Sequence[DuplicateGroup], excluded: set[str]) -> bytes:
    return to_csv(
        ["group", "tier", "kind", "file", "excluded", "keep", "least_cosine", "split"],
        (
            [
                number,
                group.tier.value,
                group.kind.value,
                file,
                int(file in excluded),
                int(file == _best(group, excluded)),
                round(group.least_cosine, 4),
                photos.item(file).split or "",
            ]
            for number, group in enumerate(groups, 1)
            for file in group.files
            if set(group.files) - excluded
        ),
    )
