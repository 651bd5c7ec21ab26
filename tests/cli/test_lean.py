"""A command that takes items in loads what it needs for that, and no other room."""

import subprocess
import sys
from pathlib import Path

import pytest

from bpm.app import build, build_listening
from bpm.feedback.events import ItemReceived, SaidInPublic
from bpm.foundation.settings import Settings

IMPORTED = """
import sys
from bpm.cli import main
sys.argv = ["earshot", "import", sys.argv[1], "--json"]
try:
    main()
finally:
    print(*sorted(sys.modules))
"""
OTHERS = (
    "bpm.processes",
    "bpm.engine.api",
    "bpm.engine.spiff",
    "bpm.demo",
    "bpm.sweeps",
    "bpm.feedback.face",
    "bpm.feedback.connectors",
    "bpm.feedback.outbound",
    "bpm.feedback.classification",
)
LARGE = (
    "SpiffWorkflow",
    "numpy",
    "scipy",
    "spacy",
    "cryptography",
    "rapidfuzz",
    "jinja2",
    "babel",
    "openpyxl",
    "httpcore",
    "imapclient",
    "authlib",
    "jsonschema",
    "flask",
)


def test_an_import_loads_no_other_room_and_no_library_that_it_does_not_use(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("EARSHOT_HOME", str(tmp_path / "home"))
    subprocess.run([sys.executable, "-c", "from bpm.cli import main; main()", "migrate"], check=True)
    rows = tmp_path / "said.csv"
    rows.write_text("id,text,email\n1,it never arrived,p@example.org\n2,call 555-0134,q@example.org\n")
    command = [sys.executable, "-c", IMPORTED, str(rows)]
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()
    assert '"new": 2' in said[0]
    loaded = set(said[-1].split())
    assert loaded & {*OTHERS, *LARGE} == set()


def test_what_only_other_rooms_act_on_loads_them_before_it_is_handled(tmp_path: Path) -> None:
    app, whole = build_listening(Settings(home=tmp_path / "one")), build(Settings(home=tmp_path / "whole"))
    with app.unit_of_work() as work:
        app.bus.handle_all(work)
        app.bus.fill_in(ItemReceived)
        few = app.bus.kinds
        app.bus.fill_in(SaidInPublic)
        assert few < app.bus.kinds == whole.bus.kinds
        app.bus.fill_in(SaidInPublic)
    assert app.sweeps == ()
    app.close()
    whole.close()
