"""Whatever is noted, sealed, erased and verified in whatever order: the chain is whole, and no row is lost."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bpm import audit
from bpm.app import build
from bpm.foundation.clock import FixedClock
from bpm.foundation.settings import Settings
from tests.audit.test_chain import note, verdict_of
from tests.conftest import MONDAY

ACTS = st.lists(st.sampled_from(["note", "note about 2", "seal", "erase 1", "erase 2", "verify"]), max_size=25)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(acts=ACTS)
def test_any_history_of_notes_seals_and_erasures_verifies(
    acts: list[str], tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> None:
    home = tmp_path_factory.mktemp("history")
    (home / "earshot.db").write_bytes(sqlite_template.read_bytes())
    app = build(Settings(home=home), clock=FixedClock(MONDAY))
    notes = 0
    for act in acts:
        if act.startswith("note"):
            note(app, notes, about="case 2" if act.endswith("2") else "case 1")
            notes += 1
        elif act == "seal":
            audit.seal_all(app.unit_of_work)
        elif act.startswith("erase"):
            with app.unit_of_work() as work:
                audit.erase_values(work, [f"case {act[-1]}"])
        else:
            with app.unit_of_work() as work:
                audit.remember(work, audit.verify_new(work))
        assert verdict_of(app).is_whole
    audit.seal_all(app.unit_of_work)
    assert verdict_of(app).verified == notes
    app.close()
