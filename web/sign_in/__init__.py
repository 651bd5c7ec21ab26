"""Signing in and out, and the devices that are known."""
