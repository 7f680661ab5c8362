"""The options that say which pictures may be found."""

import argparse

from imsearch_core.datasets.layout import SPLITS
from imsearch_core.search.filters import SEVERAL, FilterKeywords


def with_filters(command: argparse.ArgumentParser) -> None:
    only = command.add_argument_group("find only pictures")
    for name, metavar, text in (
        ("label", "L", "with this label, after corrections; repeat it to allow several"),
        ("split", "NAME", f"of this split: {', '.join(SPLITS)}"),
        ("tag", "T", "with this tag; repeat it to allow several"),
        ("problem", "P", "with this problem, such as 'blurry'; repeat it to allow several"),
        ("taken", "WHEN", "taken then: 2019, 2019-05, 2019-05-31, or from one to another: 2019-05..2020"),
        ("camera", "NAME", "taken with this camera, or with one whose name contains this"),
        ("name", "PATTERN", "whose path contains this, or matches a pattern such as 'IMG_2*'"),
    ):
        action = "append" if name in SEVERAL else "store"
        only.add_argument(f"--{name}", metavar=metavar, action=action, help=text)
    only.add_argument(
        "--min-size", type=int, metavar="PIXELS", help="with at least this many pixels on the shorter side"
    )


def filters_of(options: argparse.Namespace) -> FilterKeywords:
    """What was given of the options of `with_filters`."""
    return {name: getattr(options, name) for name in FilterKeywords.__annotations__}
