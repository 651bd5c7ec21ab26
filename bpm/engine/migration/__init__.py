"""Changing running instances over to another version: impact, plan, and the move."""
