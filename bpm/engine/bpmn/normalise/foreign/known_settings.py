"""Vendor settings that change what happens and have no counterpart here: what each does in the engine it is from.

Sources: the reference pages of Camunda 7 and 8, Flowable, Activiti, jBPM, SpiffWorkflow, ProcessMaker, Flows for APEX.
The table says only what is lost; whether a setting was read is not decided here.
"""

from dataclasses import dataclass

DRAW = "Draw what it does, or remove it."


@dataclass(frozen=True)
class Known:
    """`effect` completes "it is not used here: ..."; values that only say what happens anyway are `harmless`."""

    effect: str
    remedy: str = DRAW
    harmless: frozenset[str] = frozenset({"false", "0"})


_LATEST = frozenset({"latest", "0", "false", "true", "default"})
_BINDING = Known(
    "the live version is taken when an instance gets there, not the one that it names",
    "Call a process with a key of its own where a certain version is meant.",
    _LATEST,
)
_PRIORITY = Known(
    "jobs are done in the order in which they fall due", "Draw what has to come first before it.", frozenset()
)
_TENANT = Known("there are no tenants: whoever is named by the key is meant")
_LISTENER = Known("nothing listens", "Draw what the listener does as a service task.")
_MESSAGE_DATA = Known(
    "what the message or signal carries becomes variables under its own names",
    "Let the sender use the names of your variables, or set them in a script task behind the event.",
)
_VARIABLES = Known(
    "these variables are not set",
    "Set them in a script task before or after the element.",
)
_NO_VARIABLE = Known("this variable is not set", "Set it in a script task, or let a worker bring it.")
_YES = frozenset({"true", "1"})
_STARTERS = Known("whoever may start cases may start this one, too", "Give the right to start to fewer people.", _YES)
_CALENDAR = Known("the time is counted without a business calendar", "Set the calendar of the process.", frozenset())
_ERRORS = Known(
    "a job that fails is a failure, not an error of the model, unless its worker reports the error by its code",
    "Let the worker report the error by its code.",
)
_BUSINESS_KEY = Known("the called case has no business key of its own", "Hand over the key as a variable.")
_PEOPLE = Known("people are not looked up by it", "Name a group, or an assignee.")

KNOWN: dict[str, Known] = {
    **dict.fromkeys(("calledElementBinding", "calledElementVersion", "calledElementVersionTag"), _BINDING),
    **dict.fromkeys(("decisionRefBinding", "decisionRefVersion", "decisionRefVersionTag"), _BINDING),
    **dict.fromkeys(("caseBinding", "caseVersion", "formRefBinding", "formRefVersion"), _BINDING),
    **dict.fromkeys(
        ("calledElement bindingType", "calledDecision bindingType", "formDefinition bindingType"), _BINDING
    ),
    **dict.fromkeys(("calledElement versionTag", "calledDecision versionTag", "formDefinition versionTag"), _BINDING),
    **dict.fromkeys(("sameDeployment", "linkedResources", "calledDiagramVersionSelection"), _BINDING),
    "calledDiagramVersion": _BINDING,
    **dict.fromkeys(("priority", "jobPriority", "taskPriority", "priorityDefinition"), _PRIORITY),
    **dict.fromkeys(("calledElementTenantId", "decisionRefTenantId", "tenantId", "caseTenantId"), _TENANT),
    **dict.fromkeys(("executionListeners", "executionListener", "taskListeners", "taskListener"), _LISTENER),
    **dict.fromkeys(("eventListener", "onEntry-script", "onExit-script"), _LISTENER),
    **dict.fromkeys(("eventInParameter", "eventOutParameter", "messageVariable", "messagePayload"), _MESSAGE_DATA),
    **dict.fromkeys(("in", "out"), _MESSAGE_DATA),
    **dict.fromkeys(("payloadVariable", "signalRefMapping", "variableName of a message"), _MESSAGE_DATA),
    **dict.fromkeys(("processVariableCorrelation", "correlationParameter"), _MESSAGE_DATA),
    **dict.fromkeys(("beforeTask", "afterTask", "onEvent", "beforeEvent", "beforeSplit", "afterMerge"), _VARIABLES),
    **dict.fromkeys(("inVariables", "outVariables", "inputOutput", "ioMapping"), _VARIABLES),
    **dict.fromkeys(("preScript", "postScript", "dataOutputAssociation", "resultVariable"), _VARIABLES),
    **dict.fromkeys(("errorEventDefinition", "mapException", "errorExpression"), _ERRORS),
    **dict.fromkeys(("potentialUsers", "potentialGroups", "excludedUsers", "businessAdmin"), _PEOPLE),
    **dict.fromkeys(("candidateUsers", "assignmentRules"), _PEOPLE),
    **dict.fromkeys(("taskIdVariableName", "taskCompleterVariableName", "errorVariableName"), _NO_VARIABLE),
    **dict.fromkeys(("processInstanceIdVariableName", "caseInstanceIdVariableName"), _NO_VARIABLE),
    **dict.fromkeys(("candidateStarterUsers", "candidateStarterGroups", "isStartableInTasklist"), _STARTERS),
    **dict.fromkeys(("potentialStartingUsers", "potentialStartingGroups", "excludedStartingUsers"), _STARTERS),
    "isStartable": _STARTERS,
    "role": Known("the group of the lane's tasks is the lane's name", "Name the lane as its group."),
    "processStatus": Known("the case ends as its end event says", "Draw what the other status leads to.", frozenset()),
    "adHoc": Known("it runs as it is drawn, from its start event on", "Draw flows to what has to be begun."),
    "startEventCorrelationConfiguration": Known(
        "every event starts a case, also for a key that has one",
        "Let a running case take the event at a message of its own.",
        frozenset({"startnewinstance", "start-new-instance"}),
    ),
    "businessCalendarName": _CALENDAR,
    "variableName": _MESSAGE_DATA,
    "apexApproval": Known("the task is not looked up in APEX: anybody may claim it", "Name a group, or an assignee."),
    "assignmentLock": Known("when it comes again, anybody may claim it", "Name an assignee by a variable."),
    "formFieldValidation": Known("what is entered is checked all the same", "Loosen the fields of the form.", _YES),
    "calledElementType": Known(
        "what it calls is taken as the key of a process", "Name the process by its key.", frozenset({"key"})
    ),
    "storeResultVariableAsTransient": Known("the result stays a variable of the case", "Remove it in a script task."),
    "triggerEventType": Known("no answer is waited for", "Draw a receive task behind it."),
    "waitForCompletion": Known(
        "the flow waits until the called process has ended", "Throw a message that starts the other process.", _YES
    ),
    "customScope": Known("every case that waits for the signal gets it", "Use a message with a correlation key."),
    "dueOn": Known("no date is set", "Give the task a due date of the standard's markup, or draw a timer."),
    **dict.fromkeys(("messageName", "correlationKey", "correlationValue", "payload"), _MESSAGE_DATA),
    "taskHeaders": Known(
        "the worker does not get them, and what a connector computes from them is not computed",
        "Map the connector's answer by output mappings, and catch its errors by a boundary event.",
    ),
    "followUpDate": Known("only a task of people has a follow-up date", "Draw a timer."),
    "variableAggregation": Known(
        "what the rounds write is not gathered into a list", "Give the multi-instance an output collection."
    ),
    "variableEvents": Known("every change of a variable counts, whether it is made or changed"),
    "conditionalFilter": Known("every change of a variable counts"),
    "skipExpression": Known("it is never left out", "Draw a gateway around it."),
    "triggerable": Known("it is done when its job is done", "Draw a receive task behind it."),
    "formHandlerClass": Known("its code is not run", "Draw what it does as a service task."),
    "field": Known("the job does not get its fields", "Give the worker what it needs by input mappings."),
    "parameters": Known("the job does not get its parameters", "Give the worker what it needs by input mappings."),
    "historyTimeToLive": Known(
        "ended cases are kept as long as the version says", "Set the days on the page of the process."
    ),
    "terminateMultiInstance": Known("it ends its own scope"),
    "endDate": Known("the timer goes on after it", "Write the end into the cycle: R/PT1H/2030-01-01T00:00:00Z."),
    **dict.fromkeys(
        ("variableMappingClass", "variableMappingDelegateExpression"),
        Known("its code is not run, and what it would hand over is not", "Write what is handed over as in and out."),
    ),
    **dict.fromkeys(("businessKey", "inheritBusinessKey"), _BUSINESS_KEY),
    "in businessKey": _BUSINESS_KEY,
    "formData businessKey": Known("no field becomes the key of the case", "Enter the key where the case is started."),
    "startEvent": Known("the called process starts at its plain start event"),
    "retryCounter": Known("the job is tried as often as the settings say"),
    "customSLADueDate": Known("no date is set", "Give the task a due date, or draw a timer."),
    "customAutoStart": Known("it is begun when its turn comes", "Draw a flow to it."),
    "activeElementsCollection": Known("people choose what comes next"),
    "publishMessage": Known("it is a job whose worker sends the message"),
}
"""Local name of the attribute or element, or `element attribute` for one that only matters there."""
