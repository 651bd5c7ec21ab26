"""The staff's screens: the work that waits, and one work item."""

from web.tasks import task, task_list
from web.tasks.blueprint import blueprint

__all__ = ["blueprint", "task", "task_list"]
