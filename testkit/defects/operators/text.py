"""What the strict profile of YAML forbids."""

from catalogue import operator

ZERO_WIDTH, BIDI, TAG_A = "\u200b", "\u202e", "\U000e0041"


def prose(intent):
    """Scalars that people read: places where a hidden character would stay hidden."""
    for path, entry in intent.structural():
        if entry.key in ("purpose", "says", "rule") and entry.node.kind == "scalar" and entry.node.style == "plain":
            yield entry


def scalars(intent):
    for path, entry in intent.structural():
        if entry.node.kind == "scalar" and entry.node.style in ("plain", "quoted") and entry.node.value:
            yield entry


def inside(intent, mark):
    for entry in prose(intent):
        at = entry.node.start + 4
        yield [(at, at, mark)], [entry.key]


@operator
def zero_width_character(intent):
    """A character without width hides in a sentence.

    Intended: invisible character.
    """
    yield from inside(intent, ZERO_WIDTH)


@operator
def bidirectional_control(intent):
    """A control character makes a sentence read otherwise than it is.

    Intended: invisible character.
    """
    yield from inside(intent, BIDI)


@operator
def tag_character(intent):
    """A letter of the block U+E0000 hides in a sentence.

    Intended: invisible character.
    """
    yield from inside(intent, TAG_A)


@operator
def accent_apart(intent):
    """A letter and its accent are two characters.

    Intended: text that is not in NFC.
    """
    yield from inside(intent, "e\u0301")


@operator
def byte_order_mark(intent):
    """An editor put a byte order mark in front.

    Intended: byte order mark.
    """
    yield [(0, 0, "\ufeff")], []


@operator
def second_document(intent):
    """Two documents are in one file.

    Intended: more than one document.
    """
    yield [(len(intent.text), len(intent.text), "---\nschema: behavior.intent/v1\n")], []


@operator
def indented_by_a_tab(intent):
    """A line is indented by a tab.

    Intended: tab where the profile wants spaces.
    """
    for path, entry in intent.structural():
        if entry.lead and path.count(".") == 1:
            start = entry.start - entry.lead
            yield [(start, entry.start, "\t")], [entry.key]


@operator
def anchored(intent):
    """A value is given a name for use elsewhere.

    Intended: anchor.
    """
    for entry in scalars(intent):
        yield [(entry.node.start, entry.node.start, "&same ")], ["same"]


@operator
def aliased(intent):
    """A value is taken from elsewhere by its name.

    Intended: anchor or alias.
    """
    for entry in scalars(intent):
        yield [(entry.node.start, entry.node.start, "&same "), intent.add(intent.at("agent"), "also", "*same")], ["same"]


@operator
def merged(intent):
    """A map is merged into another one.

    Intended: anchor, alias or merge key.
    """
    for path in ["agent", "scope", "constraints", "measurement"]:
        if intent.at(path):
            yield [intent.add(intent.at(path), "<<", "*same")], ["same", "<<"]


@operator
def tagged(intent):
    """A value carries a YAML tag.

    Intended: tag.
    """
    for entry in scalars(intent):
        yield [(entry.node.start, entry.node.start, "!!str ")], ["!!str"]


@operator
def yes_for_true(intent):
    """A person wrote `yes`, which the profile reads as a text.

    Intended: wrong type.
    """
    for path, entry in intent.structural():
        if entry.node.kind == "scalar" and entry.node.value in ("true", "false"):
            yield [intent.put(entry.node, "yes" if entry.node.value == "true" else "no")], [entry.key]


@operator
def number_of_another_notation(intent):
    """A number has leading zeros, or is hexadecimal.

    Intended: number that the profile does not read, or a text where a number is due.
    """
    for path, entry in intent.structural():
        if entry.key in ("retain_days", "steps", "tool_calls", "min_trials"):
            yield [intent.put(entry.node, "010")], [entry.key]
            yield [intent.put(entry.node, "0x1f")], [entry.key]


@operator
def number_too_large(intent):
    """A whole number is beyond what every reader keeps exact.

    Intended: number out of range.
    """
    for path, entry in intent.structural():
        if entry.key in ("retain_days", "steps", "tool_calls", "min_trials"):
            yield [intent.put(entry.node, "9007199254740993")], [entry.key]


@operator
def number_too_exact(intent):
    """A decimal has more digits than the profile keeps.

    Intended: number out of range.
    """
    for path, entry in intent.structural():
        if entry.key in ("usd", "promise", "escalation_rate", "pass_rate") and entry.node.kind == "scalar":
            if entry.node.style == "plain":
                yield [intent.put(entry.node, "0.12345678901234567")], [entry.key]


@operator
def not_a_number(intent):
    """A limit is not a number, or has no end.

    Intended: wrong type.
    """
    for path, entry in intent.structural():
        if path.startswith("constraints.limits."):
            yield [intent.put(entry.node, ".nan")], [entry.key]
            yield [intent.put(entry.node, ".inf")], [entry.key]


@operator
def bracket_open(intent):
    """A closing bracket was lost.

    Intended: text that is not YAML.
    """
    for path, entry in intent.structural():
        if entry.node.style == "flow":
            yield [(entry.node.end - 1, entry.node.end, "")], [entry.key]
