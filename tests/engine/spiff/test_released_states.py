"""What an earlier release saved goes on here as it would have gone on there."""

import json
from pathlib import Path

import pytest

from bpm.engine.spiff import execution, store
from tests.data.states import write
from tests.data.states.models import WAITING

FILES = sorted(write.HERE.glob("*/*.json"))


def name_of(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def test_every_way_of_waiting_was_written_by_every_release() -> None:
    releases = {path.parent.name for path in FILES}
    assert "0.1" in releases
    for release in releases:
        assert {path.stem for path in FILES if path.parent.name == release} >= {"user_task", "joins", "transaction"}
    assert {path.stem for path in FILES if path.parent.name == "0.1"} == {case.name for case in WAITING}


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_state_of_an_earlier_release_ends_as_it_would_have_ended_there(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(execution, "_CACHE", store.SpecCache())
    saved = json.loads(path.read_text(encoding="utf-8"))
    player = write.opened(saved)
    for then in saved["then"]:
        what, element, variables = then["act"]
        player.act((what, element, variables))
        assert player.outcome() == then["outcome"]
    assert player.status == "completed"
