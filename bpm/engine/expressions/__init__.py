"""The one place that evaluates what a model says: its expression languages, one package or file each."""
