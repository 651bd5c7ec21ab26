"""Expressions of models in the language that they are written in: read, checked and evaluated."""
