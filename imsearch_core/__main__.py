"""The command `imsearch`, and `python -m imsearch_core`."""

import os
import sys


def run() -> int:
    """Run the command that was typed, and return its exit code."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # errors only; TensorFlow reads it when imported
    from imsearch_core.cli.main import main

    return main()


if __name__ == "__main__":
    sys.exit(run())
