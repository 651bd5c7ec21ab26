"""Figures about both: how a process does for customers, how the company listens."""
