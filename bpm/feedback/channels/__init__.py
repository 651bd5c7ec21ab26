"""Every format that items come in, by name; one folder each with its code and samples."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import BinaryIO

from bpm.errors import InvalidInputError
from bpm.feedback.channels import csv, jsonl, mastodon, mbox, webvtt
from bpm.feedback.channels.rows import Context, Row


@dataclass(frozen=True)
class Format:
    """How a file of one kind is read; `channel` is meant when nobody says another."""

    name: str
    label: str
    channel: str
    suffixes: tuple[str, ...]
    parse: Callable[[BinaryIO, Context], Iterator[Row]]
    columns: Callable[[BinaryIO], list[str]]


FORMATS: dict[str, Format] = {
    each.name: each
    for each in (
        Format("csv", "CSV table", "survey", (".csv", ".tsv"), csv.parse, csv.columns),
        Format("jsonl", "JSON Lines", "", (".jsonl", ".ndjson"), jsonl.parse, jsonl.columns),
        Format("mastodon", "Mastodon statuses (JSON)", "social", (".json",), mastodon.parse, mastodon.columns),
        Format("mbox", "Mail (mbox, EML)", "email", (".mbox", ".eml"), mbox.parse, mbox.columns),
        Format("webvtt", "Call transcript (WebVTT, SRT)", "call", (".vtt", ".srt"), webvtt.parse, webvtt.columns),
    )
}


def get_format(name: str) -> Format:
    """The format of that name, or InvalidInputError."""
    if name not in FORMATS:
        raise InvalidInputError(f"{name!r} is no format.", place="format", remedy=f"Use one of {', '.join(FORMATS)}.")
    return FORMATS[name]


def guess_format(file_name: str) -> str | None:
    """The format that a file's name tells; `.gz` at its end does not matter."""
    plain = file_name.lower().removesuffix(".gz")
    return next((name for name, each in FORMATS.items() if plain.endswith(each.suffixes)), None)


__all__ = ["FORMATS", "Context", "Format", "Row", "get_format", "guess_format"]
