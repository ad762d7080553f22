"""The form itself: keys, types, words of closed lists, versions."""

from catalogue import operator

LISTS = ["scope.in.*.examples", "tools.*.effects", "bind.effects", "bind.escalation", "success_criteria.*.effects"]
MAPS = ["scope", "tools", "constraints", "constraints.limits", "invariants", "bind", "failure_modes", "measurement", "promotion"]
WORDS = {
    "agent.tier": "hihg",
    "constraints.autonomy": "on-the-lop",
    "constraints.memory": "sesion",
    "models.routing": "falback",
    "measurement.evaluate": "every_deploy",
    "commitments.*.severity": "majr",
    "ladder.on_lost_lease": "no-side-effect",
}


@operator
def key_misspelt(intent):
    """Two letters of a key were swapped.

    Intended: unknown key, with the nearest known one.
    """
    for path, entry in intent.structural():
        if len(entry.key) > 3:
            wrong = entry.key[:-2] + entry.key[-1] + entry.key[-2]
            if wrong != entry.key:
                yield [intent.rename(entry, wrong)], [wrong]


@operator
def key_invented(intent):
    """A person wrote a key that they thought would be there.

    Intended: unknown key.
    """
    for path in ["agent", "scope", "constraints", "measurement", "ownership"]:
        if intent.at(path):
            yield [intent.add(intent.at(path), "remarks", "to be discussed")], ["remarks"]
    yield [intent.add(intent.root, "remarks", "to be discussed")], ["remarks"]


@operator
def key_twice(intent):
    """A key stands there twice, and readers differ about which one holds.

    Intended: duplicate key.
    """
    for path, entry in intent.structural():
        if entry.node.kind == "scalar" and entry.node.style != "literal" and "\n" not in intent.source(entry.node):
            text = f"{entry.key}: {intent.source(entry.node)}"
            at = entry.node.end
            if entry.lead is None:
                yield [(at, at, f", {text}")], [entry.key]
            else:
                stop = intent.text.find("\n", at)
                yield [(stop, stop, f"\n{' ' * entry.lead}{text}")], [entry.key]


@operator
def name_twice(intent):
    """Two rules or two tools have one name, and the second hides the first.

    Intended: duplicate key.
    """
    for path in ["tools", "invariants", "success_criteria", "scope.out"]:
        entries = intent.entries(path)
        if len(entries) > 1:
            yield [intent.rename(entries[-1], entries[0].key)], [entries[0].key]


@operator
def scalar_where_a_map_is_due(intent):
    """A section holds a sentence.

    Intended: wrong type.
    """
    for path in MAPS:
        if intent.at(path):
            yield [intent.put(intent.at(path), '"as agreed with the team"')], [path.split(".")[-1]]


@operator
def list_where_a_map_is_due(intent):
    """A section is a list of its names.

    Intended: wrong type.
    """
    for path in MAPS:
        node = intent.at(path)
        if node and node.kind == "map":
            names = ", ".join(f'"{entry.key}"' for entry in node.entries)
            yield [intent.put(node, f"[{names}]")], [path.split(".")[-1]]


@operator
def list_where_a_text_is_due(intent):
    """One sentence became a list of sentences.

    Intended: wrong type.
    """
    for path, entry in intent.structural():
        if entry.key in ("purpose", "says", "rule") and entry.node.kind == "scalar":
            yield [intent.put(entry.node, "[first this, then that]")], [entry.key]


@operator
def map_where_a_list_is_due(intent):
    """A list is written as a map.

    Intended: wrong type.
    """
    for path, entry in intent.structural():
        if path in LISTS and entry.node.kind == "list":
            yield [intent.put(entry.node, "{first: yes, second: no}")], [entry.key]


@operator
def text_where_a_number_is_due(intent):
    """A number is written in words.

    Intended: wrong type.
    """
    for path, entry in intent.structural():
        if entry.key in ("steps", "tool_calls", "retain_days", "min_trials", "weight", "times", "conversations"):
            yield [intent.put(entry.node, "a few")], [entry.key]


@operator
def word_misspelt(intent):
    """A word of a closed list is misspelt.

    Intended: value that the form does not know.
    """
    for path, entry in intent.structural():
        if path in WORDS:
            yield [intent.put(entry.node, WORDS[path])], [WORDS[path], entry.key]


@operator
def value_forgotten(intent):
    """A key has no value.

    Intended: wrong type or missing value.
    """
    for path, entry in intent.structural():
        if path in ("purpose", "agent.id", "agent.version", "constraints.memory", "measurement.evaluate"):
            yield [(entry.node.start - 1, entry.node.end, "")], [entry.key]


@operator
def schema_of_the_future(intent):
    """The document says that it follows a version of the form that there is not.

    Intended: unsupported schema version.
    """
    for version in ["behavior.intent/v9", "behavior.intent/v1.1", "behaviour.intent/v1"]:
        if intent.at("schema"):
            yield [intent.put(intent.at("schema"), version)], [version]


@operator
def schema_missing(intent):
    """The document does not say which version of the form it follows.

    Intended: schema version missing.
    """
    yield [intent.drop(intent.root, "schema")], ["schema"]
