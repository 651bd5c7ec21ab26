"""Faults: what is killed, stopped, filled or repeated, and that nothing is lost, doubled or stuck by it."""
