"""Label review: every doubtful label, worst first, decided with one key; what that changes; export."""

from imsearch_core import ui

ui.labels_page()
