"""Pictures decoded beforehand, so that decoding does not count."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from imsearch_core.encoders.base import centre_crop
from imsearch_core.pictures.decode import open_image


def decoded(files: Sequence[Path], resize: int, crop: int) -> np.ndarray:
    """uint8 [n, crop, crop, 3]: the files as an encoder of these sizes is given them.

    Raises BadImage as `open_image` does.
    """
    return np.stack([centre_crop(open_image(file, resize), resize, crop) for file in files])
