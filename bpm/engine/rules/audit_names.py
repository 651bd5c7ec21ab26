"""How the audit trail names cases, and whose data a row holds."""

from bpm.audit import Thing


def case(instance_id: int, business_key: str | None = None) -> Thing:
    """An instance as the trail names it."""
    return Thing("case", instance_id, f"Case {business_key or instance_id}", about(instance_id))


def about(instance_id: int) -> str:
    """Whose data a row about a case or its tasks holds."""
    return f"case {instance_id}"
