"""Success criteria: checkable without a model, along the way and not only at its end."""

import re

from catalogue import operator
from intent import value


def criteria(intent):
    return [entry for entry in intent.entries("success_criteria") if entry.node.kind == "map"]


def effects(entry):
    node = entry.node.get("effects")
    return [item for item in node.items if item.kind == "map"] if node else []


@operator
def criterion_of_prose(intent):
    """A criterion says what is hoped for, and nothing that could be checked.

    Intended: criterion not checkable.
    """
    for entry in criteria(intent):
        yield [intent.put(entry.node, "{says: The customer is happy with the answer}")], [entry.key]


@operator
def effects_of_prose(intent):
    """Where the effects of a criterion belong, a person wrote a sentence.

    Intended: criterion not checkable.
    """
    for entry in criteria(intent):
        if entry.node.get("effects"):
            yield [intent.put(entry.node.get("effects"), "handles the case politely")], [entry.key]


@operator
def expectation_of_prose(intent):
    """Where the expected output of a criterion belongs, a person wrote a sentence.

    Intended: criterion not checkable.
    """
    for entry in criteria(intent):
        if entry.node.get("expect"):
            yield [intent.put(entry.node.get("expect"), "a friendly and complete answer")], [entry.key]


@operator
def criterion_of_output_only(intent):
    """A criterion looks at what the agent says, and not at what it did.

    Intended: criterion that checks output only.
    """
    for entry in criteria(intent):
        text = "{given: {%s}, expect: {says: [{any: [done, finished]}]}}"
        given = entry.node.get("given")
        if given and value(given, "intent"):
            yield [intent.put(entry.node, text % f"intent: {value(given, 'intent')}")], [entry.key]


@operator
def criterion_without_test(intent):
    """A criterion was written, and no recorded run has anything to do with it.

    Intended: criterion without test.
    """
    tool = intent.tools()[0][0]
    intents, listed = intent.at("bind.intents"), intent.at("success_criteria")
    if intents and listed:
        bound = intent.add(intents, "audit", "{tag: intent=audit}")
        added = intent.add(listed, "audit-answered", f"{{given: {{intent: audit}}, effects: [{{called: {tool}, at_least: 1}}]}}")
        yield [bound, added], ["audit-answered"]


@operator
def intent_unknown(intent):
    """A criterion is about an intent that is bound nowhere.

    Intended: dangling reference to an intent.
    """
    for entry in criteria(intent):
        given = entry.node.get("given")
        if given and given.get("intent"):
            yield [intent.put(given.get("intent"), "grievance")], ["grievance"]


@operator
def fact_of_criterion_unknown(intent):
    """A criterion is about a fact that is bound nowhere.

    Intended: dangling reference to a fact.
    """
    for entry in criteria(intent):
        given = entry.node.get("given")
        if given and given.kind == "map" and given.get("fact"):
            yield [intent.put(given.get("fact"), "parcel.weight < 30")], ["parcel"]


@operator
def fact_member_unknown(intent):
    """A criterion reads a member that the pinned result does not have.

    Intended: condition that reads what the pinned schema does not have.
    """
    for entry in criteria(intent):
        given = entry.node.get("given")
        if given and given.kind == "map" and value(given, "fact"):
            wrong = re.sub(r"\.(\w+)", r".\1_nr", value(given, "fact"), count=1)
            yield [intent.put(given.get("fact"), f'"{wrong}"')], [entry.key, wrong.split()[0].split(".")[-1]]


@operator
def criterion_calls_undeclared_tool(intent):
    """A criterion expects a call of a tool that is not declared.

    Intended: tool used, but not declared.
    """
    for entry in criteria(intent):
        for item in effects(entry):
            called = item.get("called")
            if called and "." in called.value:
                wrong = called.value + "s"
                yield [intent.put(called, wrong)], [wrong]


@operator
def argument_pattern_without_anchors(intent):
    """A criterion matches an argument against a pattern that says nothing about where it begins and ends.

    Intended: regex without anchors.
    """
    for entry in criteria(intent):
        for item in effects(entry):
            called = value(item, "called") or ""
            strings = [name for name, schema in intent.arguments(called)[0].items() if schema.get("type") == "string"]
            if strings and item.get("args") is None:
                yield [intent.add(item, "args", f"{{{strings[0]}: {{regex: '[A-Z][0-9]'}}}}")], [entry.key]


@operator
def intent_text_without_anchors(intent):
    """The words that tell an intent are also found inside other words.

    Intended: regex without anchors.
    """
    for entry in intent.entries("bind.intents"):
        text = entry.node.get("text")
        if text and r"\b" in text.value:
            yield [intent.put(text, "'" + text.value.replace(r"\b", "") + "'")], [entry.key]


@operator
def bound_tool_undeclared(intent):
    """A tool that counts as an effect, as an escalation or as the source of a fact is not declared.

    Intended: tool used, but not declared.
    """
    for path in ["bind.effects", "bind.escalation"]:
        for item in (intent.at(path).items if intent.at(path) else []):
            yield [intent.put(item, f"{item.value}s")], [f"{item.value}s"]
    for entry in intent.entries("bind.facts"):
        source = entry.node.get("result_of")
        if source:
            yield [intent.put(source, f"{source.value}s")], [f"{source.value}s"]


@operator
def topic_unknown(intent):
    """An intent is told by a topic that the scope does not have.

    Intended: dangling reference to a topic of the scope.
    """
    for entry in intent.entries("bind.intents"):
        topic = entry.node.get("topic")
        if topic:
            yield [intent.put(topic, "exchanges")], ["exchanges"]
