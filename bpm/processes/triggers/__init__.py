"""Triggers: when such feedback arrives, start or correlate such a process."""
