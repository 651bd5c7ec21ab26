"""Any vendor's BPMN becomes the dialect that the engine runs; the passes stand in `passes`, in their order."""
