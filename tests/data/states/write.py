"""Writes what this release saves, once, when it is released: `python -m tests.data.states.write 0.1`.

Each file holds the state of an instance that waits in one way, the specs it was saved with, and what comes of it when
it is played to its end by the release that wrote it. Files of a release are never written anew.
"""

import json
import sys
from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from bpm.engine.bpmn.model import Compiled
from bpm.engine.spiff import execution
from tests.data.states.models import WAITING, Waiting
from tests.data.states.playing import Player
from tests.engine.spiff.bench import NOON

HERE = Path(__file__).parent


def written(case: Waiting) -> dict[str, Any]:
    """The file of one case."""
    compiled = execution.compile_model(case.model, "p")
    player = Player(compiled, NOON)
    player.start(case.variables)
    for act in case.before:
        player.act(act)
    saved: dict[str, Any] = {
        "what": case.what,
        "primary": "p",
        "specs": dict(compiled.specs),
        "bodies": {key: b64encode(body).decode() for key, body in compiled.blobs.items()},
        "state": b64encode(player.state).decode(),
        "at": player.now.isoformat(),
        "waiting": {kind: dict(rows) for kind, rows in player.waiting.items()},
        "timers": {uid: due.isoformat() for uid, due in player.timers.items()},
        "visits": dict(player.visits),
        "then": [],
    }
    player.completed = []
    for act in case.after:
        player.act(act)
        saved["then"].append({"act": list(act), "outcome": player.outcome()})
    assert player.status == "completed", (case.name, player.outcome())
    return saved


def opened(saved: Mapping[str, Any]) -> Player:
    """The instance of such a file, ready to go on."""
    execution.load_specs({key: b64decode(body) for key, body in saved["bodies"].items()})
    player = Player(Compiled(saved["primary"], saved["specs"]), datetime.fromisoformat(saved["at"]))
    player.state = b64decode(saved["state"])
    player.waiting = {kind: dict(rows) for kind, rows in saved["waiting"].items()}
    player.timers = {uid: datetime.fromisoformat(due) for uid, due in saved["timers"].items()}
    player.visits = dict(saved["visits"])
    return player


def main(release: str) -> None:
    folder = HERE / release
    folder.mkdir()
    for case in WAITING:
        text = json.dumps(written(case), indent=1, ensure_ascii=False)
        (folder / f"{case.name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
