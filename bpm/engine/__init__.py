"""BPMN only: deployment, instances, work items, jobs; knows no customer."""
