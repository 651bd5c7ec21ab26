"""Walks through every route that changes something, room by room, for the audit trail to be looked at."""
