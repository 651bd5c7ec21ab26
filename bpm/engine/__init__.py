"""BPMN only: definitions, instances, work items, jobs; knows no customer. Its face is `bpm.engine.api`."""
