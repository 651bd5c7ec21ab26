"""A page of a list."""

from dataclasses import dataclass
from typing import Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True)
class Page(Generic[Row]):
    """Rows of a list, and where the next page begins (None: this was the last)."""

    rows: tuple[Row, ...]
    next: int | None
