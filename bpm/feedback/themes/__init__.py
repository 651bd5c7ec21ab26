"""Recurring subjects over items: grouped by their words, named by them, kept in order by people."""

from bpm.feedback.themes.words import name_of, words_of

__all__ = ["name_of", "words_of"]
