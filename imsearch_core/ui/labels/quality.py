"""Pictures of poor quality: dark, blurry, tiny and so on. Each is excluded or kept."""

from collections import Counter

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.labels.decisions import EXCLUDE_TAG, KEEP_TAG
from imsearch_core.labels.quality import QualityIssue
from imsearch_core.ui.components.grid import Grid
from imsearch_core.ui.shell.facts import poor_pictures
from imsearch_core.ui.shell.pills import choose_several


@st.fragment
def review_quality(photos: Collection) -> None:
    """Where people decide about poor pictures. Only this part of the page runs when they do."""
    found = poor_pictures(photos)
    counts = Counter(one.issue for one in found)
    chosen = choose_several(
        "Problem", {issue: counts[issue] for issue in QualityIssue if counts[issue]}, "issues"
    )
    st.caption(
        f"Pictures get the tag “{EXCLUDE_TAG}” or “{KEEP_TAG}”; no photo is deleted. "
        "The figure below each picture is what was measured."
    )
    wanted = [one for one in found if not chosen or one.issue in chosen]
    decided = {file for file, tags in photos.corrections.tags.items() if {EXCLUDE_TAG, KEEP_TAG} & {*tags}}
    files = {one.file for one in wanted}
    left = files - decided
    counts = {"left": len(left), "decided": len(files) - len(left)}
    Grid(photos, name="quality").show_poor(wanted, left, counts)
