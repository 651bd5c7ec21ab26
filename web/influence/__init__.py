"""Who helps whom on which topic, for insight alone."""

from web.influence.pages import blueprint

__all__ = ["blueprint"]
