"""Pictures decoded beforehand, so that decoding does not count."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from imsearch_core.encoders.base import Preset


def decoded(files: Sequence[Path], preset: Preset) -> np.ndarray:
    """uint8 [n, crop, crop, 3]: what the network of a preset sees of each file. Raises BadImage."""
    return np.stack([preset.prepare(preset.open(file)) for file in files])
