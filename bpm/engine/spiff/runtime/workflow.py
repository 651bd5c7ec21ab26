"""One instance at work: the live tokens, what is ready, what goes on the record, and the bounds."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from time import perf_counter
from uuid import UUID, uuid4

from SpiffWorkflow.util.task import TaskState

from bpm.engine.spiff import library
from bpm.engine.spiff.runtime import budget
from bpm.engine.spiff.runtime.limits import DEFAULT_LIMITS, Limits
from bpm.engine.spiff.runtime.record import Record
from bpm.engine.spiff.runtime.scopes import Sandbox, ScopedWorkflow
from bpm.engine.spiff.runtime.token_state import Begun, Token
from bpm.engine.spiff.specs.model import PROCESS, Flow
from bpm.engine.spiff.specs.process import Element, ProcessSpec
from bpm.engine.spiff.specs.watched_changes import Changes
from bpm.engine.spiff.step import (
    Closed,
    Opened,
    Outcome,
    Thrown,
)
from bpm.foundation.errors import BudgetExceededError


class EarshotWorkflow(ScopedWorkflow):
    """An instance in memory. What its tokens wait for and remember is in `token_state`."""

    tasks: dict[UUID, Token]
    task_tree: Token

    def __init__(
        self,
        specs: Mapping[str, ProcessSpec],
        primary: str,
        *,
        now: datetime,
        new_uid: Callable[[], UUID] = uuid4,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        super().__init__(specs[primary], script_engine=Sandbox(), deserializing=True)
        self.specs = specs
        self.primary = primary
        self.now = now
        self.new_uid = new_uid
        self.limits = limits
        self.record = Record()
        self.urgent: deque[Token] = deque()
        self.ready: deque[Token] = deque()
        self.late: deque[Token] = deque()
        self.unsettled: deque[Token] = deque()
        self.cancelled = False
        self.halted = False
        """Set when a budget is spent: nothing runs until the failure is retried."""
        self.changed = True
        self.happened: Changes = {}
        self.clockwork = 0
        """Counts what completes, to know in which order compensation undoes it."""
        self.runs = 0
        self.splits: budget.Splits = budget.Splits()
        self.until = perf_counter() + limits.seconds

    # Tokens

    def make_root(self) -> Token:
        """The process itself as the outermost scope."""
        self.task_tree = Token(self, self.spec.task_specs[PROCESS], None, TaskState.STARTED, id=self.new_uid())
        return self.task_tree

    def place(self, element: Element, scope: Token, *, via: str | None = None, data: Begun | None = None) -> Token:
        """Put a token on `element` inside `scope`; it runs when its turn comes."""
        task = Token(self, element, scope, TaskState.FUTURE, id=self.new_uid())
        if via is not None:
            task.internal_data.via = via
        if data:
            task.internal_data.update(data)
        library.arrive(task)
        return task

    def make_ready(self, task: Token) -> None:
        """Queue a task that the library has set READY."""
        element: Element = task.task_spec
        first = element.urgent or task.internal_data.first is not None
        queue = self.urgent if first else self.late if element.late else self.ready
        queue.append(task)

    def take(self, flows: tuple[Flow, ...], task: Token) -> None:
        """The token `task` goes on along `flows`; its scope may come to its end with it."""
        scope = task.parent
        elements = task.task_spec.process.task_specs
        if len(flows) > 1:
            self.splits[task.task_spec] += len(flows) - 1
        for flow in flows:
            self.place(elements[flow.target], scope, via=flow.id)
        self.drop(task)
        self.settle(scope)

    def passed(self, task: Token) -> None:
        """A task ran to its end: it leaves the tree and its flows are taken (the library's completion hook)."""
        flows = task.task_spec.choose(self, task)
        self.close(task, "completed")
        self.take(flows, task)

    def drop(self, task: Token) -> None:
        """Take a finished task, and whatever is still inside it, out of the tree without a record."""
        if task.id in self.tasks:
            library.remove(self, task)

    def settle(self, scope: Token) -> None:
        """Remember to look whether a token is left in `scope`. Not at once: nested scopes would end recursively."""
        self.unsettled.append(scope)

    def settle_all(self) -> None:
        """End the scopes in which no token is left, inner ones first; armed events do not count."""
        while self.unsettled:
            scope = self.unsettled.popleft()
            if scope.id not in self.tasks or scope.internal_data.failed:
                continue
            if not any(True for _ in self.tokens(scope)):
                scope.task_spec.settled(self, scope)

    def tokens(self, scope: Token) -> Iterator[Token]:
        """The tokens that stand directly in `scope`."""
        # Not `scope.children`, which builds the whole list: settling looks at the first token only.
        children = (self.tasks[child] for child in library.child_ids(scope))
        return (task for task in children if task.internal_data.armed is None)

    def armed(self, owner: Token) -> list[Token]:
        """The boundary events and event subprocess starts that watch over `owner`."""
        return [task for task in owner.children if task.internal_data.armed is not None]

    def cancel_task(self, task: Token, outcome: Outcome = "cancelled") -> None:
        """Take `task` and everything inside away; what waited there waits no more."""
        for child in task.children:
            self.cancel_task(child)
        self.close(task, outcome)
        if task.parent is not None:
            self.drop(task)

    def cancel_inside(self, scope: Token, keep: Token | None = None) -> None:
        """Take everything inside `scope` away; the boundary events attached to it go on watching over it."""
        scope.internal_data.fired = None
        for child in scope.children:
            if child is not keep and child.internal_data.armed != "boundary":
                self.cancel_task(child)

    def _task_completed_notify(self, task: Token) -> None:
        """The library looks at all waiting tasks here; ours are told by name."""

    # Record

    def owner(self, task: Token) -> str | None:
        """uid of the visit around `task`: of the enclosing subprocess, call activity or round."""
        scope = task.parent
        while scope is not None and not scope.internal_data.open:
            scope = scope.parent
        return str(scope.id.hex) if scope is not None else None

    def open(self, task: Token) -> None:
        """A visit begins (once, also when it is retried)."""
        element: Element = task.task_spec
        if element.model.synthetic or task.internal_data.open:
            return
        task.internal_data.open = True
        self.record.opened.append(
            Opened(
                uid=task.id.hex,
                element=element.bpmn_id,
                name=element.bpmn_name,
                type=element.model.kind,
                parent=self.owner(task),
                process=element.process.name,
            )
        )

    def close(self, task: Token, outcome: Outcome) -> None:
        """A visit, or something armed, ends."""
        internal = task.internal_data
        was_open, internal.open = internal.open, None
        if was_open or internal.armed is not None:
            self.record.closed.append(Closed(task.id.hex, outcome))

    # Going on

    def next_task(self) -> Token | None:
        """The next ready task: boundary events, then in order of arrival, then throwing events."""
        for queue in (self.urgent, self.ready, self.late):
            while queue:
                task = queue.popleft()
                if task.id in self.tasks and task.has_state(TaskState.READY):
                    return task
        return None

    def pay(self) -> None:
        """One more element is run; raises BudgetExceededError when the step has done enough."""
        if len(self.tasks) > self.limits.tokens:
            raise budget.too_many_tokens(self.limits.tokens, self.splits)
        self.runs += 1
        if self.runs > self.limits.runs or (self.runs % 64 == 0 and perf_counter() > self.until):
            raise budget.too_many_runs(self.runs - 1, self.splits)

    def tell(self, thrown: Thrown) -> None:
        """A message or signal leaves the instance; raises BudgetExceededError when there were too many in this step."""
        if len(self.record.thrown) >= self.limits.thrown:
            raise BudgetExceededError(
                f"More than {self.limits.thrown} messages and signals in one step.",
                remedy="Look for a loop that throws without waiting for anything.",
            )
        self.record.thrown.append(thrown)

    def count_job(self, task: Token, *, what: str = "") -> None:
        """A loop of jobs never ends a step too late, it never ends at all: count them until something else happens.

        `what` tells the jobs of one visit apart.
        """
        if task.internal_data.round is not None:
            return
        counts = task.parent.internal_data.counted_jobs()
        name = f"{task.task_spec.name} {what}".strip()
        counts[name] = counts.get(name, 0) + 1
        if counts[name] > self.limits.jobs:
            raise BudgetExceededError(
                f"More than {self.limits.jobs} jobs here one after the other without waiting for anything else.",
                remedy="Look for a loop without a waiting element, or retry to let it go on for as many more.",
            )

    def forget_jobs(self) -> None:
        """Something came from outside: the counts start again."""
        for task in self.tasks.values():
            task.internal_data.jobs = None

    def tick(self) -> int:
        """A number that grows with every activity begun or completed."""
        self.clockwork += 1
        return self.clockwork

    def depth_of(self, task: Token) -> int:
        """How many scopes are around `task`."""
        depth, scope = 0, task.parent
        while scope is not None:
            depth, scope = depth + 1, scope.parent
        return depth
