"""Whatever bytes a file holds, a format gives rows or says what is wrong; it never breaks."""

import contextlib
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpm.feedback.channels import FORMATS, Context
from bpm.feedback.intake.decompress import DAMAGED, open_content
from bpm.feedback.intake.normalise import normalise
from bpm.foundation.errors import InvalidInputError
from tests.conftest import MONDAY
from tests.feedback.channels.conftest import ROOT
from tests.thoroughness import examples

SAMPLES = {name: [path.read_bytes() for path in sorted((ROOT / name / "samples").iterdir())] for name in FORMATS}
SAMPLES["json"] += [
    path.read_bytes()
    for path in sorted(ROOT.glob("*/samples/*.js*"))
    if path.parent.parent.name not in {*FORMATS, "webhook"}
]


def _read(name: str, content: bytes) -> int:
    try:
        rows = list(FORMATS[name].parse(open_content(io.BytesIO(content))[0], Context("chat", "s", "f.vtt")))
        FORMATS[name].columns(open_content(io.BytesIO(content))[0])
    except (InvalidInputError, *DAMAGED):
        return 0
    for row in rows:
        assert row.item or row.reason or row.ignored
        if row.item:
            with contextlib.suppress(InvalidInputError):
                normalise(row.item, now=MONDAY)
    return len(rows)


@pytest.mark.parametrize("name", FORMATS)
@examples(60)
@given(data=st.data())
def test_noise_and_spoilt_samples_are_rows_or_clear_errors(name: str, data: st.DataObject) -> None:
    content = data.draw(st.one_of(st.binary(max_size=300), st.sampled_from(SAMPLES[name])))
    at = data.draw(st.integers(0, max(0, len(content) - 1)))
    length = data.draw(st.integers(0, 40))
    _read(name, content[:at] + data.draw(st.binary(max_size=12)) + content[at + length :])


@pytest.mark.parametrize("name", FORMATS)
def test_every_sample_holds_something(name: str) -> None:
    assert all(_read(name, content) for content in SAMPLES[name] if b"ImportId" not in content) or name == "csv"
