"""The five failure modes: each there, each with one safe action."""

from catalogue import operator
from intent import value


def modes(intent):
    return [entry for entry in intent.entries("failure_modes") if entry.node.kind == "map"]


@operator
def failure_mode_missing(intent):
    """Nobody thought about one of the five failures.

    Intended: failure mode missing.
    """
    for entry in modes(intent):
        yield [intent.drop(intent.at("failure_modes"), entry.key)], [entry.key]


@operator
def failure_mode_discretionary(intent):
    """After a failure the agent may try what it likes.

    Intended: failure mode discretionary.
    """
    for entry in modes(intent):
        yield [intent.put(entry.node.get("do"), "try another way")], [entry.key]


@operator
def failure_mode_at_its_judgement(intent):
    """The whole failure mode is a sentence that leaves the decision to the agent.

    Intended: failure mode discretionary.
    """
    for entry in modes(intent):
        yield [intent.put(entry.node, "use best judgement to recover")], [entry.key]


@operator
def failure_mode_carries_on(intent):
    """A failure other than personal data in a request does not stop the agent.

    Intended: failure mode discretionary (`continue` is for personal data only).
    """
    for entry in modes(intent):
        if entry.key != "pii_detected":
            yield [intent.put(entry.node, "{do: continue}")], [entry.key]


@operator
def failure_mode_without_end(intent):
    """A failure mode says how it begins, and not where it ends.

    Intended: failure mode without a fixed `then`.
    """
    for entry in modes(intent):
        yield [intent.drop(entry.node, "then")], [entry.key]


@operator
def asks_again_and_again(intent):
    """The agent may ask what is meant as often as it likes.

    Intended: failure mode discretionary (clarify once).
    """
    for entry in modes(intent):
        if value(entry.node, "do") == "clarify":
            if entry.node.get("max"):
                yield [intent.put(entry.node.get("max"), "20")], [entry.key, "max"]


@operator
def personal_data_echoed(intent):
    """The agent may repeat personal data that it was given.

    Intended: failure mode unsafe (personal data: continue only flagged and unechoed).
    """
    for entry in modes(intent):
        if entry.key == "pii_detected":
            if entry.node.get("echo"):
                yield [intent.put(entry.node.get("echo"), "always")], [entry.key, "echo"]
            yield [intent.drop(entry.node, "echo")], [entry.key, "echo"]


@operator
def failure_escalates_nowhere(intent):
    """A failure mode hands over to a path that does not exist.

    Intended: dangling reference to an escalation.
    """
    for entry in modes(intent):
        for key in ["do", "then"]:
            if (value(entry.node, key) or "").startswith("escalate "):
                yield [intent.put(entry.node.get(key), "escalate second-line")], ["second-line"]
