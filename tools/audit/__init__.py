"""`make audit`: known faults of what is installed, as the registries say, less those that are waived for a time."""
