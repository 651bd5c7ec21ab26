"""Tests of the pictures of processes."""
