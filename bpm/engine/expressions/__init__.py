"""Expressions of models: the languages that they are written in."""
