"""Every problem of an uploaded file, found in a child process that cannot hurt anybody.

1. A warm child waits; a check is one frame to it and one back, so that it costs milliseconds.
2. The child limits its own memory; the parent waits SECONDS and then kills it.
3. Whatever happens to the child, the answer is a Prepared with a finding, and the next check gets a new child.
"""

import atexit
import base64
import contextlib
import os
import select
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson

import bpm
from bpm.engine.decisions import DecisionFile, read_decisions
from bpm.engine.findings import Finding
from bpm.engine.form_checks import LARGEST_TOGETHER, fits, too_many
from bpm.engine.form_checks import check_forms as check_forms_here
from bpm.engine.spiff.model import Prepared
from bpm.engine.spiff.parser import MAX_BYTES
from bpm.engine.spiff.prepare import prepare
from bpm.engine.upload_child import SECONDS, decisions_from_plain, from_plain

_START_SECONDS = 30.0
_CHECKS_PER_CHILD = 500


def check(
    source: bytes,
    file_name: str,
    *,
    others: Mapping[str, bytes] | None = None,
    decisions: Mapping[str, bytes] | None = None,
    forms: Mapping[str, Any] | None = None,
) -> Prepared:
    """Check an upload in the child process; never raises for bad input and never takes much over four seconds.

    `others` holds executables of called processes by process id, `decisions` DMN files by name, `forms` JSON Schemas
    by name.
    """
    prepared = _checked(source, file_name, others or {}, decisions or {})
    problems = check_forms({**prepared.extra.get("forms", {}), **(forms or {})})
    return replace(prepared, findings=(*problems, *prepared.findings)) if problems else prepared


def _checked(source: bytes, file_name: str, others: Mapping[str, bytes], decisions: Mapping[str, bytes]) -> Prepared:
    if len(source) > MAX_BYTES:
        return prepare(source, file_name)
    request = orjson.dumps(
        {
            "source": base64.b64encode(source).decode(),
            "file_name": file_name,
            "others": _encoded(others),
            "decisions": _encoded({name: each[: MAX_BYTES + 1] for name, each in decisions.items()}),
        }
    )
    answer = _child.ask(request)
    if isinstance(answer, str):
        return _stopped(source, file_name, answer)
    plain = orjson.loads(answer)
    if "stopped" in plain:
        return _stopped(source, file_name, plain["stopped"])
    return from_plain(plain, source)


def check_decisions(source: bytes, file_name: str) -> DecisionFile:
    """Check a DMN file in the child process; never raises for bad input and never takes much over four seconds."""
    if len(source) > MAX_BYTES:
        return read_decisions(source, file_name)
    request = {"kind": "decisions", "source": base64.b64encode(source).decode(), "file_name": file_name}
    answer = _child.ask(orjson.dumps({**request, "others": {}}))
    plain = orjson.loads(answer) if isinstance(answer, bytes) else {"stopped": answer}
    if "stopped" in plain:
        return DecisionFile(file_name, _stopped(source, file_name, plain["stopped"]).findings, {})
    return decisions_from_plain(plain, file_name)


def check_forms(forms: Mapping[str, Any]) -> tuple[Finding, ...]:
    """Every problem of the forms of one model, found in the child process; those too large to be sent are named."""
    together: dict[str, Any] = {}
    large: dict[str, Any] = {}
    for key, schema in forms.items():
        (together if fits(schema) else large)[key] = schema
    # What does not fit is refused by its size, before anything looks into it.
    found = check_forms_here(large)
    if not together:
        return found
    request = orjson.dumps({"kind": "forms", "forms": together})
    if len(request) > LARGEST_TOGETHER:
        return (*found, too_many(len(request)))
    answer = _child.ask(request)
    plain: dict[str, Any] = orjson.loads(answer) if isinstance(answer, bytes) else {"stopped": answer}
    if "stopped" in plain:
        return (*found, *(replace(each, remedy="Ask for less in one form.") for each in _why(plain["stopped"])))
    return (*found, *(Finding(**each) for each in plain["findings"]))


def _encoded(files: Mapping[str, bytes]) -> dict[str, str]:
    return {name: base64.b64encode(content).decode() for name, content in files.items()}


def warm_up() -> None:
    """Start the child now, so that the first check need not wait for it."""
    _child.start()


def as_report(prepared: Prepared | DecisionFile, seconds: float) -> dict[str, Any]:
    """The check of one file as `earshot check --json` prints it."""
    return {
        "file": prepared.file_name,
        "deployable": prepared.deployable,
        "findings": [finding.as_dict() for finding in prepared.findings],
        "seconds": round(seconds, 3),
    }


_REASONS = {
    "timeout": ("check-too-slow", f"Checking the file took more than {SECONDS} seconds and was stopped."),
    "died": ("check-too-large", "Checking the file needed more memory than allowed and was stopped."),
    "MemoryError": ("check-too-large", "Checking the file needed more memory than allowed and was stopped."),
    "RecursionError": ("check-too-deep", "The model is nested or chained too deeply to be checked."),
}


def _stopped(source: bytes, file_name: str, why: str) -> Prepared:
    return Prepared(source=source, file_name=file_name, findings=_why(why))


def _why(why: str) -> tuple[Finding]:
    """The finding of a check that came to no end."""
    code, message = _REASONS.get(why, ("check-failed", f"The file could not be checked: {why}."))
    remedy = "Split the model: move parts into processes of their own and call them."
    return (Finding(code=code, severity="error", message=message, remedy=remedy),)


class _Child:
    """The one warm child of this process; checks take turns."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._checks = 0
        self._owner = 0
        self._ready = False

    def ask(self, request: bytes) -> bytes | str:
        """The child's answer, or in a word why there is none: timeout, died."""
        with self._lock:
            try:
                answer = self._exchange(self._running(), request)
            except (BrokenPipeError, EOFError):
                self._replace()
                return "died"
            except TimeoutError:
                self._replace()
                return "timeout"
            self._checks += 1
            if self._checks >= _CHECKS_PER_CHILD:
                self._replace()
            return answer

    def start(self) -> None:
        """Have a child that is ready; one that cannot start is tried again by the next check."""
        with self._lock, contextlib.suppress(EOFError, TimeoutError):
            self._running()

    def stop(self) -> None:
        with self._lock:
            self._end()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._owner != os.getpid():
            # After a fork the child belongs to the other process.
            self._process, self._owner, self._ready = None, os.getpid(), False
        process = self._process
        if process is None or process.poll() is not None:
            process = self._replace()
        if not self._ready:
            self._receive(process, time.monotonic() + _START_SECONDS)
            self._ready = True
        return process

    def _replace(self) -> subprocess.Popen[bytes]:
        """A new child, started at once and waited for by the next check."""
        self._end()
        home = str(Path(bpm.__file__).parent.parent)
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bpm.engine.upload_child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={"PYTHONPATH": home, "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.environ.get("PATH", "")},
        )
        return self._process

    def _exchange(self, process: subprocess.Popen[bytes], request: bytes) -> bytes:
        assert process.stdin is not None  # noqa: S101 -- it was opened as a pipe
        process.stdin.write(struct.pack(">I", len(request)) + request)
        process.stdin.flush()
        return self._receive(process, time.monotonic() + SECONDS)

    def _receive(self, process: subprocess.Popen[bytes], deadline: float) -> bytes:
        head = self._read(process, 4, deadline)
        return self._read(process, struct.unpack(">I", head)[0], deadline)

    def _read(self, process: subprocess.Popen[bytes], size: int, deadline: float) -> bytes:
        assert process.stdout is not None  # noqa: S101 -- it was opened as a pipe
        number = process.stdout.fileno()
        data = bytearray()
        while len(data) < size:
            ready, _, _ = select.select([number], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError
            part = os.read(number, size - len(data))
            if not part:
                raise EOFError
            data += part
        return bytes(data)

    def _end(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(BrokenPipeError):
                    stream.close()
        self._process, self._checks, self._ready = None, 0, False


_child = _Child()
atexit.register(_child.stop)
