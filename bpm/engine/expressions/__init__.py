"""Expressions of models, read, checked and evaluated in the language that they are written in."""
