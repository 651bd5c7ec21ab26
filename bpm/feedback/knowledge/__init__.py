"""What staff learnt stands once: articles beside a reply and in the portal, and answers that contradict each other."""

from bpm.feedback.knowledge.articles import (
    ArticleDraft,
    ArticleRow,
    approve_article,
    count_deflected,
    get_article,
    list_articles,
    note_use,
    offer,
    retire_article,
    save_article,
)
from bpm.feedback.knowledge.differences import Difference, differing, list_differences, settle_difference, values_in
from bpm.feedback.knowledge.likeness import likeness, words_of

__all__ = [
    "ArticleDraft",
    "ArticleRow",
    "Difference",
    "approve_article",
    "count_deflected",
    "differing",
    "get_article",
    "likeness",
    "list_articles",
    "list_differences",
    "note_use",
    "offer",
    "retire_article",
    "save_article",
    "settle_difference",
    "values_in",
    "words_of",
]
