"""Tests of load, staff and limits."""
