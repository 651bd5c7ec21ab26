"""What one request takes: processor time, SQL statements, transactions, bytes; whatever else the machine does."""

import itertools
import json
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from statistics import median
from typing import Any

from sqlalchemy import event

from bpm import feedback
from bpm.feedback.channels.webhook import sign
from bpm.feedback.raw_item import RawItem
from tools.bench.product import Product, put_live
from tools.bench.workload import ROW, ROW_FORMS, typed

WARM_UP = 10
ROWS = 1_000
"""Open work items, and items of feedback, before anything is measured."""


@dataclass
class Cost:
    """What each request of one kind took."""

    cpu_ms: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)
    transactions: list[int] = field(default_factory=list)
    bytes: list[int] = field(default_factory=list)

    def figures(self, name: str) -> dict[str, float]:
        """{name_what: median}, without the first requests, which read what is read once."""
        kept = {what: median(values[WARM_UP:]) for what, values in vars(self).items()}
        return {f"{name}_{what}": value for what, value in kept.items()}


def request_costs(product: Product, *, requests: int) -> dict[str, float]:
    """{complete_cpu_ms, complete_statements, ...} of six kinds of requests, made in turns, on a fresh installation."""
    _fill(product)
    began = _count_transactions(product)
    kinds = _kinds(product)
    costs = {name: Cost() for name in kinds}
    for _ in range(requests + WARM_UP):
        for name, prepare in kinds.items():
            path, options, expected = prepare()
            product.statements.clear()
            before, started = len(began), time.process_time()
            answer = product.client.open(path, **options)
            body = answer.get_data()
            spent = (time.process_time() - started) * 1000
            if answer.status_code != expected:
                raise RuntimeError(f"{path} was answered by {answer.status_code}: {body[:200]!r}")
            cost = costs[name]
            cost.cpu_ms.append(spent)
            cost.statements.append(len(product.statements))
            cost.transactions.append(len(began) - before)
            cost.bytes.append(len(body))
    return {key: value for name, cost in costs.items() for key, value in cost.figures(name).items()}


def _count_transactions(product: Product) -> list[int]:
    """A list that grows by one with each transaction that begins."""
    began: list[int] = []
    event.listen(product.app.database, "begin", lambda _connection: began.append(1))
    return began


def _fill(product: Product) -> None:
    put_live(product.app, ROW)
    said = [
        RawItem(
            channel="review", source="bulk", natural_key=str(n), text=f"Parcel {n} came late, and nobody told me why.",
            said_at=product.app.clock.now() - timedelta(minutes=n), author_name=f"Person {n}",
        )
        for n in range(ROWS)
    ]  # fmt: skip
    with product.app.unit_of_work() as work:
        feedback.receive_all(work, said)
    product.fill("p1", ROWS)


Request = tuple[str, dict[str, Any], int]
"""(path, options of the test client, status expected)"""


def _kinds(product: Product) -> Mapping[str, Callable[[], Request]]:
    def get(path: str) -> Callable[[], Request]:
        return lambda: (path, {}, 200)

    return {
        "complete": lambda: _completion(product),
        "start": lambda: _form(product, "/processes/p1/start", {"free values": ""}),
        "task_list": get("/tasks"),
        "inbox": get("/inbox?view=all"),
        "webhook": _webhook(product),
        "live_marks": get("/live/marks?topics=tasks,inbox"),
    }


def _form(product: Product, path: str, values: Mapping[str, str]) -> Request:
    product.client.set_cookie("earshot", product.session)
    return path, {"method": "POST", "data": {"csrf_token": product.token, **values}}, 303


def _completion(product: Product) -> Request:
    item = product.open_item(product.start("p1"))
    return _form(product, f"/tasks/{item}/completion", typed(ROW_FORMS[0]))


def _webhook(product: Product) -> Callable[[], Request]:
    with product.app.unit_of_work() as work:
        hook = feedback.save_webhook(work, "bench", channel="review")
    numbers = itertools.count(1)

    def post() -> Request:
        number = next(numbers)
        body = json.dumps({"id": f"bench-{number}", "text": f"Order {number} is late.", "author": f"A {number}"})
        stamp = str(int(time.time()))
        headers = {
            "X-Earshot-Timestamp": stamp,
            "X-Earshot-Signature": sign(hook.secret, stamp, body.encode()),
        }
        options = {"method": "POST", "data": body, "content_type": "application/json", "headers": headers}
        return f"/api/webhooks/{hook.key}", options, 202

    return post
