"""Models in the common ONNX layout of the Hugging Face hub, for pictures and texts or for pictures alone.

Any model that is not a preset is named by its place: `hub:OWNER/NAME` on the hub, `path:FOLDER` on this
machine. A name may end in a precision, as in `clip-vit-b32:int8`; without one it is fp32. These models need
the extra `vision-language`, but not PyTorch.
"""

import hashlib
import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from PIL import Image

from imsearch_core.encoders.base import Preset, fingerprint, minor_version
from imsearch_core.encoders.device import Device
from imsearch_core.encoders.hub import HubModel, MissingFiles, NotFetched, require
from imsearch_core.encoders.onnx_graph import Graph
from imsearch_core.encoders.onnx_layout import (
    ENDINGS,
    PREPROCESSOR,
    TEXT,
    ModelFiles,
    Preparation,
    Texts,
    graph_names,
    read_preparation,
    read_texts,
)
from imsearch_core.errors import ImsearchError, UsageError
from imsearch_core.files import data_dir, file_hash, folder_key, read_json, write_whole
from imsearch_core.pictures.decode import open_image
from imsearch_core.progress import Progress, silent

HUB, PATH = "hub:", "path:"
"""How the name of a model begins that is named by its place."""
# A large JPEG is decoded at a fraction of its size that keeps the shorter side at least twice this many times
# what the network needs. At 3, the cosine of a SigLIP to the reference fell to 0.99987.
_SPARED = 5


class ModelFacts(NamedTuple):
    """What reading a model's large files tells, kept so that they are read once."""

    hashes: tuple[tuple[str, str], ...]
    """Name and SHA-256 of each file that has a part in an embedding."""
    dimension: int


@dataclass(frozen=True, kw_only=True)
class OnnxPreset(Preset):
    """A model at one precision. Its sizes are read from its files when they are needed.

    Whatever needs the files raises NotFetched if they are not on this machine, and ImsearchError if they are
    damaged or do not hold a model.
    """

    dimension: int = 0
    resize: int = 0
    crop: int = 0
    """As published; 0 if the model is not among the presets. The files have the last word."""
    weights_file: str = ""
    weights_hash: str = ""
    precision: str
    hub: HubModel | None = None
    path: Path | None = None
    """The folder it lies in, if it is not one of the hub."""

    @cached_property
    def files(self) -> ModelFiles:
        require(("onnxruntime", *(("tokenizers",) if self.text else ())), self.name)
        folder = self.path or self.hub.folder()
        if folder is None:
            raise NotFetched(self.missing)
        return ModelFiles.find(folder, self.precision)

    @cached_property
    def preparation(self) -> Preparation:
        return read_preparation(self.files.folder / PREPROCESSOR)

    @cached_property
    def facts(self) -> ModelFacts:
        return _facts(self.files, self.preparation)

    @property
    def missing(self) -> MissingFiles | None:
        """What must be fetched; None if everything is on this machine. Asks no network."""
        if self.hub is None or self.hub.folder():
            return None
        folder = self.hub.own_folder
        megabytes = self.megabytes or None
        return MissingFiles(self.name, self.hub.missing_in(folder), folder, megabytes, self.licence)

    @property
    def without_words(self) -> str:
        if lacking := self.files.missing_for_texts:
            return f"{self.name} cannot read texts: {_belongs(lacking, self.files.folder)}"
        return super().without_words

    def fetch(self, progress: Progress = silent) -> None:
        """Fetch what is missing. Raises ImsearchError as HubModel.fetch does."""
        if self.missing:
            require(("onnxruntime", "tokenizers", "huggingface_hub"), self.name)
            self.hub.fetch(progress)

    def open(self, source: Path | bytes | Image.Image | np.ndarray) -> Image.Image:
        return open_image(source, _SPARED * self.preparation.shorter)

    def prepare(self, image: Image.Image) -> np.ndarray:
        return self.preparation.square(image)

    def seen_box(self, size: tuple[int, int]) -> tuple[float, float, float, float]:
        return self.preparation.seen_box(size)

    def made_by(self, weights: Path | None) -> dict[str, Any]:
        _refuse(weights, self.name)
        return {
            "encoder": self.name if self.path is None else f"{PATH}{self.path.name}:{self.precision}",
            "weights": _combined(self.facts.hashes),
            "files": dict(self.facts.hashes),
            "preprocessing": "as the file says",
            "dimension": self.facts.dimension,
            "libraries": {name: minor_version(name) for name in ("onnxruntime", "pillow")},
        }

    def files_version(self, weights: Path | None) -> str:
        _refuse(weights, self.name)
        return _combined(self.facts.hashes)


class OnnxEncoder:
    """Embeds pictures with ONNX Runtime. The graph is loaded when it is first used."""

    head = None

    def __init__(self, preset: OnnxPreset) -> None:
        self.preset = preset
        self.fingerprint = fingerprint(preset)
        self._preparation = preset.preparation
        # One thread, because batches are embedded side by side.
        self._vision = Graph(preset.files.folder / preset.files.vision, threads=1)

    def embed(self, images: np.ndarray) -> np.ndarray:
        return self._vision.embeddings({"pixel_values": self._preparation.input_of(images)})

    @property
    def device(self) -> Device:
        return self._vision.device


class OnnxTextEncoder(OnnxEncoder):
    """Embeds pictures and texts. Each tower is loaded when it is first used."""

    def __init__(self, preset: OnnxPreset) -> None:
        super().__init__(preset)
        self._folder = preset.files.folder
        self._text = Graph(self._folder / preset.files.text)

    def embed_texts(self, texts: Sequence[str]) -> np.ndarray:
        numbers, mask = self._texts.tokens(texts)
        found = self._text.embeddings({"input_ids": numbers, "attention_mask": mask})
        if found.shape[1] != self.preset.facts.dimension:
            raise ImsearchError(
                f"{self._folder / self.preset.files.text} gives {found.shape[1]} numbers for a text, but a "
                f"picture has {self.preset.facts.dimension}: it belongs to another model"
            )
        return found

    @cached_property
    def _texts(self) -> Texts:
        length = (self._text.input_shape("input_ids") or [None, None])[1]
        return read_texts(
            self._folder,
            length if isinstance(length, int) else None,
            full_length=self._text.input_shape("attention_mask") is None,  # it would look at the padding
        )


def load(preset: OnnxPreset, weights: Path | None) -> OnnxEncoder:
    """The encoder, its graphs to be loaded when needed. Raises as OnnxPreset does."""
    _refuse(weights, preset.name)
    return OnnxTextEncoder(preset) if preset.text else OnnxEncoder(preset)


def _published(
    name: str, repository: str, megabytes: tuple[int, int, int], text: bool = True, **about: Any
) -> list[OnnxPreset]:
    """A model of the hub at each precision. `megabytes`: about, of all its files, as fp32, fp16 and int8."""
    return [
        OnnxPreset(
            name=_named(name, precision),
            megabytes=size,
            text=text,
            precision=precision,
            hub=HubModel(repository, precision, text),
            **about,
        )
        for precision, size in zip(ENDINGS, megabytes, strict=True)
    ]


def _named(stem: str, precision: str) -> str:
    return stem if precision == "fp32" else f"{stem}:{precision}"


_MOBILECLIP = {
    "licence": "Apple's own (apple-ascl): read it before any commercial use",
    "dimension": 512,
    "resize": 256,
    "crop": 256,
}
_SIGLIP = {"licence": "Apache-2.0", "dimension": 768, "resize": 224, "crop": 224}
_PUBLISHED = (
    *_published(
        "mobileclip-s0",
        "Xenova/mobileclip_s0",
        (218, 110, 57),
        description="Understands sentences; the smallest and fastest that does",
        **_MOBILECLIP,
    ),
    *_published(
        "mobileclip-s2",
        "Xenova/mobileclip_s2",
        (399, 201, 103),
        description="Understands sentences better; still quick",
        **_MOBILECLIP,
    ),
    *_published(
        "clip-vit-b32",
        "Xenova/clip-vit-base-patch32",
        (608, 305, 155),
        description="Understands sentences; OpenAI's CLIP, which others are compared with",
        licence="MIT",
        dimension=512,
        resize=224,
        crop=224,
    ),
    *_published(
        "siglip-base",
        "Xenova/siglip-base-patch16-224",
        (815, 409, 208),
        description="Understands sentences well; larger and slower",
        **_SIGLIP,
    ),
    *_published(
        "siglip2-base",
        "onnx-community/siglip2-base-patch16-224-ONNX",
        (1535, 785, 411),
        description="Understands sentences in many languages; the largest",
        **_SIGLIP,
    ),
    *_published(
        "dinov2-small",
        "Xenova/dinov2-small",
        (88, 44, 23),
        text=False,
        description="Sees likeness of shape and texture; knows no words",
        licence="Apache-2.0",
        dimension=384,
        resize=256,
        crop=224,
    ),
)
PRESETS = tuple(preset for preset in _PUBLISHED if preset.precision != "fp16")


def find(name: str) -> OnnxPreset | None:
    """The preset of a model that is named by its place or with a precision; None for any other name.

    Raises UsageError for a folder that does not exist or a malformed name; ImsearchError for a folder that
    holds no model.
    """
    stem, precision = _split(name)
    if folder := folder_named(name):
        return _in_folder(folder, precision)
    if stem.startswith(HUB):
        return _on_hub(stem.removeprefix(HUB), precision)
    found = next((preset for preset in _PUBLISHED if preset.name == _named(stem, precision)), None)
    return found and replace(found)  # each reads its files once, and they may change


def folder_named(name: str) -> Path | None:
    """The folder of a name such as "path:FOLDER:int8"; None if the name begins otherwise.

    Raises UsageError if this cannot be the path of a folder.
    """
    stem, _ = _split(name)
    if not stem.startswith(PATH):
        return None
    folder = stem.removeprefix(PATH)
    try:
        if not folder.strip():
            raise ValueError
        return Path(folder).expanduser().resolve()
    except (OSError, RuntimeError, ValueError):  # unknown users, null characters
        raise UsageError(f"{folder!r} is not the path of a folder: write {PATH}FOLDER") from None


def _split(name: str) -> tuple[str, str]:
    """A name without its precision, and that."""
    stem, _, precision = name.rpartition(":")
    return (stem, precision) if precision in ENDINGS else (name, "fp32")


def _in_folder(folder: Path, precision: str) -> OnnxPreset:
    if not folder.is_dir():
        raise UsageError(f"the folder {folder} does not exist")
    files = ModelFiles.find(folder, precision)
    return OnnxPreset(
        name=_named(f"{PATH}{folder}", precision),
        description=_described(f"The model in {folder}", files),
        megabytes=0,
        licence="see where the files are from",
        text=files.text is not None,
        precision=precision,
        path=folder,
    )


def _on_hub(repository: str, precision: str) -> OnnxPreset:
    hub = HubModel(repository, precision)
    folder = hub.folder()
    files = ModelFiles.find(folder, precision) if folder else None
    return OnnxPreset(
        name=_named(f"{HUB}{repository}", precision),
        description=_described(f"The model {repository}", files),
        megabytes=0,
        licence="see the model's page on the hub",
        text=files is not None and files.text is not None,
        precision=precision,
        hub=hub,
    )


def _described(model: str, files: ModelFiles | None) -> str:
    if files is None or files.text:
        return model
    if lacking := files.missing_for_texts:
        return f"{model}. It cannot read texts: {_belongs(lacking, files.folder)}"
    return f"{model}. It has no text tower ({graph_names(TEXT, files.precision)[0]}), so it knows no words"


def _belongs(files: Sequence[str], folder: Path) -> str:
    """That files are missing, and where they belong."""
    are, them = ("is", "it") if len(files) == 1 else ("are", "them")
    return f"{' and '.join(files)} {are} missing in {folder}; put {them} there"


def _facts(files: ModelFiles, preparation: Preparation) -> ModelFacts:
    """Those kept from an earlier time if no file has changed since; else they are found and kept."""
    kept = data_dir() / "model-facts" / f"{folder_key(files.folder)}-{Path(files.vision).stem}.json"
    states = {name: (files.folder / name).stat() for name in files.names}
    stamps = {name: [state.st_size, state.st_mtime_ns] for name, state in states.items()}
    known = read_json(kept)
    with suppress(KeyError, TypeError, ValueError, AttributeError):  # none are kept, or they are damaged
        if known["stamps"] == stamps:
            return ModelFacts(tuple(sorted(known["hashes"].items())), int(known["dimension"]))
    square = np.zeros((1, preparation.crop, preparation.crop, 3), np.uint8)
    vision = Graph(files.folder / files.vision)
    dimension = vision.embeddings({"pixel_values": preparation.input_of(square)}).shape[1]
    hashes = {name: file_hash(files.folder / name) for name in files.names}
    with suppress(OSError):  # without them, files are read again
        write_whole(kept, json.dumps({"stamps": stamps, "hashes": hashes, "dimension": dimension}))
    return ModelFacts(tuple(sorted(hashes.items())), dimension)


def _combined(hashes: tuple[tuple[str, str], ...]) -> str:
    """One hash of all files."""
    return hashlib.sha256(repr(hashes).encode()).hexdigest()


def _refuse(weights: Path | None, name: str) -> None:
    if weights is not None:
        raise UsageError(f"{name} takes no --weights: name the model's folder as --encoder {PATH}FOLDER")
