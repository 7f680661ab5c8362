"""What a store holds, by file."""

from imsearch_core.store import Snapshot


def row_of(snapshot: Snapshot) -> dict[str, int]:
    """The row of each file that has an embedding."""
    rows = snapshot.stamps["row"].tolist()
    return {file: row for file, row in zip(snapshot.files, rows, strict=True) if row >= 0}


def content(snapshot: Snapshot) -> dict[str, bytes]:
    """The embedding of each file."""
    return {file: snapshot.matrix[row].tobytes() for file, row in row_of(snapshot).items()}
