"""What a model is once compiled: elements and processes as specs of SpiffWorkflow, and the XML read for them."""
