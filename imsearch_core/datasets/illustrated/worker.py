"""One drawing process of `make`: reads job numbers from standard input, answers each with the truth.

Run as ``python -m imsearch_core.datasets.illustrated.worker FOLDER PER_CLASS SEED``. It ends when its
input does, so that it never outlives the process that started it.
"""

from __future__ import annotations

import json
import signal
import sys
from pathlib import Path

from PIL import Image

from .make import truth_rows
from .plan import plan
from .scene import realise

QUALITY = 88


def main() -> None:
    """Draw one picture for each line of input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the process that started us sees to the end
    folder, per_class, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    recipes = plan(per_class, seed)
    for line in sys.stdin:
        recipe = recipes[int(line)]
        pixels, objects = realise(recipe, seed)
        Image.fromarray(pixels).save(folder / recipe.file, "JPEG", quality=QUALITY)
        print(json.dumps(truth_rows(recipe, objects)), flush=True)


if __name__ == "__main__":
    main()
