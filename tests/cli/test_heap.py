"""What a process has loaded is left out of the search for cycles."""

import subprocess
import sys

COUNTED = """
import gc
from bpm.cli.server import heap
before = len(gc.get_objects())
heap.settle()
print(before, len(gc.get_objects()), gc.get_freeze_count(), gc.isenabled())
"""


def test_what_is_loaded_is_not_walked_again_and_what_comes_later_is() -> None:
    said = subprocess.run([sys.executable, "-c", COUNTED], check=True, capture_output=True, text=True)
    before, walked, left_out, enabled = said.stdout.split()
    assert int(walked) * 50 < int(before) < int(left_out) * 2
    assert enabled == "True"
