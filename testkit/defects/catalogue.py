"""The list of operators, and the defects that they make."""

from intent import apply

OPERATORS = []


class Defect:
    """One mutated intent: its text, the lines that were touched and the names that were mutated."""

    def __init__(self, operator, intent, place, text, lines, names):
        self.operator, self.intent, self.place = operator, intent, place
        self.text, self.lines, self.names = text, lines, names


def operator(function):
    """Registers a function that yields, for every place in an intent, its edits and the names at stake.

    The docstring says what a person did wrong, and after `Intended:` the kind of finding that is due.
    """
    if "Intended: " not in (function.__doc__ or ""):
        raise ValueError(f"{function.__name__} does not say what it intends")
    if name(function) in map(name, OPERATORS):
        raise ValueError(f"{function.__name__} is there twice")
    OPERATORS.append(function)
    return function


def name(function):
    return function.__name__.replace("_", "-")


def intended(function):
    return " ".join(function.__doc__.split("Intended: ")[1].split())


def defects(function, intent):
    """Every defect that an operator makes of an intent. An edit that is not possible drops its place."""
    found = []
    for place, (edits, names) in enumerate(function(intent)):
        if not edits or None in edits:
            continue
        text, lines = apply(intent.text, edits)
        if text == intent.text:
            raise ValueError(f"{name(function)} changes nothing at place {place} of {intent.name}")
        found.append(Defect(name(function), intent, place, text, lines, names))
    return found
