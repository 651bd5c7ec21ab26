"""The staff's screens: the work that waits, and one work item."""

from web.tasks import absence, bulk, files, following, hand_over, talk, task, task_list, views
from web.tasks.blueprint import blueprint

__all__ = ["absence", "blueprint", "bulk", "files", "following", "hand_over", "talk", "task", "task_list", "views"]
