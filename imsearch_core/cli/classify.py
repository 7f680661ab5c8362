"""classify IMAGE …: name the ImageNet classes that the encoder sees."""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np

from imsearch_core.cli.common import (
    add_command,
    fetch_encoder,
    print_json,
    progress_bar,
    say,
    with_encoder,
    with_json,
)
from imsearch_core.encoders import ClassHead, Encoder, load_encoder
from imsearch_core.encoders.imagenet import top_classes
from imsearch_core.errors import BadImage, UsageError
from imsearch_core.phrases.class_head import Classes
from imsearch_core.phrases.tower import TextTower
from imsearch_core.store.sync import BATCH
from imsearch_core.vectors.embeddings import Embeddings


def add(commands: argparse._SubParsersAction) -> None:
    classify = add_command(commands, "classify", "name the ImageNet classes that the encoder sees", _classify)
    classify.add_argument("images", nargs="+", metavar="IMAGE")
    classify.add_argument("-k", type=int, default=5, help="how many classes (default: 5)")
    with_encoder(classify)
    with_json(classify)


def _classify(options: argparse.Namespace) -> int:
    if options.k < 1:
        raise UsageError(f"-k is {options.k}: at least 1 class must be asked for")
    for name in options.images:
        if not Path(name).exists():
            raise UsageError(f"{name} does not exist")
    fetch_encoder(options.encoder)
    encoder = load_encoder(options.encoder, options.weights)
    preset = encoder.preset
    found, failed = [], 0
    for start in range(0, len(options.images), BATCH):
        names, squares = [], []
        for name in options.images[start : start + BATCH]:
            try:
                squares.append(preset.prepare(preset.open(Path(name))))
                names.append(name)
            except BadImage as error:
                say(f"imsearch: {name}: {error}", file=sys.stderr)
                failed += 1
        if squares:
            embeddings = encoder.embed(np.stack(squares))
            logits = _head_for(encoder, embeddings).logits(embeddings)
            found += [(name, top_classes(row, options.k)) for name, row in zip(names, logits, strict=True)]
    if options.json:
        print_json([{"file": name, "classes": [asdict(c) for c in classes]} for name, classes in found])
    else:
        for name, classes in found:
            say(name)
            for c in classes:
                say(f"  {c.probability:6.1%}  {c.name} ({c.index})")
    return 1 if failed else 0


def _head_for(encoder: Encoder, embeddings: np.ndarray) -> ClassHead:
    """The encoder's class head; from texts, with a progress bar the first time."""
    tower = TextTower(lambda: encoder, encoder.fingerprint) if encoder.preset.text else None
    rows = Embeddings(embeddings, np.arange(len(embeddings)))
    with progress_bar("naming the classes", unit="texts") as progress:
        return Classes(encoder.preset, encoder.head, tower, rows).head(progress)
