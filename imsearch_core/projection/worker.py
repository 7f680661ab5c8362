"""The process that computes a neighbour map: rows on standard input, points on standard output.

Run as `python -m imsearch_core.projection.worker PERPLEXITY STEPS`. scikit-learn's own reports of each
50 steps go to standard error. When nobody reads them any more, the process ends.
"""

import contextlib
import os
import signal
import sys

os.environ["OMP_NUM_THREADS"] = "1"  # leaves the other processors to the pages, and fixes the order of sums

import numpy as np


def main() -> None:
    """Read float32 [m, d] in NumPy's format, write float32 [m, 2]."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started us ends us
    if hasattr(os, "nice"):  # not on Windows
        os.nice(10)
    from sklearn.manifold import TSNE

    rows = np.load(sys.stdin.buffer)
    tsne = TSNE(
        perplexity=float(sys.argv[1]), max_iter=int(sys.argv[2]), init="pca", random_state=0, verbose=2
    )
    with contextlib.redirect_stdout(sys.stderr):
        points = tsne.fit_transform(rows)
    np.save(sys.stdout.buffer, points)


if __name__ == "__main__":
    main()
