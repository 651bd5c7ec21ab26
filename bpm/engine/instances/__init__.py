"""Instances: started, advanced, written down as rows; messages and signals that reach them."""
