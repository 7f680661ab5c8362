"""Duplicates: groups of copies by how alike they are; the best is kept, the others are tagged "exclude"."""

from collections import Counter
from collections.abc import Mapping, Sequence

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.labels.decisions import EXCLUDE_TAG
from imsearch_core.labels.duplicates import DuplicateGroup, Repeat, Tier
from imsearch_core.labels.not_duplicates import NotDuplicates
from imsearch_core.progress import Progress
from imsearch_core.spreadsheets import to_csv
from imsearch_core.ui.components.copies import CopiesDesk
from imsearch_core.ui.shell.pills import choose_several
from imsearch_core.ui.shell.shared_work import wait_for
from imsearch_core.ui.shell.url import from_url, to_url

_CAPTIONS = {
    Tier.PIXELS: "The files decode to the same pixels.",
    Tier.PICTURE: "One picture, saved again: smaller, cropped, grey, turned, framed or marked.",
    Tier.SCENE: "Several shots of one thing, as in a burst. Look before you exclude any.",
}


@st.fragment
def review_duplicates(photos: Collection) -> None:
    """Where people decide about copies. Only this part of the page runs when they do."""
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
        excluded = {file for file, tags in photos.corrections.tags.items() if EXCLUDE_TAG in tags}
        if every:
            st.download_button(
                "duplicates.csv",
                lambda: _csv(photos, every, excluded),
                "duplicates.csv",
                "text/csv",
                icon=":material/download:",
                on_click="ignore",
                help="Every group, and which of its pictures are excluded",
            )
    st.caption(f"{_CAPTIONS[Tier(tier)]} Excluded pictures get the tag “exclude”; no photo is deleted.")

    def is_wanted(group: DuplicateGroup) -> bool:
        return group.tier == tier and (not chosen or group.kind in chosen)

    to_do = [group for group in every if is_wanted(group) and len(set(group.files) - excluded) > 1]
    CopiesDesk(photos).show(to_do, sum(map(is_wanted, found)) - len(to_do), excluded, sizes)


def _groups(photos: Collection) -> tuple[tuple[DuplicateGroup, ...], Mapping[str, str]]:
    """The groups, and each file's size in pixels; found once, with a progress bar, then shared."""

    def found(progress: Progress) -> tuple[tuple[DuplicateGroup, ...], Mapping[str, str]]:
        groups = photos.duplicates(progress)
        sizes = {
            item.file: f"{one['width']} × {one['height']}"
            for item, one in zip(photos.items, photos.facts.signatures(), strict=True)
        }
        return groups, sizes

    once = photos.facts.once("copies and sizes", found)
    return wait_for(once, "Looking for copies, once:", "Comparing pictures")


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
                int(file == _kept(group, excluded)),
                round(group.least_cosine, 4),
                photos.item(file).split or "",
            ]
            for number, group in enumerate(groups, 1)
            for file in group.files
            if set(group.files) - excluded
        ),
    )


def _kept(group: DuplicateGroup, excluded: set[str]) -> str:
    """The copy to keep: the best of those that are not excluded."""
    left = [file for file in group.files if file not in excluded]
    return group.keep if group.keep in left else left[0]
