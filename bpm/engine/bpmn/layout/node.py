"""Runs bpmn-auto-layout in a Node process that is bounded in time, processor time and memory.

It is started for one file and ends with it. What it was given is a skeleton of our own making; when it is stopped,
the processes that it had laid out until then are kept.
"""

import contextlib
import os
import resource
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import orjson

import bpm

SECONDS = 8
"""On the clock and of processor time."""
_HEAP_MB = 256
_DATA_BYTES = 1 << 30
_SCRIPT = Path(__file__).with_name("run.mjs")
PACKAGE = Path(bpm.__file__).parent.parent / "node_modules" / "bpmn-auto-layout" / "dist" / "index.js"
REMEDY = "Install Node.js 20 or newer and run `make setup`, then upload the file again."


@dataclass(frozen=True)
class Answers:
    """What came of each skeleton: BPMN with its drawing, or in words why there is none."""

    laid_out: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    """Why not all were laid out; "" when all were."""
    remedy: str = ""


def lay_out(skeletons: Mapping[str, str], *, seconds: float = SECONDS) -> Answers:
    """Lay out each skeleton by itself; never raises, never takes much longer than `seconds`."""
    node = shutil.which("node")
    if node is None:
        return Answers(problem="There is no Node.js on the machine that lays out drawings.", remedy=REMEDY)
    if not PACKAGE.is_file():
        return Answers(problem="The npm package bpmn-auto-layout is not installed.", remedy=REMEDY)
    output, stopped = _run([node, f"--max-old-space-size={_HEAP_MB}", str(_SCRIPT), str(PACKAGE)], skeletons, seconds)
    lines = [line for line in output.split(b"\n") if line.startswith(b"{") and line.endswith(b"}")]
    answers = [orjson.loads(line) for line in lines]
    laid_out = {each["key"]: each["xml"] for each in answers if "xml" in each}
    if len(laid_out) == len(skeletons):
        return Answers(laid_out)
    problems = [each["problem"] for each in answers if "problem" in each]
    why = problems[0] if problems else f"it was stopped after {seconds:g} s" if stopped else "it ended before its time"
    return Answers(
        laid_out, f"The layout did not come to its end: {why}.", "Draw the process in a modelling tool and upload that."
    )


def _run(command: list[str], skeletons: Mapping[str, str], seconds: float) -> tuple[bytes, bool]:
    """What the process wrote, and whether it had to be stopped."""
    process = subprocess.Popen(  # noqa: S603 -- Node and our own script
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={"PATH": os.environ.get("PATH", "")},
        start_new_session=True,
    )
    with process:
        with contextlib.suppress(ProcessLookupError):
            _bound(process.pid, seconds)
        try:
            output, _ = process.communicate(orjson.dumps(dict(skeletons)), timeout=seconds)
        except subprocess.TimeoutExpired:
            process.kill()
            output, _ = process.communicate()
            return output, True
    return output, False


def _bound(pid: int, seconds: float) -> None:
    """From outside, since nothing of ours may run between fork and exec in a process with threads."""
    limit = int(seconds) + 1
    resource.prlimit(pid, resource.RLIMIT_CPU, (limit, limit))
    resource.prlimit(pid, resource.RLIMIT_DATA, (_DATA_BYTES, _DATA_BYTES))
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (0, 0))
    resource.prlimit(pid, resource.RLIMIT_CORE, (0, 0))
