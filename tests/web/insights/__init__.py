"""Tests of the manager's screens and the designer's triggers."""
