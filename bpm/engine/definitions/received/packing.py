"""A version as the archive that it can be deployed from again."""

import io
import zipfile
from collections.abc import Iterator
from typing import Any

import orjson

from bpm.engine.definitions.bundle import Bundle

_EARLIEST = (1980, 1, 1, 0, 0, 0)
"""The instant of every entry: the same version gives the same bytes."""


def packed(bundle: Bundle, *, folder: str, documentation: str = "") -> bytes:
    """A zip with one folder, in which each part lies as `reader` finds it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, content in _files(bundle, documentation):
            entry = zipfile.ZipInfo(f"{folder}/{path}", _EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return buffer.getvalue()


def _files(bundle: Bundle, documentation: str) -> Iterator[tuple[str, bytes]]:
    yield bundle.file_name, bundle.source
    for name, schema in bundle.forms.items():
        yield f"forms/{name}{'.form' if 'components' in schema else '.json'}", _written(schema)
    yield from bundle.decisions.items()
    for file_name, rows in (("tests.json", bundle.tests), ("triggers.json", bundle.triggers)):
        if rows:
            yield file_name, _written([dict(row) for row in rows])
    if documentation:
        yield "README.md", documentation.encode()


def _written(value: Any) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_INDENT_2)
