"""What people of the demo do by the clock of the story."""

from collections.abc import Callable
from datetime import datetime

Act = Callable[[], None]
Acts = list[tuple[datetime, Act]]
"""(instant, what is done), in order."""
