"""Who learns to answer writes under a mentor: nothing of theirs leaves until the mentor approves it, both named."""

from bpm.feedback.outbound.mentoring.learners import (
    Mentor,
    MentoringRow,
    begin_mentoring,
    list_mentorings,
    mentor_of,
    refuse_while_learning,
)

__all__ = ["Mentor", "MentoringRow", "begin_mentoring", "list_mentorings", "mentor_of", "refuse_while_learning"]
