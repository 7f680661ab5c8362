"""train FOLDER: teach text search the labels of a folder."""

import argparse

from imsearch_core.cli.common import folder_command, open_folder, print_json, say
from imsearch_core.wording import counted
from imsearch_core.words.devise import Epoch


def add(commands: argparse._SubParsersAction) -> None:
    folder_command(commands, "train", "teach text search the labels of a folder", _train)


def _train(options: argparse.Namespace) -> int:
    photos = open_folder(options)
    trained = photos.train_words(lambda epoch: None if options.json else _tell(epoch))
    if options.json:
        print_json(
            {
                "epochs": len(trained.epochs),
                "seconds": round(trained.seconds, 3),
                "held_out_cosine": trained.held_out_cosine,
                "held_out_P@9": trained.held_out_precision,
                "pictures": trained.pictures,
                "labels": trained.labels,
                "unknown_labels": trained.unknown_labels,
            }
        )
        return 0
    say(
        f"trained on {counted(len(trained.labels), 'label')} of {counted(trained.pictures, 'picture')} "
        f"in {trained.seconds:.1f} s: "
        f"on the held-out fifth cosine {trained.held_out_cosine:.3f}, P@9 {trained.held_out_precision:.3f}"
    )
    if trained.unknown_labels:
        say(f"left out, their words are not in the table: {', '.join(trained.unknown_labels)}")
    return 0


def _tell(epoch: Epoch) -> None:
    say(f"epoch {epoch.number:2}  loss {epoch.loss:.3f}  held-out cosine {epoch.held_out_cosine:.3f}")
