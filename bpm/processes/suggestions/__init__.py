"""Suggested links: by words and theme, for what is linked to no process; people confirm or drop them."""

from bpm.processes.suggestions.between import link_theme, trigger_of_theme
from bpm.processes.suggestions.deciding import SuggestionRow, confirm_suggestions, drop_suggestions, list_suggestions
from bpm.processes.suggestions.first_model import model_of_theme
from bpm.processes.suggestions.sweeping import look_again, suggest_for, sweep_suggestions

__all__ = [
    "SuggestionRow",
    "confirm_suggestions",
    "drop_suggestions",
    "link_theme",
    "list_suggestions",
    "look_again",
    "model_of_theme",
    "suggest_for",
    "sweep_suggestions",
    "trigger_of_theme",
]
