"""Finds pictures that are the same one saved again: smaller, cropped, grey, turned, mirrored, framed, marked.

Candidates are pairs with similar embeddings, and pairs whose thumbnails have similar low frequencies in
any of the eight ways to turn and mirror one of them. Each candidate is then aligned (an axis-parallel scale
and shift, which undoes a crop, by Gauss-Newton from three scales, coarse to fine) and its fine detail
compared: of 1.5 pixels of the 32 × 32 thumbnails. Many pictures share a horizon between a bright sky and a
dark ground, but not what lies on it.

Measured with `bench duplicates` on 200 of 781 photos, November 2026: the detail of copies correlates by 0.8
or more, that of different pictures by 0.67 at most.
"""

from concurrent.futures import ThreadPoolExecutor

import numpy as np

from imsearch_core.progress import Progress, part, silent
from imsearch_core.vectors.matvec import processors
from imsearch_core.vectors.pairs import pairs_above

SAME = 0.78
"""The least correlation of the detail of two thumbnails of the same picture."""
_OVERLAP = 0.5  # of the smaller thumbnail: less is not the same picture
_LOW = 8  # frequencies in each direction, for candidates
_ALIKE = 0.8  # correlation of low frequencies of candidates
_PROMISING = 0.65  # correlation of quarter-size thumbnails that are worth aligning at half size
_HOPEFUL = 0.6  # of half-size ones that are worth aligning at full size
_FAINT = 1.0  # levels: thumbnails with less detail are blank
MOST = 64
"""Candidates of one picture, in each way to find them: the most alike are compared."""
_TURNS = 8  # the ways to turn and mirror a picture
_SCALES = (1.0, 0.85, 1 / 0.85)
_ROWS = 1024  # compared at a time
_PAIRS = 256  # aligned at a time: few enough to stay in the processor's cache


def copies(
    thumbs: np.ndarray, inner: np.ndarray, pairs: np.ndarray, progress: Progress = silent
) -> np.ndarray:
    """Pairs int64 [m, 2], each i < j, of pictures that are the same, saved again.

    `thumbs` and `inner` uint8 [n, s, s] are thumbnails of n pictures, with their borders and without;
    `pairs` int64 [k, 2] are those to compare in addition to those with similar thumbnails, such as pairs
    with similar embeddings: they are taken to be upright or mirrored.
    """
    framed = np.flatnonzero((thumbs != inner).any(axis=(1, 2)))
    pictures = np.concatenate([np.arange(len(thumbs)), framed])
    views = np.concatenate([thumbs, inner[framed]])
    view_of = np.arange(len(thumbs))
    view_of[framed] = len(thumbs) + np.arange(len(framed))
    is_framed = np.zeros(len(views), bool)
    is_framed[framed] = True
    blank = is_blank(views)

    found = np.empty(0, np.int64)  # i · n + j of each pair

    def check(rows: np.ndarray, others: np.ndarray, turn: int, progress: Progress) -> None:
        nonlocal found
        one, other = pictures[rows], pictures[others]
        pair = np.minimum(one, other) * len(thumbs) + np.maximum(one, other)
        frames = is_framed[rows] & is_framed[others]  # two frames are alike, whatever they enclose
        left = (one != other) & ~blank[rows] & ~blank[others] & ~frames & ~np.isin(pair, found)
        rows, others, pair = rows[left], others[left], pair[left]

        def same(start: int) -> np.ndarray:
            some = slice(start, start + _PAIRS)
            return pair[some][same_picture(views[rows[some]], turned(views[others[some]], turn))]

        new, starts = [], range(0, len(rows), _PAIRS)
        for done, some in enumerate(pool.map(same, starts), 1):
            new.append(some)
            progress(done, len(starts))
        found = np.union1d(found, np.concatenate([found, *new]))

    with ThreadPoolExecutor(processors()) as pool:
        low = _low_frequencies(views)
        for turn in range(_TURNS):
            rows, others = _alike(low, turn, part(progress, 2 * turn, 2 * _TURNS + 2))
            check(rows, others, turn, part(progress, 2 * turn + 1, 2 * _TURNS + 2))
        for turn in (0, 1):
            check(*view_of[pairs].T, turn, part(progress, 2 * _TURNS + turn, 2 * _TURNS + 2))
    return np.stack(np.divmod(found, len(thumbs)), axis=1)


def is_blank(thumbs: np.ndarray) -> np.ndarray:
    """bool [n]: which of `thumbs` uint8 [n, s, s] have too little detail to tell pictures apart."""
    blank = np.empty(len(thumbs), bool)
    for start in range(0, len(thumbs), _ROWS):
        detail = _detail(thumbs[start : start + _ROWS].astype(np.float32))
        blank[start : start + _ROWS] = detail.std(axis=(1, 2)) < _FAINT
    return blank


def turned(images: np.ndarray, turn: int) -> np.ndarray:
    """`images` [..., s, s] in one of the eight orientations: 0 is as they are, 1 is mirrored."""
    if turn >= 4:
        images = images.swapaxes(-1, -2)
    if turn & 2:
        images = images[..., ::-1, :]
    return images[..., ::-1] if turn & 1 else images


def same_picture(thumbs: np.ndarray, others: np.ndarray) -> np.ndarray:
    """bool [m]: whether each of `thumbs` uint8 [m, s, s] shows the same picture as the one of `others`."""
    same, every = np.zeros(len(thumbs), bool), np.arange(len(thumbs))
    # Most pairs are different, and show it at quarter size, where they are quickly aligned.
    quarters = _reduced(thumbs, 4), _reduced(others, 4)
    aligned = [_align(*quarters, _start(len(thumbs), scale), 1) for scale in _SCALES]
    fits, alike = map(np.stack, zip(*aligned, strict=True))
    best = alike.argmax(axis=0)
    left = np.flatnonzero(alike[best, every] >= _PROMISING)
    fits = fits[best, every][left]

    one, other = thumbs[left].astype(np.float32), others[left].astype(np.float32)
    unmoved = _correlation(_detail(one), _detail(other), np.ones(one.shape, np.float32)) >= SAME
    same[left[unmoved]] = True
    one, other, fits, left = one[~unmoved], other[~unmoved], fits[~unmoved], left[~unmoved]
    fits, alike = _align(_reduced(one, 2), _reduced(other, 2), fits, 6)
    hopeful = alike >= _HOPEFUL
    one, other, fits, left = one[hopeful], other[hopeful], fits[hopeful], left[hopeful]
    fits, _ = _align(one, other, fits, 4)
    warped, seen = _warp(other, fits)
    detail = _correlation(_detail(one), _detail(warped), _inside(seen))
    same[left] = (detail >= SAME) & (seen.mean(axis=(1, 2)) >= _OVERLAP)
    return same


def _low_frequencies(views: np.ndarray) -> np.ndarray:
    """float32 [m, _LOW, _LOW] of `views` uint8 [m, s, s]: their lowest frequencies, of length 1."""
    import scipy.fft

    low = np.empty((len(views), _LOW, _LOW), np.float32)
    for start in range(0, len(views), _ROWS):
        block = scipy.fft.dctn(views[start : start + _ROWS].astype(np.float32), axes=(1, 2), norm="ortho")
        low[start : start + _ROWS] = block[:, :_LOW, :_LOW]
    low[:, 0, 0] = 0  # the mean
    # Between plain (which counts the lowest frequency alone) and whitened (which crops change).
    low /= np.sqrt(low.std(axis=0)) + 1e-6
    low /= np.linalg.norm(low, axis=(1, 2), keepdims=True) + 1e-6
    return low


def _alike(low: np.ndarray, turn: int, progress: Progress) -> tuple[np.ndarray, np.ndarray]:
    """int64 rows and others of the pairs whose low frequencies are alike if the others are turned."""
    signs = np.where(np.arange(_LOW) % 2, np.float32(-1), np.float32(1))  # of mirrored cosines
    other = low.swapaxes(1, 2) if turn >= 4 else low
    other = other * (signs[:, None] if turn & 2 else 1) * (signs if turn & 1 else 1)
    flat = (len(low), _LOW * _LOW)
    rows, others, _ = pairs_above(low.reshape(flat), _ALIKE, MOST, other.reshape(flat), progress)
    return rows, others


def _detail(images: np.ndarray) -> np.ndarray:
    """What is finer than 1.5 pixels of each of `images` float32 [m, s, s]."""
    from scipy.ndimage import gaussian_filter1d

    smooth = gaussian_filter1d(gaussian_filter1d(images, 1.5, axis=1, truncate=3), 1.5, axis=2, truncate=3)
    return images - smooth


def _inside(seen: np.ndarray) -> np.ndarray:
    """`seen` [m, s, s] without the outermost pixels, whose surroundings are not known."""
    inside = seen.copy()
    inside[:, [0, -1]] = inside[:, :, [0, -1]] = 0
    return inside


def _correlation(one: np.ndarray, other: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """float32 [m]: the correlation of each pair of images [m, s, s], where `seen` float32 [m, s, s] is 1."""
    weight = seen.reshape(len(seen), seen.shape[1] * seen.shape[2])
    count = np.maximum(weight.sum(axis=1, keepdims=True), 1)
    a, b = one.reshape(weight.shape) * weight, other.reshape(weight.shape) * weight
    for image in (a, b):
        image -= image.sum(axis=1, keepdims=True) / count * weight
    scale = np.sqrt(np.einsum("ij,ij->i", a, a) * np.einsum("ij,ij->i", b, b))
    return np.einsum("ij,ij->i", a, b) / np.maximum(scale, 1e-3)


def _reduced(images: np.ndarray, times: int) -> np.ndarray:
    """float32 [m, s / times, s / times]: the means of the squares of `images` [m, s, s]."""
    m, side, _ = images.shape
    squares = images.reshape(m, side // times, times, side // times, times)
    return squares.mean(axis=(2, 4), dtype=np.float32)


def _start(m: int, scale: float) -> np.ndarray:
    return np.tile(np.float32([scale, 0, scale, 0]), (m, 1))


def _grid(side: int) -> np.ndarray:
    """float32 [side]: the middle of each pixel, from −1 to 1."""
    return ((np.arange(side, dtype=np.float32) + 0.5) * 2 / side - 1).astype(np.float32)


def _warp(images: np.ndarray, fits: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """`images` float32 [m, s, s], each sampled at scale × place + shift; and where they were seen, 0 or 1.

    `fits` float32 [m, 4] are vertical scale and shift, then horizontal, in half sides.
    """
    down, seen_down = _sampling(fits[:, 0:1], fits[:, 1:2], images.shape[1])
    across, seen_across = _sampling(fits[:, 2:3], fits[:, 3:4], images.shape[1])
    return down @ images @ across.swapaxes(1, 2), seen_down[:, :, None] * seen_across[:, None, :]


def _sampling(scale: np.ndarray, shift: np.ndarray, side: int) -> tuple[np.ndarray, np.ndarray]:
    """float32 [m, s, s]: matrices that sample lines at scale × place + shift, each [m, 1]; and what is seen.

    That is float32 [m, s]: 1 for the places within the image.
    """
    place = (scale * _grid(side) + shift + 1) * np.float32(side / 2) - np.float32(0.5)
    seen = ((place >= -0.5) & (place <= side - 0.5)).astype(np.float32)
    weights = np.clip(place, 0, side - 1)[:, :, None] - np.arange(side, dtype=np.float32)
    np.abs(weights, out=weights)
    np.subtract(1, weights, out=weights)
    return np.maximum(weights, 0, out=weights), seen


def _align(
    target: np.ndarray, images: np.ndarray, fits: np.ndarray, rounds: int
) -> tuple[np.ndarray, np.ndarray]:
    """The fits with which `images` resemble `target` float32 [m, s, s] most, and their correlations.

    Gauss-Newton on the four parameters of `_warp`, a gain and an offset (B. Lucas and T. Kanade, 1981),
    starting from `fits`.
    """
    m, side, _ = target.shape
    grid, diagonal = _grid(side), np.arange(6)
    slope = np.empty((m, 6, side, side), np.float32)  # by each parameter
    down, across = slope[:, 1], slope[:, 3]
    best, reached = fits.copy(), np.full(m, -1, np.float32)
    for round in range(rounds + 1):
        warped, seen = _warp(images, fits)
        now = _correlation(target, warped, seen)
        better = now > reached
        best[better], reached[better] = fits[better], now[better]
        if round == rounds or not m:
            break
        for change, lines, scale in ((down, warped, fits[:, 0]), (across, warped.swapaxes(1, 2), fits[:, 2])):
            _differences(lines, out=change if lines is warped else change.swapaxes(1, 2))
            change *= seen * (np.float32(side / 2) / scale)[:, None, None]
        np.multiply(down, grid[:, None], out=slope[:, 0])
        np.multiply(across, grid, out=slope[:, 2])
        np.negative(seen, out=slope[:, 5])
        np.multiply(target, slope[:, 5], out=slope[:, 4])
        flat = slope.reshape(m, 6, side * side)
        normal = flat @ flat.swapaxes(1, 2)
        normal[:, diagonal, diagonal] *= 1.001
        normal[:, diagonal, diagonal] += 1e-3
        step = -np.linalg.solve(normal, flat @ warped.reshape(m, side * side, 1))[:, :4, 0]
        fits = fits + np.clip(step, -0.15, 0.15)
        fits[:, [0, 2]] = np.clip(fits[:, [0, 2]], 0.68, 1.48)
        fits[:, [1, 3]] = np.clip(fits[:, [1, 3]], -0.45, 0.45)
    return best, reached


def _differences(images: np.ndarray, out: np.ndarray) -> None:
    """What `np.gradient(images, axis=1)` returns for float32 [m, s, s], without arrays in between."""
    np.subtract(images[:, 2:], images[:, :-2], out=out[:, 1:-1])
    out[:, 1:-1] *= np.float32(0.5)
    np.subtract(images[:, 1], images[:, 0], out=out[:, 0])
    np.subtract(images[:, -1], images[:, -2], out=out[:, -1])
