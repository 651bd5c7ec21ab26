"""One record of a table, as cut from its file."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Cut:
    """The cells of one record, or (`problem`) why it has none; `number` is the line or row on which it starts."""

    number: int
    cells: tuple[str, ...] = ()
    problem: str = ""
    warnings: tuple[str, ...] = ()
    first_day: int = 0
    """Days between Excel's usual first day and the one from which bare numbers of its file count."""
