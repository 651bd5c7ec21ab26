"""SpiffWorkflow as one would use it first: the whole workflow as JSON in one row, read and written at every step.

Not a part of the product: what `earshot bench` measures the product against, in the same run.
"""

import io
import logging
import sqlite3
from pathlib import Path
from typing import Any

from lxml import etree
from SpiffWorkflow.bpmn import BpmnWorkflow
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.util.task import TaskState


class Baseline:
    """Instances of one process in a SQLite file; each call is one transaction."""

    def __init__(self, path: Path, source: bytes, process: str) -> None:
        for name in ("spiff.task", "spiff.workflow"):
            logging.getLogger(name).setLevel(logging.WARNING)
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.parse(io.BytesIO(source)))
        self._spec, self._called = parser.get_spec(process), parser.get_subprocess_specs(process)
        self._serializer = BpmnWorkflowSerializer()
        self._database = sqlite3.connect(path, isolation_level=None)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute("PRAGMA synchronous=NORMAL")
        self._database.execute("CREATE TABLE instance (id INTEGER PRIMARY KEY, state TEXT NOT NULL)")

    def start(self, instance: int) -> None:
        """A new instance, run up to its first user task."""
        workflow = BpmnWorkflow(self._spec, self._called)
        workflow.do_engine_steps()
        self._database.execute(
            "INSERT INTO instance VALUES (?, ?)", (instance, self._serializer.serialize_json(workflow))
        )

    def step(self, instance: int, form: dict[str, Any]) -> bool:
        """Complete the open user task; whether the instance has ended."""
        (state,) = self._database.execute("SELECT state FROM instance WHERE id = ?", (instance,)).fetchone()
        workflow = self._serializer.deserialize_json(state)
        task = workflow.get_next_task(state=TaskState.READY, manual=True)
        task.set_data(**form)
        task.run()
        workflow.do_engine_steps()
        state = self._serializer.serialize_json(workflow)
        self._database.execute("UPDATE instance SET state = ? WHERE id = ?", (state, instance))
        return bool(workflow.is_completed())

    def close(self) -> None:
        self._database.close()
