"""The conformance tests of DMN, held against our reading of decisions."""
