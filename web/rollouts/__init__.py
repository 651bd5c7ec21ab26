"""Rollouts in the browser: set up with what it will mean, watched arm by arm, ramped, stopped and decided by people."""

from web.rollouts import acts, at_case, pages
from web.rollouts.blueprint import blueprint

__all__ = ["acts", "at_case", "blueprint", "pages"]
