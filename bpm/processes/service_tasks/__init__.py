"""What the jobs of a process can do: one file per topic. None of them holds a conversation (law 1)."""

from collections.abc import Mapping

from bpm.engine.api import ServiceTask
from bpm.processes.service_tasks.customer_lookup import look_up_customer
from bpm.processes.service_tasks.feedback_decide import decide
from bpm.processes.service_tasks.feedback_distribute import distribute
from bpm.processes.service_tasks.feedback_link_instance import link_instance
from bpm.processes.service_tasks.improvement_record import record_improvement
from bpm.processes.service_tasks.incident_notify_linked import prepare_updates
from bpm.processes.service_tasks.message_send import send_message
from bpm.processes.service_tasks.recognition_record import record_recognition
from bpm.processes.service_tasks.tracking_lookup import look_up_tracking

SERVICE_TASKS: Mapping[str, ServiceTask] = {
    "customer.lookup": look_up_customer,
    "feedback.decide": decide,
    "feedback.distribute": distribute,
    "feedback.link_instance": link_instance,
    "improvement.record": record_improvement,
    "incident.notify_linked": prepare_updates,
    "message.send": send_message,
    "recognition.record": record_recognition,
    "tracking.lookup": look_up_tracking,
}
"""Topic -> what a worker runs for it."""

__all__ = ["SERVICE_TASKS"]
