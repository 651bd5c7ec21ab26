"""Questions and verdicts as people and programs are told them."""

from bpm.processes.verdicts.told.plain import as_plain, row_as_plain
from bpm.processes.verdicts.told.standing import Standing, standing

__all__ = ["Standing", "as_plain", "row_as_plain", "standing"]
