"""The staff's screens: the work that waits, and one work item."""

from web.tasks import bulk, task, task_list, views
from web.tasks.blueprint import blueprint

__all__ = ["blueprint", "bulk", "task", "task_list", "views"]
