"""Draws defects: evenly over operators, evenly over files, and the same ones each time."""

import hashlib

from catalogue import OPERATORS, defects, name


def mark(*parts):
    return hashlib.sha256("\0".join(map(str, parts)).encode()).digest()


def queues(function, intents):
    """The defects of an operator, one queue for each file, in an order that depends on names alone."""
    found = []
    for intent in intents:
        made = defects(function, intent)
        made.sort(key=lambda each: mark(each.operator, intent.name, each.place))
        if made:
            found.append(made)
    found.sort(key=lambda made: mark(name(function), made[0].intent.name))
    return found


def draw(intents, count):
    """`count` defects: operators take turns, and so do the files of an operator."""
    waiting = {name(function): queues(function, intents) for function in OPERATORS}
    drawn = []
    while len(drawn) < count and any(waiting.values()):
        for operator in sorted(waiting, key=mark):
            files = waiting[operator]
            if files and len(drawn) < count:
                made = files.pop(0)
                drawn.append(made.pop(0))
                if made:
                    files.append(made)
    return drawn


def every(intents):
    """All defects that all operators make."""
    return [each for function in OPERATORS for intent in intents for each in defects(function, intent)]
