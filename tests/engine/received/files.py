"""Files as they are sent, and archives of them."""

import io
import json
import zipfile
from typing import Any

from tests.engine.models import ONE_TASK

MODEL = ("one.bpmn", ONE_TASK)
FORM = {"type": "object", "properties": {"note": {"type": "string"}}}
CASE = {"id": "reads it", "steps": [{"do": "start"}, {"do": "complete", "task": "Read"}, {"expect": {"ended": True}}]}
TABLE = b'<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/"/>'

Files = list[tuple[str, bytes]]


def written(value: Any) -> bytes:
    return json.dumps(value).encode()


def archive_of(files: Files, *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for path, content in files:
            archive.writestr(path, content)
    return buffer.getvalue()
