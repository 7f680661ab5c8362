"""Makes the tiny models in this folder, and compares models of real size with the reference implementation.

All weights are random, so the models know nothing: they show that pictures and texts go through the same
steps as in `transformers`. It needs an environment of its own, never the project's:

    python -m venv /tmp/reference
    /tmp/reference/bin/pip install torch==2.13.0 transformers==5.24.0 onnx onnxscript -r requirements.txt \\
        onnxruntime tokenizers huggingface_hub
    PYTHONPATH=. /tmp/reference/bin/python tests/encoders/hub_models/make.py tiny
    PYTHONPATH=. /tmp/reference/bin/python tests/encoders/hub_models/make.py compare PHOTOS

`tiny` writes one folder for each kind of model, with what the reference makes of `pictures/` and TEXTS in
`expected.json`. `compare` prints, for models of the published sizes and all photos in a folder, the lowest
cosine to the reference.
"""

import argparse
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import torch
import transformers as hf
from PIL import Image
from tokenizers import Tokenizer, models, pre_tokenizers, trainers
from transformers.models.bit.image_processing_pil_bit import BitImageProcessorPil
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil
from transformers.models.siglip.image_processing_pil_siglip import SiglipImageProcessorPil
from transformers.models.siglip2.tokenization_siglip2 import Siglip2Tokenizer

HERE = Path(__file__).resolve().parent
TEXTS = [
    "a photo of a cat",
    "Red CAR, in the snow!  (two   spaces)",
    "",
    "sunset over water, " * 30,
    "日本の猫",
    "кошка на диване",
    "naïve café ☕",
    "it's 3 o'clock",
]
_LEARNT_FROM = ["a photo of a cat and a dog", "red car in the snow", "sunset over the water", "it's o'clock"]


class Size(NamedTuple):
    image: int
    patch: int
    width: int
    layers: int
    heads: int
    embedding: int

    @property
    def tower(self) -> dict[str, int]:
        return {
            "hidden_size": self.width,
            "intermediate_size": 4 * self.width,
            "num_hidden_layers": self.layers,
            "num_attention_heads": self.heads,
        }


class Made(NamedTuple):
    """A model with what surrounds it in `transformers`."""

    vision: "OneOutput"
    text: "OneOutput | None"
    processor: Any
    tokenizer: Any
    config: Any


# As published: CLIP ViT-B/32 and its text tower, SigLIP base, DINOv2 small.
SIZES = {
    "tiny": dict.fromkeys(("clip", "clip text", "siglip", "dinov2"), Size(32, 8, 32, 2, 2, 16)),
    "real": {
        "clip": Size(224, 32, 768, 12, 12, 512),
        "clip text": Size(224, 32, 512, 12, 8, 512),
        "siglip": Size(224, 16, 768, 12, 12, 768),
        "dinov2": Size(224, 14, 384, 12, 6, 384),
    },
}


def clip(sizes: dict[str, Size]) -> Made:
    size, tokenizer = sizes["clip"], clip_tokenizer()
    ends = {"bos_token_id": tokenizer.bos_token_id, "eos_token_id": tokenizer.eos_token_id}
    config = hf.CLIPConfig(
        text_config=_text_config(sizes["clip text"], tokenizer) | ends,
        vision_config=_vision_config(size),
        projection_dim=size.embedding,
    )
    return Made(
        OneOutput(_made(hf.CLIPVisionModelWithProjection, config.vision_config), "image_embeds"),
        OneOutput(_made(hf.CLIPTextModelWithProjection, config.text_config), "text_embeds", masked=True),
        CLIPImageProcessorPil(size={"shortest_edge": size.image}, crop_size=_square(size.image)),
        tokenizer,
        config,
    )


def siglip(sizes: dict[str, Size]) -> Made:
    """With the tokenizer of SigLIP 2; the towers of both are the same."""
    size, tokenizer = sizes["siglip"], siglip_tokenizer()
    config = hf.SiglipConfig(text_config=_text_config(size, tokenizer), vision_config=_vision_config(size))
    return Made(
        OneOutput(_made(hf.SiglipVisionModel, config.vision_config), "pooler_output"),
        OneOutput(_made(hf.SiglipTextModel, config.text_config), "pooler_output"),
        SiglipImageProcessorPil(size=_square(size.image), resample=2),
        tokenizer,
        config,
    )


def dinov2(sizes: dict[str, Size]) -> Made:
    """Without a text tower."""
    size = sizes["dinov2"]
    config = hf.Dinov2Config(image_size=size.image, patch_size=size.patch, **size.tower)
    processor = BitImageProcessorPil(
        size={"shortest_edge": size.image * 8 // 7},
        crop_size=_square(size.image),
        image_mean=[0.485, 0.456, 0.406],
        image_std=[0.229, 0.224, 0.225],
    )
    return Made(OneOutput(_made(hf.Dinov2Model, config), "last_hidden_state"), None, processor, None, config)


def _square(side: int) -> dict[str, int]:
    return {"height": side, "width": side}


def _text_config(size: Size, tokenizer) -> dict[str, int]:
    return size.tower | {
        "vocab_size": len(tokenizer),
        "max_position_embeddings": tokenizer.model_max_length,
        "projection_dim": size.embedding,
        "projection_size": size.width,
        "pad_token_id": tokenizer.pad_token_id,
    }


def _vision_config(size: Size) -> dict[str, int]:
    sizes = {"image_size": size.image, "patch_size": size.patch, "projection_dim": size.embedding}
    return size.tower | sizes


def _made(kind, config):
    torch.manual_seed(0)
    config._attn_implementation = "eager"
    model = kind(config).eval()
    with torch.no_grad():  # as initialised, all pictures look alike to it
        for name, value in model.named_parameters():
            if value.ndim > 1 and "position" not in name:
                value.mul_(4 if config.hidden_size < 100 else 2)
    return model


class OneOutput(torch.nn.Module):
    """One output of a model, its inputs by position."""

    def __init__(self, model, output: str, masked: bool = False) -> None:
        super().__init__()
        self.model, self.output, self.masked = model, output, masked

    def forward(self, first, mask=None):
        found = self.model(first, attention_mask=mask) if mask is not None else self.model(first)
        return getattr(found, self.output)


def clip_tokenizer():
    """A byte-level BPE like CLIP's, of few words."""
    learnt = Tokenizer(models.BPE(end_of_word_suffix="</w>"))
    learnt.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=700, initial_alphabet=alphabet, end_of_word_suffix="</w>", show_progress=False
    )
    learnt.train_from_iterator(_LEARNT_FROM, trainer)
    model = json.loads(learnt.to_str())["model"]
    letters = sorted(alphabet)
    names = [*letters, *(letter + "</w>" for letter in letters)]
    names += [name for name in model["vocab"] if name not in names]
    names += ["<|startoftext|>", "<|endoftext|>"]
    merges = [tuple(merge) for merge in model["merges"]]
    return hf.CLIPTokenizer(
        vocab={name: number for number, name in enumerate(names)}, merges=merges, model_max_length=77
    )


def siglip_tokenizer():
    """A BPE with bytes to fall back on, like Gemma's, which SigLIP 2 uses."""
    names = ["<pad>", "<eos>", "<bos>", "<unk>", "<mask>"]
    names += [f"<0x{number:02X}>" for number in range(256)] + ["▁", *"abcdefghijklmnopqrstuvwxyz"]
    merges = [("c", "a"), ("ca", "t"), ("▁", "a"), ("t", "o"), ("r", "e"), ("re", "d")]
    names += ["".join(merge) for merge in merges]
    vocab = {name: number for number, name in enumerate(names)}
    return Siglip2Tokenizer(vocab=vocab, merges=merges, model_max_length=64, padding_side="right")


MODELS = {"clip": clip, "siglip": siglip, "dinov2": dinov2}


def export(folder: Path, made: Made) -> None:
    """Write a model in the hub's layout."""
    vision, text, processor, tokenizer, config = made
    shutil.rmtree(folder, ignore_errors=True)
    (folder / "onnx").mkdir(parents=True)
    config.save_pretrained(folder)
    processor.save_pretrained(folder)
    side = processor.crop_size["height"] if processor.do_center_crop else processor.size["height"]
    pixels = torch.zeros(2, 3, side, side)
    graph = "vision_model" if text else "model"
    _write(folder / "onnx" / f"{graph}.onnx", vision, (pixels,), ["pixel_values"])
    if text:
        tokenizer.save_pretrained(folder)
        length = None if text.masked else tokenizer.model_max_length
        numbers = torch.ones(2, length or 7, dtype=torch.int64)
        inputs = (numbers, torch.ones_like(numbers)) if text.masked else (numbers,)
        names = ["input_ids", "attention_mask"][: len(inputs)]
        _write(folder / "onnx" / "text_model.onnx", text, inputs, names)


def _write(path: Path, graph: OneOutput, inputs: tuple, names: list[str]) -> None:
    axes = {name: {0: "batch"} | ({1: "tokens"} if name != "pixel_values" else {}) for name in names}
    torch.onnx.export(
        graph,
        inputs,
        path,
        input_names=names,
        output_names=[graph.output],
        dynamic_axes=axes | {graph.output: {0: "batch"}},
        opset_version=17,
        dynamo=False,
    )


def reference_pictures(made: Made, pictures: list[Image.Image]) -> np.ndarray:
    """float32 [n, d]: the pictures embedded by `transformers`."""
    with torch.no_grad():
        rows = [
            made.vision(made.processor(picture, return_tensors="pt")["pixel_values"]) for picture in pictures
        ]
    found = torch.cat(rows).numpy()
    return found[:, 0] if found.ndim == 3 else found


def reference_texts(made: Made, texts: list[str]) -> np.ndarray:
    """float32 [n, d]: the texts embedded by `transformers`."""
    masked = made.text.masked
    padding = True if masked else "max_length"
    given = made.tokenizer(texts, padding=padding, truncation=True, return_tensors="pt")
    with torch.no_grad():
        return made.text(given["input_ids"], *([given["attention_mask"]] if masked else [])).numpy()


def tiny() -> None:
    files = sorted((HERE / "pictures").iterdir())
    pictures = [Image.open(file) for file in files]
    for name, make in MODELS.items():
        made = make(SIZES["tiny"])
        export(HERE / name, made)
        expected = {
            "pictures": dict(
                zip((file.name for file in files), _rounded(reference_pictures(made, pictures)), strict=True)
            )
        }
        if made.text:
            texts = _rounded(reference_texts(made, TEXTS))
            expected["texts"] = [[text, row] for text, row in zip(TEXTS, texts, strict=True)]
        (HERE / name / "expected.json").write_text(json.dumps(expected, ensure_ascii=False), "utf-8")


def _rounded(rows: np.ndarray) -> list[list[float]]:
    return [[round(float(value), 5) for value in row] for row in rows]


def compare(photos: Path) -> None:
    from imsearch_core.encoders import load_encoder
    from imsearch_core.errors import BadImage
    from imsearch_core.pictures.decode import open_image

    files, pictures = [], []
    for file in sorted(path for path in photos.rglob("*") if path.is_file()):
        try:
            pictures.append(open_image(file))
            files.append(file)
        except BadImage:
            pass
    for name, make in MODELS.items():
        made = make(SIZES["real"])
        with tempfile.TemporaryDirectory() as folder:
            export(Path(folder), made)
            encoder = load_encoder(f"path:{folder}")
            preset = encoder.preset
            ours = np.concatenate([encoder.embed(preset.prepare(preset.open(file))[None]) for file in files])
            _tell(f"{name}: {len(files)} pictures", ours, reference_pictures(made, pictures))
            if made.text:
                _tell(f"{name}: texts", encoder.embed_texts(TEXTS), reference_texts(made, TEXTS))


def _tell(what: str, ours: np.ndarray, theirs: np.ndarray) -> None:
    lengths = np.linalg.norm(ours, axis=1) * np.linalg.norm(theirs, axis=1)
    cosines = (ours * theirs).sum(axis=1) / lengths
    others = np.corrcoef(theirs)[~np.eye(len(theirs), dtype=bool)].mean()
    print(f"{what}: lowest cosine {cosines.min():.6f}, mean {cosines.mean():.6f} (between two: {others:.2f})")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("tiny")
    commands.add_parser("compare").add_argument("photos", type=Path)
    options = parser.parse_args()
    tiny() if options.command == "tiny" else compare(options.photos)
