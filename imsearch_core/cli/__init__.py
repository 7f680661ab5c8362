"""The command line: one file per command, each with an `add` function; `main.py` collects them."""
