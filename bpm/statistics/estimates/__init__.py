"""Estimates that say how sure they are: intervals, shrunk rates, shares without reading errors."""
