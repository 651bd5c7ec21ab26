"""FEEL: what an expression comes to, area by area."""
