"""Signing: a department's word on a draft, and which departments give theirs."""

from web.designer.signing import departments, words

__all__ = ["departments", "words"]
