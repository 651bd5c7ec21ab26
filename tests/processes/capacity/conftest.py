"""Cases that people worked on."""

from tests.processes.economics.conftest import manager, office, save_plan
from tests.processes.economics.test_books import busy

__all__ = ["busy", "manager", "office", "save_plan"]
