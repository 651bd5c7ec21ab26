"""What the tables of alarms hold of customers, and how it is erased."""

from collections.abc import Mapping

from bpm.foundation.personal_data import How, TableData, free

_NAMES = "Names of series, of the model or of this product."
_FIGURES = "Figures over many, of nobody in particular."

DATA: Mapping[str, TableData] = {
    "chart_baseline": TableData(free(_NAMES, "series name") | free(_FIGURES, "points"), {"reason": How.SCRUB}),
    "alarm_look": TableData(free(_FIGURES, "threats")),
    "alarm": TableData(
        free(_NAMES, "series definition_key element") | free(_FIGURES, "says"),
        {"title": How.SCRUB, "reason": How.SCRUB},
    ),
    "alarm_cause": TableData(free(_NAMES, "key"), {"words": How.SCRUB}),
}
"""Table -> what it holds."""
