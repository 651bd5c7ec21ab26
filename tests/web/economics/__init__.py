"""Tests of costs, causes, channels and capacity on screen."""
