"""Rows as columns of numbers that pack into bytes and come back as arrays. Pure.

A column of words holds places in a list of words, so that a day of a thousand things is a few kilobytes.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import orjson

Ints = npt.NDArray[np.int64]
Table = dict[str, Ints]
Packing = dict[str, npt.NDArray[np.integer]]
"""Columns as narrow as they are kept."""
Row = tuple[int | str, ...]

CLOSE = 100_000
"""Numbers that lie no farther apart are told apart without sorting them."""
_WORD_COLUMNS = frozenset(("element", "group", "channel", "kind", "topic", "process", "link", "side", "home_element"))
"""Columns that hold words."""
SHAPES: Mapping[str, tuple[str, ...]] = {
    "worked": ("case", "version", "element", "group", "ms", "tasks", "passes"),
    "load": ("group", "ms", "tasks", "taken"),
    "ended": ("case", "version", "process", "ended"),
    "said": (
        "item", "current", "customer", "channel", "kind", "tone", "topic", "process", "version", "element", "link",
        "case", "home_version", "home_element", "conversation",
    ),
    "given": ("item", "cents", "side", "channel", "case", "home_version", "home_element", "conversation"),
    "began": ("case", "channel", "conversation"),
    "at_home": ("case", "given", "cents", "side", "channel", "day"),
}  # fmt: skip
"""{table: its columns}. `ms`: milliseconds worked; `tasks`: held that day, `taken`: of these
those that nobody held before; `ended`: microseconds since 1970; 0 stands for none of an id."""


@dataclass
class Words:
    """Each word once, by its place."""

    listed: list[str] = field(default_factory=list)
    _places: dict[str, int] = field(default_factory=dict)

    def place(self, word: str) -> int:
        """Where it stands; it is put at the end where it does not yet."""
        found = self._places.setdefault(word, len(self.listed))
        if found == len(self.listed):
            self.listed.append(word)
        return found


def pack(tables: Mapping[str, Sequence[Row]]) -> bytes:
    """The rows of some tables; `unpack` gives them back in their order."""
    words = Words()
    parts: list[bytes] = []
    told: dict[str, tuple[int, list[str]]] = {}
    for name, rows in tables.items():
        kinds = []
        for place, column in enumerate(SHAPES[name]):
            here = [row[place] for row in rows]
            numbers = [words.place(str(each)) for each in here] if column in _WORD_COLUMNS else here
            array = _narrow(np.array(numbers, dtype=np.int64))
            kinds.append(array.dtype.str)
            parts.append(array.tobytes())
        told[name] = (len(rows), kinds)
    head = orjson.dumps({"words": words.listed, "tables": told})
    return len(head).to_bytes(4, "little") + head + b"".join(parts)


def _narrow(array: Ints) -> npt.NDArray[np.integer]:
    """In the fewest bytes that hold it."""
    low, high = (int(array.min()), int(array.max())) if array.size else (0, 0)
    for kind in ("<u1", "<i2", "<i4"):
        limits = np.iinfo(kind)
        if limits.min <= low and high <= limits.max:
            return array.astype(kind)
    return array.astype("<i8")


def unpack(packed: bytes, words: Words) -> dict[str, Packing]:
    """{table: {column: numbers}}; words are put into `words`, and columns hold their places there.

    Other columns are as narrow as they were packed: `joined` widens them.
    """
    size = int.from_bytes(packed[:4], "little")
    head = orjson.loads(packed[4 : 4 + size])
    places = np.array([words.place(each) for each in head["words"]], dtype=np.int64)
    at, found = 4 + size, {}
    for name, (count, kinds) in head["tables"].items():
        table: Packing = {}
        for column, kind in zip(SHAPES[name], kinds, strict=True):
            array = np.frombuffer(packed, dtype=kind, count=count, offset=at)
            at += array.nbytes
            table[column] = places[array] if column in _WORD_COLUMNS and count else array
        found[name] = table
    return found


def rows_of(packed: bytes) -> dict[str, list[Row]]:
    """The rows that were packed, in their order."""
    words = Words()
    found: dict[str, list[Row]] = {}
    for name, table in unpack(packed, words).items():
        columns = (
            [words.listed[each] for each in column.tolist()] if told in _WORD_COLUMNS else column.tolist()
            for told, column in table.items()
        )
        found[name] = list(zip(*columns, strict=True))
    return found


def joined(name: str, days: Iterable[tuple[int, Packing]], columns: Collection[str] = ()) -> Table:
    """The table over several days (ordinal, its rows), in their order; the column `on` tells the day.

    `columns`: only those; empty: all.
    """
    listed = list(days)
    none = [np.zeros(0, dtype=np.int64)]
    found: Table = {
        column: np.concatenate([table[column] for _day, table in listed] or none, dtype=np.int64)
        for column in SHAPES[name]
        if not columns or column in columns
    }
    lengths = [len(table[SHAPES[name][0]]) for _day, table in listed]
    found["on"] = np.repeat(np.array([day for day, _table in listed], dtype=np.int64), lengths)
    return found


def distinct(key: Ints) -> tuple[Ints, Ints]:
    """(the values in order, where each of the key stands among them); without sorting where they lie close together."""
    low, high = (int(key.min()), int(key.max())) if key.size else (0, -1)
    if high - low > CLOSE + 8 * len(key):
        values, place = np.unique(key, return_inverse=True)
        return values, place.astype(np.int64)
    there = np.zeros(high - low + 1, dtype=np.bool_)
    there[key - low] = True
    places: Ints = np.cumsum(there, dtype=np.int64) - 1
    return np.flatnonzero(there).astype(np.int64) + low, places[key - low]
