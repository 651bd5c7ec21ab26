"""What the person is told: the bell in the rail, the list, and how they want to be told."""

from web.notices import bell, notice_list, preferences
from web.notices.blueprint import blueprint

__all__ = ["bell", "blueprint", "notice_list", "preferences"]
