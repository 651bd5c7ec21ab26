"""Results of PostgreSQL without what hardly anybody reads of them."""

from collections.abc import Iterator, Sequence
from typing import Any, overload

from psycopg import Column, Cursor


class _Description(Sequence[Column]):
    """The columns of a result, each made when somebody looks at one."""

    def __init__(self, cursor: "LeanCursor") -> None:
        self._cursor = cursor

    def _columns(self) -> list[Column]:
        return Cursor.description.__get__(self._cursor) or []

    @overload
    def __getitem__(self, index: int) -> Column: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Column]: ...
    def __getitem__(self, index: int | slice) -> Column | Sequence[Column]:
        return self._columns()[index]

    def __iter__(self) -> Iterator[Column]:
        return iter(self._columns())

    def __len__(self) -> int:
        return len(self._columns())

    def __bool__(self) -> bool:
        return True


class LeanCursor(Cursor[Any]):
    """A cursor that describes its result only to whoever reads the description.

    SQLAlchemy asks each result whether it has one, and knows the columns of a statement that it has seen before.
    """

    @property
    def description(self) -> Any:
        """As `psycopg.Cursor.description`; None where the statement gave no rows."""
        found = self.pgresult
        return _Description(self) if found is not None and found.nfields else super().description
