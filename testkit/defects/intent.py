"""An intent as operators see it: its nodes, what is pinned of its servers, and edits of its text."""

import json
import re

from reader import Reader

# Maps whose keys are names that a person chose, by their path; `*` stands for one of those names.
NAMED = {
    "scope.in", "scope.out", "escalations", "servers", "tools", "models.allow", "environments", "windows",
    "invariants", "preferences", "bind.facts", "bind.intents", "success_criteria", "commitments",
    "ownership.approvers", "promotion", "promotion.*.approvals", "promotion.*.on_expansion",
}  # fmt: skip
# Maps that hold data of somebody else's shape.
FOREIGN = {"escalations.*.with", "tools.*.labels", "success_criteria.*.effects"}


class Intent:
    def __init__(self, name, text, contracts):
        self.name, self.text, self.contracts = name, text, contracts
        reader = Reader(text)
        self.root = reader.read()
        if reader.at != len(text):
            raise ValueError(f"{name}: read up to offset {reader.at} only")

    def at(self, path):
        """The node at a dotted path of plain keys, or None."""
        node = self.root
        for key in path.split("."):
            node = node.get(key) if node and node.kind == "map" else None
        return node

    def entries(self, path):
        """The entries of the map at a path; none where there is no such map."""
        node = self.at(path)
        return node.entries if node and node.kind == "map" else []

    def structural(self):
        """Every entry whose key belongs to the form, with its path; keys that people chose are `*`."""
        yield from self._structural(self.root, "")

    def _structural(self, node, path):
        for item in node.items:
            yield from self._structural(item, path)
        for entry in node.entries:
            here = f"{path}.{entry.key}".lstrip(".")
            if path in FOREIGN:
                continue
            if path in NAMED:
                here = f"{path}.*"
            else:
                yield here, entry
            yield from self._structural(entry.node, here)

    def source(self, node):
        return self.text[node.start : node.end]

    # What the intent says, gathered for several operators.

    def tools(self):
        """Name and node of every declared tool."""
        return [(entry.key, entry.node) for entry in self.entries("tools")]

    def effects(self, tool):
        node = tool.get("effects")
        return [item.value for item in node.items] if node else []

    def offered(self, tool):
        """The pinned contract of a tool, or None."""
        server, _, name = tool.partition(".")
        tools = self.contracts.get("servers", {}).get(server, {}).get("tools", [])
        return next((each for each in tools if each["name"] == name), None)

    def arguments(self, tool):
        """The pinned argument schemas of a tool, and the names of those that are required."""
        schema = (self.offered(tool) or {}).get("inputSchema", {})
        return schema.get("properties", {}), set(schema.get("required", []))

    def rules(self):
        """Every invariant of the policy engine: entry, its `enforce` node, the tool of a call or None."""
        for entry in self.entries("invariants"):
            enforce = entry.node.get("enforce")
            if enforce and enforce.kind == "map" and value(enforce, "by") == "policy_engine":
                found = re.fullmatch(r"call ([\w-]+\.[\w-]+)", value(enforce, "trigger") or "")
                yield entry, enforce, found[1] if found else None

    def conditioned(self):
        """Rules on calls of one tool that have a condition."""
        return [rule for rule in self.rules() if rule[2] and rule[1].get("when")]

    # Edits. Each is (start, end, replacement); an operator yields lists of them.

    def put(self, node, text):
        """Another value in the place of a node."""
        return (node.start, node.end, text)

    def rename(self, entry, key):
        return (entry.start, entry.end, key)

    def drop(self, parent, name):
        """The edit that takes an entry out of its map, or None where nothing would be left of the map."""
        entry = parent.entry(name)
        if entry is None or len(parent.entries) == 1:
            return None
        if parent.style == "block":
            return self._drop_lines(entry)
        index = parent.entries.index(entry)
        if index:
            return (parent.entries[index - 1].node.end, entry.node.end, "")
        return (entry.start, parent.entries[1].start, "")

    def _drop_lines(self, entry):
        start = self.text.rfind("\n", 0, entry.start) + 1
        if self.text[start : entry.start].strip():
            return None
        stop = self.text.find("\n", entry.node.end)
        return (start, len(self.text) if stop < 0 else stop + 1, "")

    def add(self, parent, key, text):
        """One more entry at the end of a map; `text` is one line that is valid in flow style too."""
        last = parent.entries[-1].node.end if parent.entries else parent.start + 1
        if parent.style == "flow":
            return (last, last, f"{', ' if parent.entries else ''}{key}: {text}")
        stop = self.text.find("\n", last)
        stop = len(self.text) if stop < 0 else stop
        return (stop, stop, f"\n{' ' * parent.entries[0].lead}{key}: {text}")

    def add_item(self, parent, text):
        """One more item at the end of a list."""
        if parent.style == "flow":
            last = parent.items[-1].end if parent.items else parent.start + 1
            return (last, last, f"{', ' if parent.items else ''}{text}")
        last = parent.items[-1]
        stop = self.text.find("\n", last.end)
        stop = len(self.text) if stop < 0 else stop
        lead = parent.start - (self.text.rfind("\n", 0, parent.start) + 1)
        return (stop, stop, f"\n{' ' * lead}- {text}")

    def add_to(self, path, key, text):
        """One more entry in the map at a path of one or two keys, which is made where it is missing."""
        parent = self.at(path)
        if parent is not None:
            return self.add(parent, key, text) if parent.kind == "map" else None
        above, _, name = path.rpartition(".")
        if above:
            return self.add_to(above, name, f"{{{key}: {text}}}")
        return (len(self.text), len(self.text), f"{'' if self.text.endswith(chr(10)) else chr(10)}{name}: {{{key}: {text}}}\n")


def value(node, name):
    """The text of a scalar under a key, or None."""
    found = node.get(name)
    return found.value if found else None


def quoted(text):
    """A text as a single-quoted scalar."""
    return "'" + text.replace("'", "''") + "'"


def apply(text, edits):
    """The text after all edits, and the numbers of the lines that they touched, counted from 1."""
    out, at, lines = [], 0, set()
    length = newlines = 0
    for start, end, replacement in sorted(edits):
        if start < at:
            raise ValueError("edits overlap")
        kept = text[at:start]
        newlines += kept.count("\n")
        first = newlines + 1
        # Where whole lines went away, the line above is touched too.
        if not replacement and text[end - 1 : end] == "\n":
            lines.add(max(first - 1, 1))
        if replacement.startswith("\n"):
            first += 1
        newlines += replacement.count("\n")
        lines.update(range(first, newlines + 2 - (1 if replacement.endswith("\n") else 0)))
        out += [kept, replacement]
        at = end
    return "".join(out) + text[at:], sorted(lines)


def load(path):
    pinned = path.parent / "behavior.contracts.json"
    contracts = json.loads(pinned.read_text()) if pinned.exists() else {}
    name = path.parent.name
    return Intent(name, path.read_bytes().decode(), contracts)
