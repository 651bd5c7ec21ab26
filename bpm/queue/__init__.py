"""The queue: nudges whoever waits for work or for news, within one process or, on PostgreSQL, over many machines."""

from sqlalchemy.engine import Engine

from bpm.foundation.nudges import Nudge, Nudging
from bpm.queue.embedded import EVERYTHING, EmbeddedQueue
from bpm.queue.port import Look, OwnWork, Queue, QueueReport

__all__ = ["EVERYTHING", "EmbeddedQueue", "Look", "Nudge", "Nudging", "OwnWork", "Queue", "QueueReport", "queue_for"]


def queue_for(database: Engine) -> Queue:
    """The queue that goes with the database: Procrastinate with LISTEN and NOTIFY on PostgreSQL, embedded otherwise."""
    if database.dialect.name != "postgresql":
        return EmbeddedQueue()
    from bpm.queue.postgres import PostgresQueue

    return PostgresQueue(database)
