"""The web tests' browser over cases that cost something."""

from tests.processes.conftest import advocate, go_live, say, trigger
from tests.processes.economics.conftest import manager, office, save_plan
from tests.processes.economics.test_books import busy

__all__ = ["advocate", "busy", "go_live", "manager", "office", "save_plan", "say", "trigger"]
