"""Promises, and whether trials and traffic can carry them."""

from catalogue import operator
from intent import value


def commitments(intent):
    return [entry for entry in intent.entries("commitments") if entry.node.kind == "map"]


def numbered(node, name):
    try:
        return float(value(node, name))
    except (TypeError, ValueError):
        return None


@operator
def promise_beyond_trials(intent):
    """More is promised than the demanded runs could ever show.

    Intended: promise that the evidence cannot support.
    """
    for entry in commitments(intent):
        if entry.node.get("promise"):
            yield [intent.put(entry.node.get("promise"), "0.999")], [entry.key, "0.999"]


@operator
def fewer_trials_than_promised(intent):
    """The demanded number of runs was lowered to what was at hand.

    Intended: promise that the evidence cannot support.
    """
    for entry in intent.entries("promotion"):
        evidence = entry.node.get("evidence")
        if evidence and commitments(intent) and (numbered(evidence, "min_trials") or 0) >= 29:
            yield [intent.put(evidence.get("min_trials"), "7")], [entry.key, "7"]


@operator
def promise_beyond_traffic(intent):
    """Evidence is to be an hour old at most, and there are far too few conversations for that.

    Intended: promise that the traffic cannot support.
    """
    if intent.at("measurement.baselines.conversations"):
        for entry in commitments(intent):
            if entry.node.get("half_life"):
                yield [intent.put(entry.node.get("half_life"), "1h")], [entry.key, "1h"]


@operator
def promise_in_percent(intent):
    """A share is written as a percentage.

    Intended: wrong unit.
    """
    for entry in commitments(intent):
        if entry.node.get("promise"):
            yield [intent.put(entry.node.get("promise"), "95")], [entry.key, "promise", "95"]


@operator
def target_in_percent(intent):
    """A target of a share has lost its per cent sign.

    Intended: wrong unit.
    """
    for entry in intent.entries("measurement.targets"):
        if entry.key.endswith("_rate"):
            yield [intent.put(entry.node, '"> 95"')], [entry.key, "95"]


@operator
def half_life_without_unit(intent):
    """A half-life is a number of nobody knows what.

    Intended: wrong unit.
    """
    for entry in commitments(intent):
        if entry.node.get("half_life"):
            yield [intent.put(entry.node.get("half_life"), "14")], [entry.key, "half_life", "14"]


@operator
def promise_without_criterion(intent):
    """A promise is measured by a criterion that was renamed.

    Intended: dangling reference to a criterion.
    """
    for entry in commitments(intent):
        if entry.node.get("criterion"):
            yield [intent.put(entry.node.get("criterion"), "kept-in-full")], ["kept-in-full"]


@operator
def consequence_unknown(intent):
    """What follows from a weak promise is a step that the ladder does not have.

    Intended: dangling reference to a step of the ladder.
    """
    ladder = intent.at("ladder")
    for entry in commitments(intent):
        if ladder and value(entry.node, "else") and ladder.get(value(entry.node, "else")):
            yield [intent.drop(ladder, value(entry.node, "else"))], [value(entry.node, "else"), entry.key]


@operator
def drift_review_unscheduled(intent):
    """Nobody looks at drift on any fixed day.

    Intended: drift review unscheduled.
    """
    measurement = intent.at("measurement")
    if measurement and measurement.get("drift_review"):
        yield [intent.drop(measurement, "drift_review")], ["drift_review"]
        yield [intent.put(measurement.get("drift_review"), "when somebody has time")], ["drift_review"]
        yield [intent.drop(intent.root, "measurement")], ["drift_review"]
