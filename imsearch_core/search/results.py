"""What a search returns: the neighbours, and how they were found."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from imsearch_core.search.grid import grid_html
from imsearch_core.search.query import Query, TextQuery
from imsearch_core.search.ranking import Target


@dataclass(frozen=True)
class Result:
    """One neighbour."""

    rank: int
    """1 for the nearest."""
    file: str
    label: str | None
    """A person's correction where there is one, else the given label."""
    given_label: str | None
    """The label before any correction."""
    cosine: float
    """Cosine similarity to the query, -1 to 1, in the space that was searched; the plain one if refined."""
    score: float
    """What the results are ordered by: the cosine, or for refined, focus and texts a value of their own. The
    likely ones of a text alone come first."""
    percentile: float
    """The percentage of the other pictures that are less similar to the query; in a collection of more than
    10,000, counted over a fixed random sample of that size."""
    split: str | None = None
    """"train", "val" or "test"; None if the folder has no splits."""
    likely: bool | None = None
    """For a text alone: whether the picture probably shows what the text says (see
    `imsearch_core.search.likely`). Those that do come first."""


@dataclass(frozen=True)
class SearchResult(Sequence[Result]):
    """The sequence of a query's neighbours, nearest first, and how they were found."""

    query: Query | None
    """None when only a text was searched for."""
    encoder_name: str
    engine: str
    method: str
    """One of METHODS; for a text "phrase" with a text tower, else "conse", or "conse and devise" after
    training on the labels."""
    focus: Target | None
    """The class or phrase that the search was conditioned on, if any."""
    strength: float | None
    """For the method focus, 0 to 1; None for the others."""
    milliseconds: float
    """For the search alone, without embedding the query."""
    results: tuple[Result, ...]
    text: TextQuery | None = None
    text_weight: float | None = None
    """For a picture with a text: 0 (the picture alone) to 1 (the text alone)."""
    folder: Path | None = None
    """The collection's folder; None if the pictures lie in none."""

    @property
    def title(self) -> str:
        """What was asked for, such as "Like this, but Siamese cat (0.5)"."""
        like = "Like this"
        if self.query and self.query.others:
            like += f" and {len(self.query.others)} more, for or against"
        if self.text:
            return f"{like}, and “{self.text.text}”" if self.query else f"“{self.text.text}”"
        if self.focus:
            how = self.method if self.strength is None else f"{self.strength:g}"
            return f"{like}, but {self.focus.name} ({how})"
        return like if self.method == "plain" else f"{like} ({self.method})"

    def _repr_html_(self) -> str:
        """In a notebook: the query, if it is a file, and the results as a grid of pictures."""
        folder = self.folder or Path()
        cells = [
            (folder / result.file, f"{result.rank} · {result.label or 'no label'} · {result.cosine:.2f}")
            for result in self
        ]
        if self.query:
            query = Path(self.query.file) if self.query.item is None else folder / self.query.file
            if query.is_file():
                cells.insert(0, (query, "the query"))
        return grid_html(self.title, cells)

    @property
    def likely(self) -> int | None:
        """How many results probably show what the text says; None unless a text alone was searched for."""
        return None if self.text is None or self.query else sum(bool(result.likely) for result in self)

    def __len__(self) -> int:
        return len(self.results)

    def __getitem__(self, place: int | slice) -> Result | tuple[Result, ...]:
        return self.results[place]
