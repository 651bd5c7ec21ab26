"""The product under measurement: its own database, one person signed in, every call through HTTP, session and CSRF."""

import re
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import event, func, select

from bpm import identity, schema
from bpm.app import App, build
from bpm.cli.server import heap
from bpm.engine import api as engine
from bpm.engine.models import WorkItem
from bpm.engine.status import WorkItemStatus
from bpm.foundation.errors import EarshotError
from bpm.foundation.settings import Settings
from bpm.foundation.work import Work
from tools.bench.filling import copy_instance
from tools.bench.workload import typed

PASSWORD = "bench only, on a database of its own"  # noqa: S105


@dataclass
class Product:
    """A fresh installation, driven from outside."""

    app: App
    client: Any
    """The web application's own test client."""
    token: str = ""
    session: str = ""
    statements: list[str] = field(default_factory=list)
    """SQL of the last call, without BEGIN."""

    @classmethod
    def install(cls, home: Path, *, database_url: str = "") -> "Product":
        """Tables, one person of all working roles, and their session; on SQLite in `home` unless a URL is given."""
        from web import create_app

        app = build(Settings(home=home, database_url=database_url, secret_key=PASSWORD, embedded_worker=False))
        schema.upgrade(app.database, settings=app.settings)
        with app.unit_of_work() as work:
            add_person(work, "bench", roles=["staff", "designer"])
        product = cls(app, create_app(app).test_client())
        event.listen(app.database, "before_cursor_execute", product._note)
        product._sign_in()
        heap.settle()  # as `earshot serve` does
        return product

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith("BEGIN"):
            self.statements.append(statement)

    def _sign_in(self) -> None:
        self._read_token()
        self.post("/sign-in", {"username": "bench", "password": PASSWORD})
        self._read_token()
        cookie = self.client.get_cookie("earshot")
        self.session = cookie.value if cookie else ""

    def _read_token(self) -> None:
        page = self.client.get("/sign-in", follow_redirects=True).get_data(as_text=True)
        found = re.search(r'"X-CSRFToken": "([^"]+)"', page)
        if found is None:
            raise EarshotError("The page carries no CSRF token.", place="/sign-in")
        self.token = found.group(1)

    def post(self, path: str, data: Mapping[str, str]) -> str:
        """Send a form; gives where it leads to. Raises EarshotError unless it was taken."""
        self._forget_messages()
        self.statements.clear()
        answer = self.client.post(path, data={"csrf_token": self.token, **data})
        if answer.status_code != 303:
            raise EarshotError(f"The answer is {answer.status_code}.", place=path, remedy=answer.get_data(as_text=True))
        return str(answer.headers["Location"])

    def get(self, path: str) -> str:
        """Read a page."""
        self.statements.clear()
        answer = self.client.get(path)
        if answer.status_code != 200:
            raise EarshotError(f"The answer is {answer.status_code}.", place=path)
        return str(answer.get_data(as_text=True))

    def _forget_messages(self) -> None:
        """Send the cookie of the sign-in again: a browser has read the messages of the page before."""
        if self.session:
            self.client.set_cookie("earshot", self.session)

    def start(self, key: str) -> int:
        """Start an instance as a person does; gives its id."""
        return int(self.post(f"/processes/{key}/start", {"free values": ""}).rsplit("/", 1)[1])

    def complete(self, item: int, values: Mapping[str, Any]) -> None:
        """Complete a work item as a person does."""
        self.post(f"/tasks/{item}/completion", typed(values))

    def open_item(self, instance: int) -> int:
        """The open work item of an instance (not measured)."""
        with self.app.unit_of_work.reading() as work:
            query = select(WorkItem.id).where(WorkItem.instance_id == instance, WorkItem.status == WorkItemStatus.OPEN)
            return work.session.scalars(query).one()

    def fill(self, key: str, items: int) -> None:
        """Have so many open work items: one of an instance that was really started, the rest of its copies."""
        with self.app.unit_of_work() as work:
            open_now = work.session.scalar(select(func.count()).where(WorkItem.status == WorkItemStatus.OPEN)) or 0
            sample = engine.start(work, key, {}).id
            copy_instance(work, sample, times=items - open_now - 1)
        with self.app.database.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("ANALYZE")

    def stored_bytes(self) -> int:
        """Bytes that the tables and their indexes use; on PostgreSQL as it has laid them out on disk."""
        with self.app.database.connect() as connection:
            if connection.dialect.name == "postgresql":
                size = "SELECT sum(pg_total_relation_size(oid)) FROM pg_class WHERE relkind = 'r'"
                return int(connection.exec_driver_sql(size).scalar_one())
            pages, free, size = (
                connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
                for name in ("page_count", "freelist_count", "page_size")
            )
        return int((pages - free) * size)

    def close(self) -> None:
        self.app.close()


def add_person(work: Work, username: str, *, roles: list[str]) -> None:
    """One who signs in with `PASSWORD`, in the group service."""
    identity.create_user(work, username, display_name=username, password=PASSWORD, roles=roles, groups=["service"])


def put_live(app: App, source: bytes) -> None:
    """Deploy a model, sign it at the console, let it go live."""
    prepared = engine.check(source, "bench.bpmn")
    with app.unit_of_work() as work:
        version = engine.deploy(work, prepared)
        for department in work.settings.sign_offs:
            engine.sign(work, version.id, department, method="console")
        engine.go_live(work, version.id)


@contextmanager
def stopwatch(times: list[float]) -> Iterator[None]:
    """Add the milliseconds of the block to `times`."""
    began = time.perf_counter()
    yield
    times.append((time.perf_counter() - began) * 1000)
