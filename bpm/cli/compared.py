"""What `earshot diff` compares: a file, a folder, a zip archive, or a version of this installation, as a bundle."""

import io
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson

from bpm.cli.product import opened
from bpm.engine.checking import Bundle
from bpm.engine.decisions import is_dmn
from bpm.engine.queries import bundle_of, find_versions, get_version
from bpm.foundation.errors import InvalidInputError, NotFoundError
from bpm.foundation.texts import _

MOST_FILES = 200
LARGEST_FILE = 20_000_000
"""Bytes, unpacked."""
_VERSION = re.compile(r"(?P<key>.+)@(?P<number>\d+)")
_MODELS = (".bpmn", ".bpmn2", ".xml")
_LISTS = {"tests.json": "cases", "triggers.json": "triggers"}


def read_side(text: str) -> Bundle:
    """The bundle that an argument names; InvalidInputError or NotFoundError says what is wrong with which file."""
    path = Path(text)
    if not path.exists():
        return _stored(text)
    return _sorted(list(_files(path)), path.name, alone=path.is_file() and not zipfile.is_zipfile(path))


def _stored(text: str) -> Bundle:
    match = _VERSION.fullmatch(text)
    if match is None:
        raise NotFoundError(
            _("There is no file %(name)s.") % {"name": text},
            remedy=_("Name a file, a folder, a zip archive, or a version as KEY@NUMBER."),
        )
    with opened().unit_of_work.reading() as work:
        versions = find_versions(work, match["key"])
        found = next((each for each in versions if each.number == int(match["number"])), None)
        if found is None:
            numbers = ", ".join(str(each.number) for each in versions) or _("none")
            message = _("The process %(key)s has no version %(number)s; it has: %(numbers)s.")
            raise NotFoundError(message % {"key": match["key"], "number": match["number"], "numbers": numbers})
        detail = get_version(work, found.id)
    return bundle_of(detail)


def _files(path: Path) -> Iterator[tuple[str, bytes]]:
    """(name with its folders, content) of each file."""
    if path.is_dir():
        inside = sorted(each for each in path.rglob("*") if each.is_file() and not _is_left_out(each.relative_to(path)))
        yield from ((str(each.relative_to(path)), each.read_bytes()) for each in inside[: MOST_FILES + 1])
    elif zipfile.is_zipfile(path):
        yield from _unpacked(path)
    else:
        yield path.name, path.read_bytes()


def _unpacked(path: Path) -> Iterator[tuple[str, bytes]]:
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as archive:
        names = [each for each in archive.namelist() if not each.endswith("/") and not _is_left_out(Path(each))]
        for name in names[: MOST_FILES + 1]:
            with archive.open(name) as file:
                yield name, file.read(LARGEST_FILE + 1)


def _is_left_out(path: Path) -> bool:
    return path.name.lower() == "readme.md" or any(part.startswith((".", "__MACOSX")) for part in path.parts)


def _sorted(files: list[tuple[str, bytes]], name: str, *, alone: bool) -> Bundle:
    """The files by what they are; a single file that is no model is compared under one name on both sides."""
    if len(files) > MOST_FILES:
        raise InvalidInputError(_("There are more than %(most)s files.") % {"most": MOST_FILES}, place=name)
    models: list[tuple[str, bytes]] = []
    forms: dict[str, Any] = {}
    decisions: dict[str, bytes] = {}
    lists: dict[str, list[Any]] = {"tests.json": [], "triggers.json": []}
    for path, content in files:
        if len(content) > LARGEST_FILE:
            raise InvalidInputError(_("The file is too large."), place=path)
        plain = path.rpartition("/")[2]
        lower = plain.lower()
        if lower in _LISTS:
            lists[lower] = _listed(content, path, _LISTS[lower])
        elif is_dmn(content, plain):
            decisions["decisions.dmn" if alone else plain] = content
        elif lower.endswith((".json", ".form")):
            forms["form" if alone else plain.rpartition(".")[0]] = _json(content, path)
        elif lower.endswith(_MODELS):
            models.append((plain, content))
        else:
            remedy = _("Leave it out: models, .dmn, forms, tests.json and triggers.json are compared.")
            raise InvalidInputError(_("This file is no part of a process."), place=path, remedy=remedy)
    if len(models) > 1:
        raise InvalidInputError(_("There are several models."), place=name, remedy=_("Compare one at a time."))
    file_name, source = models[0] if models else (name, b"")
    return Bundle(file_name, source, forms, decisions, lists["tests.json"], lists["triggers.json"])


def _listed(content: bytes, path: str, key: str) -> list[Any]:
    read = _json(content, path)
    rows = read.get(key) if isinstance(read, dict) else read
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise InvalidInputError(_("This lists no objects."), place=path, remedy=_("Write a list of objects."))
    return rows


def _json(content: bytes, path: str) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError as error:
        message = _("This is no JSON: %(why)s.") % {"why": error}
        raise InvalidInputError(message, place=path, remedy=_("Mend the file.")) from error
