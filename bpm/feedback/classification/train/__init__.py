"""What makes and judges a pipeline: corpus, learning, evaluation. Nothing here is needed to classify."""
