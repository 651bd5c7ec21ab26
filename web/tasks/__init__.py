"""The staff's screens: the work that waits, and one work item."""

from web.tasks import absence, files, following, hand_over, talk, task, task_list
from web.tasks.blueprint import blueprint

__all__ = ["absence", "blueprint", "files", "following", "hand_over", "talk", "task", "task_list"]
