"""Which queue goes with which database."""

from sqlalchemy.engine import Engine

from bpm.queue.embedded import EmbeddedQueue
from bpm.queue.port import Queue


def queue_for(database: Engine) -> Queue:
    """The queue that goes with the database: Procrastinate with LISTEN and NOTIFY on PostgreSQL, embedded otherwise."""
    if database.dialect.name != "postgresql":
        return EmbeddedQueue()
    from bpm.queue.postgres import PostgresQueue

    return PostgresQueue(database)
