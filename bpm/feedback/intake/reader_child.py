"""The child process that reads what outsiders send: files record by record, bodies of webhooks in one go.

1. A request is one frame of JSON. The file comes piece by piece, whenever the child asks for more (`m`).
2. Each record is cut, read, normalised and sent as a row of its own (`r`) before the next one is touched, within
   so many seconds of processor time: should the kernel end the child, the parent knows which record it was at.
3. After a batch the child pauses (`p`) until it is told to go on (`g`) or to stop (`s`): the parent writes meanwhile.
4. `c` names the columns, `e` is the end of the file, `f` says why the file as a whole cannot be read any further.
"""

import io
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, BinaryIO

import orjson

from bpm.feedback import language
from bpm.feedback.channels import Context, Format, Record, Row, get_format, reason_of
from bpm.feedback.channels.fields import guess
from bpm.feedback.intake.decompress import DAMAGED, open_content
from bpm.feedback.intake.normalise import normalise, odd_instants
from bpm.feedback.intake.options import read_instant
from bpm.feedback.intake.repeats import ONE_OF_A_KIND, Repeats
from bpm.feedback.intake.webhook_items import rows
from bpm.feedback.limits import READ_MEMORY
from bpm.feedback.privacy.mask import mask
from bpm.feedback.raw_item import with_fields
from bpm.foundation.bounded_child import bound_cpu, bound_memory, frames, read_frame, write_frame
from bpm.foundation.errors import InvalidInputError

_COMPILING = 2.0
"""Seconds of processor time that the first record of a child may take beyond its own: patterns are compiled once."""


class _StoppedError(Exception):
    """The parent wants no more of this file, or is gone."""


@dataclass(frozen=True)
class _Parent:
    """The other end: what it sends and what it is sent."""

    requests: BinaryIO
    answers: BinaryIO

    def say(self, kind: bytes, content: Any = None) -> None:
        write_frame(self.answers, kind + (b"" if content is None else orjson.dumps(content)))

    def hear(self) -> bytes:
        frame = read_frame(self.requests)
        if frame is None:
            raise SystemExit
        return frame

    def more(self) -> bytes:
        """The next piece of the file, empty at its end; waiting for it costs no processor time."""
        self.say(b"m")
        return self.hear()

    def pause(self) -> None:
        self.say(b"p")
        if self.hear() != b"g":
            raise _StoppedError


class _Pieces(io.RawIOBase):
    """The file as the parent hands it over."""

    def __init__(self, parent: _Parent) -> None:
        self._parent = parent
        self._piece = memoryview(b"")
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]  # narrower than any buffer: its callers give bytearrays
        if not self._piece and not self._ended:
            self._piece = memoryview(self._parent.more())
            self._ended = not self._piece
        count = min(len(buffer), len(self._piece))
        buffer[:count] = self._piece[:count]
        self._piece = self._piece[count:]
        return count


def main() -> None:
    """Serve requests until standard input ends."""
    bound_memory(READ_MEMORY)
    parent = _Parent(*frames())
    while (frame := read_frame(parent.requests)) is not None:
        request = orjson.loads(frame)
        try:
            _DONE[request["what"]](parent, request)
        except _StoppedError:
            pass
        except InvalidInputError as error:
            parent.say(b"f", {"message": error.message, "remedy": error.remedy, "place": error.place})
        except DAMAGED as error:
            parent.say(b"f", {"message": f"The file is damaged: {error}.", "remedy": "Save it again.", "place": ""})
        except Exception as error:  # noqa: BLE001 -- foreign bytes find faults that nobody foresaw
            parent.say(b"f", {"message": reason_of(error), "remedy": "", "place": ""})
        finally:
            bound_cpu(0)
        parent.say(b"e")


def _read_file(parent: _Parent, request: Mapping[str, Any]) -> None:
    form, context = get_format(request["format"]), _context(request)
    content, _ = open_content(_Pieces(parent))  # type: ignore[arg-type]  # a reader of bytes is all it needs
    if request["languages"]:
        language.warm()
    reading = _Reading(parent, form, context, request)
    seconds = request["seconds"] + _COMPILING
    bound_cpu(seconds)
    for place, record in enumerate(form.cut(content, context)):
        if place < request["start"]:
            reading.pass_over(record)
        else:
            set_aside_because = request["set_aside"].get(str(place), "")
            reading.take(record, set_aside_because)
            reading.pause_after(request["rows"], request["size"])
            seconds = seconds if set_aside_because else request["seconds"]
        bound_cpu(seconds)


class _Reading:
    """Reads records of one file and sends them as rows."""

    def __init__(self, parent: _Parent, form: Format, context: Context, request: Mapping[str, Any]) -> None:
        self._parent, self._form, self._context = parent, form, context
        self._now, self._languages = datetime.fromisoformat(request["now"]), bool(request["languages"])
        self._everything = replace(context, mapping={**context.mapping, "_everything": "yes"})
        told = context.option("said_at")
        self._said_at = read_instant(told, context.option("zone")) if told else None
        self._rows = self._size = 0
        self._repeats = Repeats(one_of_a_kind=form.unit in ONE_OF_A_KIND)

    def pass_over(self, record: Record) -> None:
        """A record that was read before: it only counts when others are like it."""
        self._repeats.count(record)

    def take(self, record: Record, set_aside_because: str) -> None:
        if set_aside_because:
            row = Row(record.number, reason=set_aside_because, raw=record.raw)
        else:
            row = self._repeats.told_apart(self._row_of(record), record)
        written = self._written(row)
        write_frame(self._parent.answers, b"r" + written)
        self._rows += 1
        self._size += len(written)

    def _row_of(self, record: Record) -> Row:
        """The row; one that is left out holds what it would be, where its format can say that."""
        row = self._form.row_of(record, self._context)
        if not row.ignored or row.item is not None:
            return row
        return replace(row, item=self._form.row_of(record, self._everything).item)

    def pause_after(self, rows: int, size: int) -> None:
        if self._rows >= rows or self._size >= size:
            self._parent.pause()
            self._rows = self._size = 0

    def _written(self, row: Row) -> bytes:
        try:
            return orjson.dumps(_plain(self._normalised(row)))
        except Exception as error:  # noqa: BLE001 -- whatever one record does is its own error
            if row.ignored:
                return orjson.dumps(_plain(replace(row, item=None)))
            return orjson.dumps(_plain(Row(row.number, reason=reason_of(error), raw=row.raw)))

    def _normalised(self, row: Row) -> Row:
        """The row with its item as it is kept, and with what of it could not be used."""
        if row.item is None:
            return row
        told = row.item if row.item.said_at or not self._said_at else with_fields(row.item, said_at=self._said_at)
        item, odd = normalise(told, now=self._now), odd_instants(told, now=self._now)
        if self._languages:
            code, p = language.detect(item.text)
            item = with_fields(item, language=code, language_p=p if code else None)
        return replace(row, item=item, warnings=(*row.warnings, *odd))


def _plain(row: Row) -> dict[str, Any]:
    texts = {"reason": mask(_clean(row.reason)).text, "ignored": mask(_clean(row.ignored)).text}
    # Of a row that comes in its beginning is hardly ever kept; where it is, it is masked then (see `accounting`).
    raw = _clean(row.raw)
    texts["raw"] = raw if row.item is not None and not row.ignored else mask(raw).text
    return {
        "number": row.number,
        "item": row.item,
        "warnings": [mask(_clean(each)).text for each in row.warnings],
        "reports": [
            {name: _clean(value) if isinstance(value, str) else value for name, value in asdict(each).items()}
            for each in row.reports[:50]
        ],
        **texts,
    }


def _clean(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode()


def _read_columns(parent: _Parent, request: Mapping[str, Any]) -> None:
    content, _ = open_content(_Pieces(parent))  # type: ignore[arg-type]  # a reader of bytes is all it needs
    bound_cpu(request["seconds"])
    form = get_format(request["format"])
    if form.mapping is not None:
        mapping = form.mapping(content, _context(request))
    else:
        names = form.columns(content)
        mapping = dict.fromkeys(names, "") | guess(names)
    parent.say(b"c", {_clean(name): mapping[name] for name in list(mapping)[:1000]})


def _read_body(parent: _Parent, request: Mapping[str, Any]) -> None:
    body, pieces = bytearray(), _Pieces(parent)
    while piece := pieces.read(1 << 20):
        body += piece
    bound_cpu(request["seconds"])
    for row in rows(bytes(body), _context(request), now=datetime.fromisoformat(request["now"])):
        parent.say(b"r", _plain(row))


def _context(request: Mapping[str, Any]) -> Context:
    return Context(request["channel"], request["source"], request["file_name"], request["mapping"])


_DONE: dict[str, Callable[[_Parent, Mapping[str, Any]], None]] = {
    "file": _read_file,
    "columns": _read_columns,
    "body": _read_body,
}

if __name__ == "__main__":
    main()
