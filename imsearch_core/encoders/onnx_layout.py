"""What a model in the common layout of the Hugging Face hub says about itself: its files, pixels and texts.

The layout: `preprocessor_config.json`; `onnx/vision_model.onnx`, or `onnx/model.onnx` for a model of pictures
alone; for texts `onnx/text_model.onnx` and `tokenizer.json`. `config.json` and `tokenizer_config.json` add
to these. The names of graphs at another precision end differently.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from imsearch_core.errors import ImsearchError
from imsearch_core.files import read_json

if TYPE_CHECKING:
    from tokenizers import Tokenizer

ENDINGS = {"fp32": ("",), "fp16": ("_fp16",), "int8": ("_quantized", "_int8")}
"""How the names of graphs end at each precision, the usual ending first."""
VISION, TEXT = ("vision_model", "model"), ("text_model",)
"""What graphs are called, the usual name first."""
CONFIG, PREPROCESSOR = "config.json", "preprocessor_config.json"
TOKENIZER, TOKENIZER_CONFIG = "tokenizer.json", "tokenizer_config.json"
_WITH_TEXT = {"clip", "siglip", "siglip2"}  # types of models that always have a text tower
_RESAMPLE_SUPPORT = 3  # the most source pixels to each side that a filter of Pillow looks at (Lanczos)


def graph_names(graphs: tuple[str, ...], precision: str) -> tuple[str, ...]:
    """Where a graph may lie within the folder, the usual place first."""
    return tuple(f"onnx/{graph}{ending}.onnx" for graph in graphs for ending in ENDINGS[precision])


def external_data(graph: str) -> str:
    """Where the weights of a graph lie if they are in a file of their own."""
    return f"{graph}_data"


@dataclass(frozen=True)
class ModelFiles:
    """The files of one model at one precision, by their names within `folder`."""

    folder: Path
    precision: str
    vision: str
    text: str | None
    """None if the model has no text tower."""

    @classmethod
    def find(cls, folder: Path, precision: str) -> "ModelFiles":
        """Look a model up in its folder. Raises ImsearchError, naming what is missing, if there is none."""
        for required in (folder, folder / PREPROCESSOR):
            if not required.exists():
                raise ImsearchError(
                    f"{required} does not exist: a model is a folder in the layout of the Hugging Face hub, "
                    f"with {PREPROCESSOR} and {graph_names(VISION, precision)[0]}"
                )
        vision = _present(folder, graph_names(VISION, precision))
        if vision is None:
            others = sorted(path.name for path in folder.glob("onnx/*.onnx"))
            raise ImsearchError(
                f"{folder} has no {' or '.join(graph_names(VISION, precision))} ({precision})"
                + (f"; there is {', '.join(others)}: name another precision" if others else "")
            )
        text = _present(folder, graph_names(TEXT, precision))
        if text and not (folder / TOKENIZER).is_file():
            raise ImsearchError(f"{folder / TOKENIZER} does not exist: {text} cannot be used without it")
        return cls(folder, precision, vision, text)

    @property
    def missing_for_texts(self) -> tuple[str, ...]:
        """Files that the text tower lacks; none if it is there, or nothing says that there should be one."""
        if self.text:
            return ()
        config = _optional(self.folder / CONFIG)
        told = "text_config" in config or config.get("model_type") in _WITH_TEXT
        if not told and not any(self.folder.glob(f"onnx/{TEXT[0]}*.onnx")):
            return ()
        files = (graph_names(TEXT, self.precision)[0], TOKENIZER)
        return tuple(file for file in files if not (self.folder / file).is_file())

    @property
    def names(self) -> tuple[str, ...]:
        """Every file that has a part in an embedding."""
        names = [PREPROCESSOR, self.vision, external_data(self.vision)]
        if self.text:
            names += [CONFIG, TOKENIZER, TOKENIZER_CONFIG, self.text, external_data(self.text)]
        return tuple(name for name in names if (self.folder / name).is_file())


def _present(folder: Path, names: tuple[str, ...]) -> str | None:
    return next((name for name in names if (folder / name).is_file()), None)


@dataclass(frozen=True)
class Preparation:
    """How a picture becomes the input of a network: as the image processors of `transformers` make it.

    Theirs is the result of the processors that resize with Pillow, to the pixel.
    """

    width: int | None
    """Pixels that a picture is scaled to, whatever its shape; None if it keeps its shape."""
    shorter: int
    """Pixels that the shorter side is scaled to; if `width` is given, the height."""
    crop: int
    """Pixels of the central square that the network sees."""
    resample: Image.Resampling
    scale: tuple[float, ...]
    offset: tuple[float, ...]
    """Per channel, the network sees value · scale + offset for values from 0 to 255."""

    def square(self, image: Image.Image) -> np.ndarray:
        """uint8 [crop, crop, 3] of an RGB picture.

        Of a long picture, only the square and its surroundings are computed, so that 1 × 5000 costs little.
        """
        spans = []
        for before, after in zip(image.size, self._scaled(image.size), strict=True):
            first = (after - self.crop) // 2
            margin = max(self.crop, ceil(_RESAMPLE_SUPPORT * after / before))
            spans.append(
                (first, max(0, first - margin), min(after, first + self.crop + margin), before / after)
            )
        (left, x0, x1, x_step), (top, y0, y1, y_step) = spans
        box = (x0 * x_step, y0 * y_step, min(x1 * x_step, image.width), min(y1 * y_step, image.height))
        part = image.resize((x1 - x0, y1 - y0), self.resample, box)
        left, top = left - x0, top - y0
        return np.asarray(part)[top : top + self.crop, left : left + self.crop]

    def seen_box(self, size: tuple[int, int]) -> tuple[float, float, float, float]:
        """The part that `square` keeps: left, top, right and bottom, as fractions of width and height."""
        width, height = self._scaled(size)
        left, top = (width - self.crop) // 2, (height - self.crop) // 2
        return left / width, top / height, (left + self.crop) / width, (top + self.crop) / height

    def input_of(self, squares: np.ndarray) -> np.ndarray:
        """float32 [n, 3, crop, crop] for squares uint8 [n, crop, crop, 3]."""
        channels = np.ascontiguousarray(squares.transpose(0, 3, 1, 2)).astype(np.float32)
        channels *= np.array(self.scale, np.float32)[:, None, None]
        channels += np.array(self.offset, np.float32)[:, None, None]
        return channels

    def _scaled(self, size: tuple[int, int]) -> tuple[int, int]:
        if self.width is not None:
            return self.width, self.shorter
        width, height = (int(self.shorter * side / min(size)) for side in size)
        return width, height


def read_preparation(path: Path) -> Preparation:
    """Read a `preprocessor_config.json`. Raises ImsearchError, saying why, if it cannot be followed."""
    config = read_object(path)
    try:
        if not config.get("do_resize", True) or config.get("do_pad"):
            raise ValueError("pictures must be resized, and not padded, to one size")
        width, shorter = _size(config)
        cropped = config.get("do_center_crop", "crop_size" in config)
        crop_width, crop = _height_and_width(config["crop_size"]) if cropped else (width, shorter)
        if crop_width != crop:
            raise ValueError("the network's input is no square of one size")
        if crop > min(shorter, width or shorter):
            raise ValueError(f"{crop} pixels are cut out of {shorter}")
        factor = config.get("rescale_factor", 1 / 255) if config.get("do_rescale", True) else 1
        normalised = config.get("do_normalize", "image_mean" in config)
        mean, deviation = (config["image_mean"], config["image_std"]) if normalised else ([0] * 3, [1] * 3)
        return Preparation(
            width,
            shorter,
            crop,
            Image.Resampling(config.get("resample", Image.Resampling.BICUBIC)),
            tuple(float(factor / d) for d in deviation),
            tuple(float(-m / d) for m, d in zip(mean, deviation, strict=True)),
        )
    except (KeyError, TypeError, ValueError, ZeroDivisionError) as error:
        reason = f"it does not say {error}" if isinstance(error, KeyError) else str(error)
        raise ImsearchError(f"{path} cannot be followed: {reason}") from error


def _size(config: Mapping[str, Any]) -> tuple[int | None, int]:
    """Width and height to scale to; only the shorter side, and None, if pictures keep their shape."""
    size = config["size"]
    if isinstance(size, int):  # as older versions of transformers wrote it
        kind = config.get("image_processor_type") or config.get("feature_extractor_type") or ""
        return (size if kind.startswith(("ViT", "Siglip")) else None), size
    if "shortest_edge" in size and "longest_edge" not in size:
        return None, size["shortest_edge"]
    return _height_and_width(size)


def _height_and_width(size: int | Mapping[str, int]) -> tuple[int, int]:
    return (size, size) if isinstance(size, int) else (size["width"], size["height"])


@dataclass(frozen=True)
class Texts:
    """How texts become the input of a text tower."""

    tokenizer: "Tokenizer"
    """Cuts texts that are too long, and pads the others."""
    masked: bool
    """Whether the tower must not look at the padding."""

    def tokens(self, texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """Token numbers int64 [n, tokens], and for each 1 if the tower may look at it, else 0."""
        encoded = self.tokenizer.encode_batch(list(texts))
        numbers = np.array([text.ids for text in encoded], np.int64)
        mask = np.array([text.attention_mask for text in encoded], np.int64)
        return numbers, mask if self.masked else np.ones_like(mask)


def read_texts(folder: Path, length: int | None, full_length: bool) -> Texts:
    """Read a model's tokenizer. Raises ImsearchError if it is damaged.

    `length` is that of the graph's input if it is fixed; else the model's files say how long a text may be.
    With `full_length` all texts are padded to that, else to the longest among them.
    """
    from tokenizers import Tokenizer, normalizers

    path = folder / TOKENIZER
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the library raises Exception itself
        raise ImsearchError(f"{path} is damaged: {error}. Fetch it again") from error
    config, told = _optional(folder / CONFIG), _optional(folder / TOKENIZER_CONFIG)
    siglip = str(config.get("model_type", "")).startswith("siglip")
    if siglip:  # trained on small letters, which only newer files say, and at full length without a mask
        steps = [normalizers.Lowercase(), *filter(None, [tokenizer.normalizer])]
        tokenizer.normalizer = normalizers.Sequence(steps)
    most = length or _longest_text(config, told, tokenizer, 64 if siglip else 77)
    padding = tokenizer.padding or {}
    token = _pad_token(told) or padding.get("pad_token") or "<|endoftext|>"  # CLIP's
    tokenizer.enable_truncation(most)
    tokenizer.enable_padding(
        direction=told.get("padding_side") or padding.get("direction") or "right",
        pad_token=token,
        pad_id=tokenizer.token_to_id(token) or 0,
        length=most if siglip or full_length else None,
    )
    return Texts(tokenizer, masked=not siglip)


def _longest_text(config: Mapping, told: Mapping, tokenizer: "Tokenizer", usual: int) -> int:
    """How many tokens a text may have, by the first file that says so."""
    truncation = (tokenizer.truncation or {}).get("max_length")
    positions = (config.get("text_config") or {}).get("max_position_embeddings")
    for found in (told.get("model_max_length"), positions, truncation):
        if found and found < 100_000:  # "no limit" is written as a very large number
            return int(found)
    return usual


def _pad_token(told: Mapping) -> str | None:
    token = told.get("pad_token")
    return token["content"] if isinstance(token, Mapping) else token


def _optional(path: Path) -> dict[str, Any]:
    return read_object(path) if path.is_file() else {}


def read_object(path: Path) -> dict[str, Any]:
    """A JSON file that holds an object. Raises ImsearchError if it does not."""
    found = read_json(path)
    if not isinstance(found, dict):
        raise ImsearchError(f"{path} is damaged: it holds no JSON object. Fetch it again")
    return found
