"""What the corrections have changed: how often pictures that look alike have the same label."""

from collections import Counter
from statistics import fmean

import streamlit as st

from imsearch_core.collection import Collection
from imsearch_core.labels.agreement import agreement, by_class
from imsearch_core.labels.ranking import NEIGHBOURS, JudgedLabel
from imsearch_core.ui.components.chart import show_chart
from imsearch_core.ui.labels.charts import agreement_change
from imsearch_core.wording import counted


def before_and_after(judged: tuple[JudgedLabel, ...], photos: Collection) -> None:
    """How many neighbours share a picture's label, of all and per class, as given and as corrected."""
    given = {item.file: item.given_label for item in photos.items}
    corrected = photos.shown_labels
    before, after = (agreement(judged, labels) for labels in (given, corrected))
    if not before or not after:
        st.caption("Without labels there is nothing to compare.")
        return
    decisions = photos.facts.decisions()
    numbers, chart = st.columns([1, 2.2], gap="large")
    with numbers:
        p_before, p_after = fmean(before.values()), fmean(after.values())
        st.markdown("**Neighbours sharing the label**")
        st.metric("Labels as given", f"{p_before:.1%}")
        changed = sum(corrected[file] != label for file, label in given.items())
        gain = f"{100 * (p_after - p_before):+.1f} points" if changed else None
        st.metric("Corrected", f"{p_after:.1%}", gain)
        chosen = Counter(d.choice.value for d in decisions)
        parts = [f"{count} {choice}" for choice, count in sorted(chosen.items())]
        made = f"{counted(len(decisions), 'decision')} ({', '.join(parts) or 'none yet'})"
        st.caption(f"{made}, {counted(changed, 'label')} changed.")
        st.caption(f"Of the {NEIGHBOURS} pictures most like each one.")
    with chart:
        show_chart(
            agreement_change(by_class(before, given), by_class(after, corrected)),
            alt="Neighbours sharing the label, by class, with labels as given and corrected",
        )
