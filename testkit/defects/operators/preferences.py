"""Invariant or preference: which of the two a sentence is."""

from catalogue import operator

IRREVERSIBLE = {"spend", "delete", "send", "execute", "grant"}


@operator
def preference_forbids_the_irreversible(intent):
    """What must never happen was written as a wish: an effect that nobody can take back.

    Intended: preference that reads like an invariant.
    """
    for tool, node in intent.tools():
        if IRREVERSIBLE & set(intent.effects(node)):
            wish = f"{{says: Never use {tool} without asking a person first, measure: escalation_rate, target: '< 20%', weight: 1}}"
            yield [intent.add_to("preferences", "ask-first", wish)], ["ask-first"]


@operator
def invariant_written_as_a_wish(intent):
    """An invariant has a mechanism, and a rule that reads like a wish.

    Intended: invariant that reads like a preference.
    """
    for entry in intent.entries("invariants"):
        rule = entry.node.get("rule")
        if rule:
            yield [intent.put(rule, "Prefer to avoid this where possible")], [entry.key]
