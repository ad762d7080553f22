"""Invariants that no mechanism holds."""

from catalogue import operator
from intent import value


def enforced(intent):
    for entry in intent.entries("invariants"):
        node = entry.node.get("enforce")
        if node and node.kind == "map":
            yield entry, node


@operator
def enforced_by_the_model(intent):
    """An invariant is left to the prompt.

    Intended: unnamed or aspirational enforcement.
    """
    for entry, node in enforced(intent):
        yield [intent.put(node.get("by"), "prompt")], [entry.key, "prompt"]


@operator
def enforced_by_good_intentions(intent):
    """Where the mechanism belongs, a person wrote what they hope for.

    Intended: unnamed or aspirational enforcement.
    """
    for entry, node in enforced(intent):
        yield [intent.put(node, "the agent is instructed to follow this")], [entry.key]


@operator
def enforcement_missing(intent):
    """An invariant says a rule and names nothing that holds it.

    Intended: unnamed or aspirational enforcement.
    """
    for entry, _ in enforced(intent):
        yield [intent.drop(entry.node, "enforce")], [entry.key]


@operator
def mechanism_unnamed(intent):
    """The enforcement has details, but not the mechanism that they are for.

    Intended: unnamed or aspirational enforcement.
    """
    for entry, node in enforced(intent):
        yield [intent.drop(node, "by")], [entry.key]


@operator
def action_aspirational(intent):
    """Where the action belongs, a person wrote that the agent should try.

    Intended: unnamed or aspirational enforcement (an action that no mechanism has).
    """
    for entry, node in enforced(intent):
        if node.get("do"):
            yield [intent.put(node.get("do"), "try to avoid it")], [entry.key, "try to avoid it"]


@operator
def action_missing(intent):
    """A rule says when, and not what happens then.

    Intended: unnamed or aspirational enforcement (a rule without an action).
    """
    for entry, node in enforced(intent):
        yield [intent.drop(node, "do")], [entry.key]


@operator
def trigger_missing(intent):
    """A rule does not say which event it is for.

    Intended: unnamed or aspirational enforcement (a rule without an event).
    """
    for entry, node in enforced(intent):
        yield [intent.drop(node, "trigger")], [entry.key]


@operator
def allowlist_denies_nothing(intent):
    """An invariant of the allowlist names no tool.

    Intended: rule that can never fire.
    """
    for entry, node in enforced(intent):
        if value(node, "by") == "tool_allowlist" and node.get("deny"):
            yield [intent.put(node.get("deny"), "[]")], [entry.key]


@operator
def external_control_on_trust(intent):
    """An invariant leans on a control outside, with no probe that shows it and nobody who answers for it.

    Intended: unnamed or aspirational enforcement (a mechanism that nothing proves).
    """
    for entry, node in enforced(intent):
        yield [intent.put(node, '{by: external, control: "the team keeps an eye on it"}')], [entry.key]


@operator
def redaction_of_unknown_kind(intent):
    """A filter redacts a kind of data that no detector knows by that name.

    Intended: value that the form does not know.
    """
    for entry, node in enforced(intent):
        action = node.get("do")
        if action and action.value.startswith("redact "):
            yield [intent.put(action, "redact passphrases")], [entry.key, "passphrases"]


@operator
def action_not_for_this_event(intent):
    """A rule about a call redacts: there is nothing to redact before a call, so nothing would happen.

    Intended: action that its event does not have.
    """
    for entry, node, tool in intent.rules():
        if tool and node.get("do"):
            yield [intent.put(node.get("do"), "redact email")], [entry.key]
