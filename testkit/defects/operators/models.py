"""Models by identity, and not by a name that moves."""

import re

from catalogue import operator

RETIRED = {"anthropic": "anthropic/claude-2.1", "openai": "openai/gpt-3.5-turbo-0613"}


def identities(intent):
    for entry in intent.entries("models.allow"):
        if entry.node.get("id"):
            yield entry, entry.node.get("id")


@operator
def model_is_the_latest(intent):
    """A model is named by an alias that the vendor moves.

    Intended: model alias where an identity is expected.
    """
    for entry, node in identities(intent):
        family = re.sub(r"(-\d[\d.]*)+$", "", node.value)
        yield [intent.put(node, f"{family}-latest")], [entry.key, f"{family}-latest"]


@operator
def model_without_its_date(intent):
    """The date was left out of the name of a model, so the name stands for whichever release is current.

    Intended: model alias where an identity is expected.
    """
    for entry, node in identities(intent):
        short = re.sub(r"-(\d{8}|\d{4}-\d{2}-\d{2})$", "", node.value)
        if short != node.value:
            yield [intent.put(node, short)], [entry.key, short]


@operator
def model_retired(intent):
    """A model that its vendor has switched off is still allowed.

    Intended: model near retirement.
    """
    for entry, node in identities(intent):
        old = RETIRED.get(node.value.split("/")[0])
        if old:
            yield [intent.put(node, old)], [entry.key, old]


@operator
def model_configured(intent):
    """The intent sets how a model is run, which belongs to the deployment.

    Intended: runtime configuration in the intent (a key that the form does not have).
    """
    for entry, _ in identities(intent):
        yield [intent.add(entry.node, "temperature", "0.2")], [entry.key, "temperature"]
