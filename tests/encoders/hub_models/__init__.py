"""Tiny models in the hub's layout, with random weights; `make.py` made them, and says how."""

import hashlib
import json
from pathlib import Path
from typing import Any

from tests.local_site import Site

HUB_MODELS = Path(__file__).resolve().parent
PICTURES = HUB_MODELS / "pictures"


def expected(model: str) -> dict[str, Any]:
    """Embeddings by `transformers`: of the pictures by file, of texts as pairs of text and embedding."""
    return json.loads((HUB_MODELS / model / "expected.json").read_text("utf-8"))


def publish(site: Site, repository: str, model: str) -> None:
    """Let a local site have a model where the hub would have it."""
    for path in (HUB_MODELS / model).rglob("*"):
        if path.is_file() and path.name != "expected.json":
            address = f"/{repository}/resolve/main/{path.relative_to(HUB_MODELS / model).as_posix()}"
            site.files[address] = path.read_bytes()
            if path.suffix == ".onnx":
                site.hashes[address] = hashlib.sha256(site.files[address]).hexdigest()
