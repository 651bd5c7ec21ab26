"""The queue: nudges whoever waits for work or for news, within one process or, on PostgreSQL, over many machines."""

from bpm.foundation.nudges import Nudge, Nudging
from bpm.queue.choice import queue_for
from bpm.queue.embedded import EVERYTHING, EmbeddedQueue
from bpm.queue.port import Look, OwnWork, Queue, QueueReport

__all__ = ["EVERYTHING", "EmbeddedQueue", "Look", "Nudge", "Nudging", "OwnWork", "Queue", "QueueReport", "queue_for"]
