"""The only door to Procrastinate: looks are deferred in our transaction, and taken by workers over all machines.

How a look comes to be done
1. A command that leaves work for a worker defers "look at instance N" on its own connection: both commit, or none.
2. Procrastinate gives it to one worker; the lock `instance:N` keeps every other look at N waiting until it is done.
3. The worker runs what the instance's rows say is ready. A look that finds nothing has cost two milliseconds.
4. Finished looks are deleted. The looks of a worker that died are deleted when its heartbeat has been missing for
   half a minute, for they hold the lock; what was left undone is found by the sweeps, which read the rows themselves.
"""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from time import monotonic
from typing import Any

import procrastinate
import psycopg
from procrastinate import exceptions, jobs
from psycopg_pool import AsyncConnectionPool
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bpm.foundation.telemetry import logger
from bpm.queue.port import Look

log = logger(__name__)

QUEUE, TASK = "earshot", "look"
POLL = 1.0
"""Seconds after which a worker asks for looks though it heard of none: one may wait for the lock of another."""
HEARTBEAT, DEAD_AFTER = 10.0, 30.0
"""Seconds between two signs of life, and of silence after which a worker counts as dead."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 10.0
"""Seconds before Procrastinate's worker is started again after trouble: doubling."""

logging.getLogger("procrastinate").setLevel(logging.WARNING)
_deferring = procrastinate.App(connector=procrastinate.SyncPsycopgConnector())


def defer_looks(session: Session, instance_ids: Sequence[int]) -> None:
    """Defer a look at each instance within the transaction of `session`, all by one statement."""
    if not instance_ids:
        return
    looks = [
        jobs.Job(
            queue=QUEUE, task_name=TASK, lock=f"instance:{instance_id}", queueing_lock=None,
            task_kwargs={"instance_id": instance_id},
        )
        for instance_id in instance_ids
    ]  # fmt: skip
    connection = session.connection().connection.dbapi_connection
    try:
        _deferring.job_manager.batch_defer_jobs(looks, connection=connection)
    except exceptions.ConnectorException as error:
        raise OperationalError("defer looks", {}, error.__cause__ or error) from error


@contextlib.contextmanager
def driving(conninfo: str, look: Look, *, concurrency: int) -> Iterator[None]:
    """Take looks, `concurrency` at a time, while the block lasts; at its end those under way are waited for."""
    driver = _Driver(conninfo, look, concurrency)
    thread = threading.Thread(target=driver.run, name="earshot-driver", daemon=True)
    thread.start()
    try:
        yield
    finally:
        driver.stop()
        thread.join()


def _unchecked_pool(**options: Any) -> AsyncConnectionPool[Any]:
    """Without a question to the server before every use: a dead connection ends the worker, which begins anew."""
    return AsyncConnectionPool(**{**options, "check": None})


async def _commit_by_itself(connection: psycopg.AsyncConnection[Any]) -> None:
    """Every statement of the worker is a transaction of its own: BEGIN and COMMIT would only be two more."""
    await connection.set_autocommit(True)


class _Driver:
    """Procrastinate's worker on an event loop in a thread of its own, begun anew after any trouble."""

    def __init__(self, conninfo: str, look: Look, concurrency: int) -> None:
        self._concurrency = concurrency
        self._ready = threading.Event()
        # One connection fetches and finishes, one may wait behind it; Procrastinate listens on a third of its own.
        connector = procrastinate.PsycopgConnector(
            conninfo=conninfo, min_size=1, max_size=2, timeout=10, pool_factory=_unchecked_pool,
            configure=_commit_by_itself, kwargs={"application_name": "earshot driver"},
        )  # fmt: skip
        self._app = procrastinate.App(connector=connector)

        @self._app.task(name=TASK, queue=QUEUE)
        def look_at(instance_id: int) -> None:
            look(instance_id)

    def run(self) -> None:
        with contextlib.suppress(asyncio.CancelledError):
            asyncio.run(self._drive())

    def stop(self) -> None:
        """End after the looks under way. Safe from any thread."""
        self._ready.wait()
        with contextlib.suppress(RuntimeError):  # the loop has ended by itself
            self._loop.call_soon_threadsafe(self._main.cancel)

    async def _drive(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._loop.set_default_executor(ThreadPoolExecutor(self._concurrency + 1, "earshot-look"))
        self._main = asyncio.ensure_future(self._again_and_again())
        self._ready.set()
        await self._main

    async def _again_and_again(self) -> None:
        pause = FIRST_PAUSE
        while True:
            began = monotonic()
            try:
                async with self._app.open_async():
                    await self._work()
                log.warning("the driver stopped and is started again", again_in=pause)
            except Exception as error:  # noqa: BLE001 - whatever it was, work goes on when it is over
                cause = error.__cause__ or error
                log.warning("the driver was interrupted", error=" ".join(str(cause).split()), again_in=pause)
            pause = FIRST_PAUSE if monotonic() - began > DEAD_AFTER else min(pause * 2, LONGEST_PAUSE)
            await asyncio.sleep(pause)

    async def _work(self) -> None:
        clearing = asyncio.create_task(self._clear_the_dead())
        try:
            await self._app.run_worker_async(
                queues=[QUEUE],
                concurrency=self._concurrency,
                delete_jobs="always",
                install_signal_handlers=False,
                fetch_job_polling_interval=POLL,
                update_heartbeat_interval=HEARTBEAT,
                stalled_worker_timeout=DEAD_AFTER,
            )
        finally:
            clearing.cancel()
            await asyncio.gather(clearing, return_exceptions=True)

    async def _clear_the_dead(self) -> None:
        """Delete the looks of dead workers: their lock would keep every later look at the instance waiting."""
        manager = self._app.job_manager
        while True:
            with contextlib.suppress(exceptions.ConnectorException):
                for stalled in await manager.get_stalled_jobs(queue=QUEUE, seconds_since_heartbeat=DEAD_AFTER):
                    log.warning("look of a dead worker cleared", look=stalled.id, **stalled.task_kwargs)
                    await manager.finish_job(stalled, jobs.Status.ABORTED, delete_job=True)
                await manager.prune_stalled_workers(DEAD_AFTER)
            await asyncio.sleep(HEARTBEAT)
