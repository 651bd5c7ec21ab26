"""Two small processes that the tests of this room run."""

HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" '
    'xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0" '
    'targetNamespace="urn:test">'
)

CARE = (
    HEAD
    + """<process id="care" name="Care" isExecutable="true">
  <startEvent id="heard"/>
  <sequenceFlow id="f1" sourceRef="heard" targetRef="read"/>
  <userTask id="read" name="Read complaint" camunda:candidateGroups="service"/>
  <sequenceFlow id="f2" sourceRef="read" targetRef="mend"/>
  <userTask id="mend" name="Mend what broke" camunda:candidateGroups="operations"/>
  <sequenceFlow id="f3" sourceRef="mend" targetRef="told"/>
  <endEvent id="told"/>
</process></definitions>"""
).encode()

WAITS = (
    HEAD
    + """<message id="m" name="wrote_again"><extensionElements>
  <zeebe:subscription correlationKey="str(variable('conversation_id'))"/></extensionElements></message>
<process id="waits" name="Waits" isExecutable="true">
  <startEvent id="begun"/>
  <sequenceFlow id="f1" sourceRef="begun" targetRef="wait"/>
  <receiveTask id="wait" name="Wait for the customer" messageRef="m"/>
  <sequenceFlow id="f2" sourceRef="wait" targetRef="answer"/>
  <userTask id="answer" name="Answer" camunda:candidateGroups="service"/>
  <sequenceFlow id="f3" sourceRef="answer" targetRef="over"/>
  <endEvent id="over"/>
</process></definitions>"""
).encode()

NEEDS_A_NUMBER = (
    HEAD
    + """<process id="breaks" name="Breaks" isExecutable="true">
  <startEvent id="begun"/>
  <sequenceFlow id="f1" sourceRef="begun" targetRef="which"/>
  <exclusiveGateway id="which"/>
  <sequenceFlow id="f2" sourceRef="which" targetRef="over">
    <conditionExpression>amount &gt; 3</conditionExpression></sequenceFlow>
  <sequenceFlow id="f3" sourceRef="which" targetRef="under">
    <conditionExpression>amount &lt; 3</conditionExpression></sequenceFlow>
  <endEvent id="over"/><endEvent id="under"/>
</process></definitions>"""
).encode()
