"""Reading the samples that lie beside each channel's code."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from bpm.feedback import channels
from bpm.feedback.channels import Context, Row
from bpm.feedback.intake.decompress import open_content

ROOT = Path(channels.__file__).parent


@pytest.fixture
def read() -> Callable[..., list[Row]]:
    def rows(name: str, channel: str = "", **options: str) -> list[Row]:
        path = next(path for path in ROOT.glob(f"*/samples/{name}") if path.parent.parent.name in channels.FORMATS)
        form = channels.get_format(path.parent.parent.name)
        context = Context(channel or form.channel, "test", name, {f"_{key}": value for key, value in options.items()})
        return list(form.parse(open_content(io.BytesIO(path.read_bytes()))[0], context))

    return rows
