"""A case of the demo that stands still at a sum that cannot be worked out: an operator mends it in the browser."""

from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from bpm.app import App
from bpm.engine import api as engine
from bpm.engine.models import WorkItem
from bpm.engine.status import WorkItemStatus
from bpm.foundation.clock import FixedClock
from bpm.foundation.work import Actor
from bpm.processes.bundles import deploy_bundle

KEY = "plan_change"
MODEL = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:camunda="http://camunda.org/schema/1.0/bpmn"
 targetNamespace="urn:earshot:processes">
  <process id="plan_change" name="Change of plan" isExecutable="true">
    <startEvent id="change_wanted" name="Change wanted"/>
    <userTask id="enter_change" name="Enter change of plan" camunda:candidateGroups="service"/>
    <scriptTask id="work_out" name="Work out the part month" scriptFormat="python">
      <script>part_month = round(monthly_fee * days_left / days_in_month, 2)</script>
    </scriptTask>
    <userTask id="tell_price" name="Tell customer the price" camunda:candidateGroups="service"/>
    <endEvent id="change_made" name="Change made"/>
    <sequenceFlow id="to_enter" sourceRef="change_wanted" targetRef="enter_change"/>
    <sequenceFlow id="to_work_out" sourceRef="enter_change" targetRef="work_out"/>
    <sequenceFlow id="to_tell" sourceRef="work_out" targetRef="tell_price"/>
    <sequenceFlow id="to_end" sourceRef="tell_price" targetRef="change_made"/>
  </process>
</definitions>
"""
TRIES = 8
"""Hours after which a worker has tried for the last time."""
CASES = (("Fibre 250", 39.5, 12, 30), ("Family plan", 64.0, 9, 0), ("Mobile M", 19.9, 21, 31))
"""(plan, fee of a month, days left, days of the month): in the second somebody left a field at 0."""


def get_stuck(app: App, actors: dict[str, Actor]) -> None:
    """Sam entered three changes yesterday; one of them failed as often as the worker came to it."""
    clock = FixedClock(app.clock.now() - timedelta(days=1))
    app = replace(app, clock=clock, unit_of_work=app.unit_of_work.at(clock))
    files = [(f"{KEY}/{KEY}.bpmn", MODEL)]
    deploy_bundle(app.unit_of_work, engine.read_bundle(files, whole=True), key=KEY, note="Drawn by Dana for the shop.")
    for plan, fee, left, days in CASES:
        with app.unit_of_work(actors["sam"]) as work:
            case = engine.start(work, KEY, {"plan": plan, "monthly_fee": fee}).id
            task = work.session.scalars(
                select(WorkItem.id).where(WorkItem.instance_id == case, WorkItem.status == WorkItemStatus.OPEN)
            ).one()
            engine.claim(work, task)
            engine.complete(work, task, {"days_left": left, "days_in_month": days})
    _try_again_and_again(app, clock)


def _try_again_and_again(app: App, clock: FixedClock) -> None:
    """What the worker did through the night, until the last of its tries."""
    (sweep,) = (sweep for name, sweep in app.sweeps if name == "jobs")
    for _hour in range(TRIES):
        while sweep(app):
            pass
        clock.advance(timedelta(hours=1))
