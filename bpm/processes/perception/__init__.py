"""The perception gap: the same list ranked by staff and by customers, and what others found before."""

from bpm.processes.perception.models import Side
from bpm.processes.perception.references import BAIN, IBM, RankReference, ShareReference
from bpm.processes.perception.results import ItemGap, RoundResult, results_of
from bpm.processes.perception.studies import (
    StudyRow,
    answer,
    ask_staff,
    close_study,
    enter,
    get_study,
    import_rankings,
    list_studies,
    make_study,
)

__all__ = [
    "BAIN",
    "IBM",
    "ItemGap",
    "RankReference",
    "RoundResult",
    "ShareReference",
    "Side",
    "StudyRow",
    "answer",
    "ask_staff",
    "close_study",
    "enter",
    "get_study",
    "import_rankings",
    "list_studies",
    "make_study",
    "results_of",
]
