"""Any vendor's BPMN becomes the dialect that the engine runs: one small pass per rule, each change a finding."""

from collections.abc import Callable

from bpm.engine.spiff import normalise_cleanup as cleanup
from bpm.engine.spiff import normalise_conditions as conditions
from bpm.engine.spiff import normalise_decisions as decisions
from bpm.engine.spiff import normalise_drawings as drawings
from bpm.engine.spiff import normalise_events as events
from bpm.engine.spiff import normalise_flow as flow
from bpm.engine.spiff import normalise_foreign as foreign
from bpm.engine.spiff import normalise_forms as forms
from bpm.engine.spiff import normalise_globals as global_tasks
from bpm.engine.spiff import normalise_lengths as lengths
from bpm.engine.spiff import normalise_loops as loops
from bpm.engine.spiff import normalise_mappings as mappings
from bpm.engine.spiff import normalise_marks as marks
from bpm.engine.spiff import normalise_scripts as scripts
from bpm.engine.spiff import normalise_settings as settings
from bpm.engine.spiff import normalise_structure as structure
from bpm.engine.spiff import normalise_tasks as tasks
from bpm.engine.spiff import normalise_timers as timers
from bpm.engine.spiff import unknowns
from bpm.engine.spiff.draft import Draft

PASSES: tuple[Callable[[Draft], None], ...] = (
    structure.give_ids,
    lengths.bound_names,
    global_tasks.settle_global_tasks,
    structure.refuse_misplaced,
    structure.drop_empty_processes,
    structure.refuse_nothing_to_run,
    structure.make_executable,
    structure.name_processes,
    structure.strip_prefixes,
    structure.refuse_duplicate_ids,
    structure.inline_event_definitions,
    drawings.place_with_their_hosts,
    structure.place_flows,
    structure.refuse_lost_boundary_events,
    drawings.leave_out_the_impossible,
    cleanup.note_data,
    structure.fill_empty_subprocesses,
    flow.note_plain_tasks,
    flow.pass_manual_tasks,
    flow.undo_side_by_side,
    marks.read_marks,
    marks.refuse_foreign_events,
    events.read_event_registry,
    tasks.read_assignments,
    tasks.read_forms,
    forms.read_form_fields,
    decisions.read_decisions,
    tasks.read_topics,
    tasks.read_throwing_topics,
    tasks.read_retries,
    mappings.read_mappings,
    mappings.read_calls,
    scripts.read_scripts,
    scripts.note_listeners,
    settings.note_unused_settings,
    settings.read_event_settings,
    events.settle_conditional_starts,
    events.resolve_event_references,
    settings.settle_names,
    events.read_correlation,
    timers.read_timers,
    events.drop_untriggered_boundary_events,
    loops.read_loops,
    flow.drop_empty_conditions,
    conditions.translate_conditions,
    conditions.translate_expressions,
    flow.settle_event_subprocesses,
    flow.settle_gateways,
    flow.split_activities,
    flow.note_unreachable,
    flow.add_starts,
    flow.add_ends,
    conditions.decide_gateways,
    foreign.ask_workers,
    lengths.bound_settings,
    unknowns.note_unknown_variables,
    cleanup.rename_collisions,
    cleanup.clean,
)
"""In this order; each pass may rely on what the ones before it have settled."""


def normalise(draft: Draft) -> None:
    """Run all passes over the draft; problems and changes end up in its findings."""
    for apply in PASSES:
        apply(draft)
