"""Tests of the room where engine and feedback meet."""
