"""DMN files of any tool read into decisions, each problem with its place and the remedy."""
