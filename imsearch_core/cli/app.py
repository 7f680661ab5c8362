"""app [FOLDER]: open the explorer in a browser."""

import argparse
import os
import runpy
import sys
from pathlib import Path

from imsearch_core.cli.common import add_command, with_label_level
from imsearch_core.errors import UsageError
from imsearch_core.files import PROJECT


def add(commands: argparse._SubParsersAction) -> None:
    app = add_command(commands, "app", "open the explorer in a browser", _run)
    app.add_argument("folder", metavar="FOLDER", nargs="?", type=Path, help="default: the folder opened last")
    with_label_level(app)
    app.add_argument("--port", type=int, metavar="P", help="default: 8501, or the next free one")
    app.add_argument("--no-browser", action="store_true", help="only print the address")


def _run(options: argparse.Namespace) -> int:
    if options.folder:
        folder = options.folder.expanduser().resolve()
        if not folder.is_dir():
            raise UsageError(f"{options.folder} is not a folder")
        os.environ["IMSEARCH_OPEN"] = str(folder)
    if options.label_level is not None:
        os.environ["IMSEARCH_LABEL_LEVEL"] = str(options.label_level)
    os.chdir(PROJECT)  # Streamlit reads the .streamlit/config.toml found there
    settings = [f"--server.port={options.port}"] if options.port else []
    settings += ["--server.headless=true"] if options.no_browser else []
    sys.argv = ["streamlit", "run", "app.py", *settings]
    runpy.run_module("streamlit", run_name="__main__")  # ends with SystemExit
    return 0
