"""Tiny models in the hub's layout, with random weights; `make.py` made them, and says how."""

import json
from pathlib import Path
from typing import Any

HUB_MODELS = Path(__file__).resolve().parent
PICTURES = HUB_MODELS / "pictures"


def expected(model: str) -> dict[str, Any]:
    """Embeddings by `transformers`: of the pictures by file, of texts as pairs of text and embedding."""
    return json.loads((HUB_MODELS / model / "expected.json").read_text("utf-8"))
