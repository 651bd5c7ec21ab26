"""Verdicts on changes: asked before, read by plan, decided, and gathered by kind of change."""
