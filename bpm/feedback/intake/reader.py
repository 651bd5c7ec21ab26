"""Reads what outsiders send through the bounded child, so that nothing foreign is parsed in this process.

A record on which the child dies costs only itself: the rows before it are handed over, and ReaderStoppedError says
which record it was, so that it can be set aside for good before anything is read again.
"""

import io
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, BinaryIO

import orjson

from bpm.feedback.channels import Context, DeliveryReport, Row
from bpm.feedback.intake.webhook_items import rows as rows_of
from bpm.feedback.limits import LOOK_SECONDS, READ_SECONDS, SMALL_BODY
from bpm.feedback.raw_item import AttachedFile, RawItem
from bpm.foundation.bounded_child import BoundedChild, ChildLostError, Conversation
from bpm.foundation.errors import ConflictError, EarshotError, InvalidInputError

PIECE = 1 << 20
"""Bytes of a file that the child is given at a time."""

ROWS = 500
"""Rows of one batch at most."""

BATCH_BYTES = 8_000_000
"""Bytes of rows of one batch at most, but for the last row."""

PATIENCE = 20.0
"""Seconds for which a request waits until the child has time for it."""

_WAIT = 60.0
"""Seconds of the clock for one frame: the child's own bound counts processor time, this is for one that hangs."""

_REMEDY = "Take it out of the file, or mend it, and import that: what is in already is not taken twice."
_REASONS = {
    "cpu": f"Reading it took more than {READ_SECONDS:g} seconds of processor time, so it was set aside. {_REMEDY}",
    "timeout": f"Reading it took more than {_WAIT:g} seconds, so it was set aside. {_REMEDY}",
    "died": f"It ended the process that read it, so it was set aside. {_REMEDY}",
}


@dataclass(frozen=True)
class File:
    """What is to be read: `start` records are passed over, those set aside (place from 0 -> why) are only named."""

    format: str
    context: Context
    now: datetime
    start: int = 0
    set_aside: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Rows:
    """Rows read together, and how far in the file the reader has come."""

    rows: list[Row]
    done_bytes: int


class ReaderStoppedError(EarshotError):
    """The child died on the record at `place` (from 0); `before` holds the rows that were read until then."""

    def __init__(self, place: int, why: str, before: Rows) -> None:
        super().__init__(_REASONS.get(why, _REASONS["died"]))
        self.place_in_file = place
        self.before = before


_MODULE = "bpm.feedback.intake.reader_child"

imports = BoundedChild(_MODULE)
"""The child that reads import runs."""

requests = BoundedChild(_MODULE)
"""The child that reads for somebody who waits: previews and large bodies of webhooks."""


def read_batches(
    stream: BinaryIO, file: File, *, rows: int = ROWS, size: int = BATCH_BYTES
) -> Generator[Rows, None, None]:
    """The rows of a file, batch by batch; while a batch is being used, nothing is read. To be closed after use.

    InvalidInputError when the file as a whole cannot be read any further, ReaderStoppedError when the child died.
    """
    got = _Got(file.start)
    try:
        with _one_of_ours() as talk:
            talk.send(_file_request(file, rows=rows, size=size, seconds=READ_SECONDS, languages=True))
            yield from _batches(talk, stream, got)
    except ChildLostError as lost:
        raise ReaderStoppedError(got.place, lost.why, got.taken()) from None


def read_columns(stream: BinaryIO, file: File) -> dict[str, str]:
    """The columns or fields of a file, each with the field of an item that it seems to hold, or empty.

    InvalidInputError when it cannot be read.
    """
    with _in_time() as talk:
        talk.send(_request("columns", file.context, file.now, format=file.format, seconds=LOOK_SECONDS))
        found = [orjson.loads(content) for kind, content in _answers(talk, stream, _Got(0)) if kind == b"c"]
    return found[0] if found else {}


def read_first(stream: BinaryIO, file: File, *, rows: int) -> Rows:
    """The first rows of a file; ReaderStoppedError holds what came before the record on which the child died."""
    got = _Got(file.start)
    try:
        with _in_time() as talk:
            talk.send(_file_request(file, rows=rows, size=BATCH_BYTES, seconds=LOOK_SECONDS))
            with closing(_batches(talk, stream, got)) as batches:
                return next(batches, Rows([], 0))
    except ChildLostError as lost:
        raise ReaderStoppedError(got.place, lost.why, got.taken()) from None


def read_body(body: bytes, context: Context, *, now: datetime) -> list[Row]:
    """The rows in a webhook's body, items normalised; InvalidInputError names the object and field that do not fit.

    A body of at most SMALL_BODY bytes is read here: its sender is proven by a signature, and what is done with it
    costs its length (JSON by orjson, which refuses deep nesting; bounded dates, keys and marks), a few milliseconds.
    """
    if len(body) <= SMALL_BODY:
        return list(rows_of(body, context, now=now))
    got = _Got(0)
    try:
        with _in_time() as talk:
            talk.send(_request("body", context, now, seconds=READ_SECONDS))
            for kind, content in _answers(talk, io.BytesIO(body), got):
                if kind == b"r":
                    got.take(_row(content))
    except ChildLostError as lost:
        raise InvalidInputError(
            "Reading the body took too much time or memory.", place="body", remedy="Send fewer or smaller items."
        ) from lost
    return got.rows


@contextmanager
def _one_of_ours() -> Iterator[Conversation]:
    """The warm child for imports, or one for this file alone when the warm one is at work."""
    try:
        talk = imports.conversation(patience=0)
        with ExitStack() as held:
            yield held.enter_context(talk)
    except TimeoutError:
        alone = BoundedChild(_MODULE)
        try:
            with alone.conversation() as talk_alone:
                yield talk_alone
        finally:
            alone.stop()


@contextmanager
def _in_time() -> Iterator[Conversation]:
    """The child for those who wait; ConflictError when others have it for too long."""
    try:
        with requests.conversation(patience=PATIENCE) as talk:
            yield talk
    except TimeoutError as error:
        raise ConflictError("Other files are being looked at.", remedy="Try again in a minute.") from error


class _Got:
    """What has come so far."""

    def __init__(self, start: int) -> None:
        self.place = start
        self.done_bytes = 0
        self.rows: list[Row] = []

    def take(self, row: Row) -> None:
        self.rows.append(row)
        self.place += 1

    def taken(self) -> Rows:
        rows, self.rows = self.rows, []
        return Rows(rows, self.done_bytes)


def _batches(talk: Conversation, stream: BinaryIO, got: _Got) -> Generator[Rows, None, None]:
    try:
        for kind, content in _answers(talk, stream, got):
            if kind == b"r":
                got.take(_row(content))
            elif kind == b"p":
                yield got.taken()
                talk.send(b"g")
    except GeneratorExit:
        _leave(talk)
        raise
    except InvalidInputError:
        if got.rows:
            yield got.taken()
        raise
    if got.rows:
        yield got.taken()


def _leave(talk: Conversation) -> None:
    """Stop in the middle of a file; the child is ready for the next one."""
    if talk.over:
        return
    with suppress(ChildLostError):
        talk.send(b"s")
        while talk.receive(_WAIT)[:1] != b"e":
            pass
        talk.over = True


def _answers(talk: Conversation, stream: BinaryIO, got: _Got) -> Iterator[tuple[bytes, bytes]]:
    """What the child says, its wishes for more of the file fulfilled on the way; InvalidInputError is its refusal."""
    problem = b""
    while (kind := (frame := talk.receive(_WAIT))[:1]) != b"e":
        if kind == b"m":
            piece = stream.read(PIECE)
            got.done_bytes += len(piece)
            talk.send(piece)
        elif kind == b"f":
            problem = frame[1:]
        else:
            yield kind, frame[1:]
    talk.over = True
    if problem:
        raise InvalidInputError(**orjson.loads(problem))


def _file_request(file: File, *, rows: int, size: int, seconds: float, languages: bool = False) -> bytes:
    """`languages`: find out the language of each item; the model costs the child half a second once."""
    set_aside = {str(place): why for place, why in file.set_aside.items()}
    bounds: dict[str, Any] = {"rows": rows, "size": size, "seconds": seconds, "languages": languages}
    return _request("file", file.context, file.now, format=file.format, start=file.start, set_aside=set_aside, **bounds)


def _request(what: str, context: Context, now: datetime, **more: Any) -> bytes:
    return orjson.dumps(
        {
            "what": what,
            "now": now.isoformat(),
            "channel": context.channel,
            "source": context.source,
            "file_name": context.file_name,
            "mapping": dict(context.mapping),
            **more,
        }
    )


def _row(written: bytes) -> Row:
    told = orjson.loads(written)
    item = told.pop("item")
    reports = tuple(DeliveryReport(**each) for each in told.pop("reports"))
    return Row(item=item and raw_item(item), reports=reports, **{**told, "warnings": tuple(told["warnings"])})


_INSTANTS = ("said_at", "revised_at")


def raw_item(told: Mapping[str, Any]) -> RawItem:
    """An item from its fields as plain JSON."""
    instants = {name: datetime.fromisoformat(told[name]) for name in _INSTANTS if told[name]}
    files = tuple(AttachedFile(**each) for each in told.get("attachments", ()))
    return RawItem(**{**told, **instants, "aliases": tuple(told["aliases"]), "attachments": files})
