"""Contact sheets: of fresh drawings, or of a drawn folder.

``python -m imsearch_core.datasets.illustrated.sheet cat -n 20 -o cats.png`` draws as it goes;
``... sheet --from FOLDER -n 10 -o sheet.jpg`` shows a set that is there, small enough for a README.
"""

from __future__ import annotations

import argparse
import io
import time
from pathlib import Path
from random import Random

import numpy as np
from PIL import Image, ImageDraw

from .plan import ALONE, BACKGROUND, COMPANY, Recipe, mates
from .registry import kinds
from .scene import SceneObject, realise

GROUND = "#303030"
MOST_BYTES = 200_000  # of a JPEG sheet


def _scene(label: str, index: int, seed: int) -> tuple[np.ndarray, list[SceneObject]]:
    """Draw picture ``index`` of class ``label`` in a kind of scene left to chance, correctly labelled."""
    rng = Random(f"{seed}/{label}/{index}")
    kind = rng.choices((ALONE, COMPANY, BACKGROUND), (0.66, 0.22, 0.12))[0]
    others = () if kind == ALONE else mates(label, kind == COMPANY)
    if not others:
        return realise(Recipe(label, index + 1001, ALONE, label), seed)
    other = rng.choice(others)
    lead, partner = (other, label) if kind == BACKGROUND else (label, other)
    return realise(Recipe(label, index + 1001, kind, lead, partner), seed)


def fresh(label: str, count: int, start: int, seed: int, boxes: bool) -> list[Image.Image]:
    """Newly drawn pictures of one class, with the true boxes if asked for."""
    images = []
    for index in range(start, start + count):
        pixels, objects = _scene(label, index, seed)
        image = Image.fromarray(pixels)
        if boxes:
            pen = ImageDraw.Draw(image)
            for thing in objects:
                pen.rectangle(thing.box, outline="red")
                pen.text(thing.box[:2], f"{thing.label} {thing.area:.2f}", fill="red")
        images.append(image)
    return images


def drawn(folder: Path, count: int) -> list[Image.Image]:
    """The first ``count`` pictures of every class of a drawn folder, class by class."""
    images = []
    for part in sorted(path for path in folder.iterdir() if path.is_dir()):
        for file in sorted(part.glob("*.jpg"))[:count]:
            with Image.open(file) as image:
                images.append(image.convert("RGB"))
    return images


def board(images: list[Image.Image], columns: int, cell: tuple[int, int], fill: bool = False) -> Image.Image:
    """Pictures in rows, each fitted into its cell (or, to ``fill`` it, cropped to its shape)."""
    w, h = cell
    sheet = Image.new("RGB", (columns * w, -(-len(images) // columns) * h), GROUND)
    for i, image in enumerate(images):
        if fill:
            wide = min(image.width, image.height * w / h)
            tall = wide * h / w
            left, top = (image.width - wide) / 2, (image.height - tall) / 2
            image = image.resize(cell, Image.Resampling.LANCZOS, (left, top, left + wide, top + tall))
        else:
            image.thumbnail(cell)
        x, y = i % columns * w, i // columns * h
        sheet.paste(image, (x + (w - image.width) // 2, y + (h - image.height) // 2))
    return sheet


def save(sheet: Image.Image, path: Path) -> None:
    """Write the sheet; a JPEG at the best quality that keeps it below `MOST_BYTES`."""
    if path.suffix.lower() not in (".jpg", ".jpeg"):
        sheet.save(path)
        return
    for quality in range(90, 20, -4):
        buffer = io.BytesIO()
        sheet.save(buffer, "JPEG", quality=quality, optimize=True, progressive=True)
        if buffer.tell() <= MOST_BYTES:
            break
    path.write_bytes(buffer.getvalue())


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("labels", nargs="*", help="classes to draw; all when none is given")
    parser.add_argument("--from", dest="folder", type=Path, help="show this drawn folder instead")
    parser.add_argument("-n", "--count", type=int, default=10, help="pictures of each class")
    parser.add_argument("-s", "--start", type=int, default=0, help="first index")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cell", type=int, help="pixels for each picture (160; 80 with --from)")
    parser.add_argument("--boxes", action="store_true", help="show the true boxes")
    parser.add_argument("-o", "--output", type=Path, default=Path("sheet.png"))
    args = parser.parse_args()
    if args.folder:
        cell = args.cell or 80
        images = drawn(args.folder, args.count)
        save(board(images, 2 * args.count, (cell, cell * 3 // 4), fill=True), args.output)
        print(f"{args.output}: {len(images)} pictures, {args.output.stat().st_size // 1000} kB")
        return
    labels, cell, started = args.labels or list(kinds()), args.cell or 160, time.process_time()
    images = [i for c in labels for i in fresh(c, args.count, args.start, args.seed, args.boxes)]
    spent = (time.process_time() - started) / len(images)
    columns = min(10, args.count) if cell <= 160 else max(1, 1600 // cell)
    save(board(images, columns, (cell, cell)), args.output)
    print(f"{args.output}: {spent * 1000:.0f} ms CPU per picture")


if __name__ == "__main__":
    main()
