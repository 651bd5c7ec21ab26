"""Recurring subjects over items: grouped by their words, named by them, kept in order by people."""

from bpm.feedback.themes.changing import (
    approve_theme,
    hide_theme,
    merge_themes,
    rename_theme,
    split_theme,
    undo_theme_change,
    write_lessons,
)
from bpm.feedback.themes.reading import (
    VIEWS,
    ChangeRow,
    ThemeRow,
    View,
    changes_of,
    get_theme,
    items_of,
    list_approved,
    list_themes,
    theme_of,
)
from bpm.feedback.themes.sweeping import sweep_themes
from bpm.feedback.themes.words import name_of, words_of

__all__ = [
    "VIEWS",
    "ChangeRow",
    "ThemeRow",
    "View",
    "approve_theme",
    "changes_of",
    "get_theme",
    "hide_theme",
    "items_of",
    "list_approved",
    "list_themes",
    "merge_themes",
    "name_of",
    "rename_theme",
    "split_theme",
    "sweep_themes",
    "theme_of",
    "undo_theme_change",
    "words_of",
    "write_lessons",
]
