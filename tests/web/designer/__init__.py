"""Processes on screen."""
