"""Reads the YAML of an intent into nodes that know where they stand in the text.

Only what the strict profile permits is read: block and flow collections, plain and quoted scalars,
block scalars, comments. A node's span covers its value and nothing around it, so that an edit of one
node leaves every other byte of the file alone.
"""

import re

BREAK = re.compile(r"[ \t]*(#[^\n]*)?(\n|$)")
BLOCK_KEY = re.compile(r"""("(?:[^"\\\n]|\\.)*"|'(?:[^'\n]|'')*'|[^\s#"'{}\[\],&*!|>%@`-][^\n#]*?|-[^\s][^\n#]*?)[ ]*:(?=[ \n]|$)""")
FLOW_KEY = re.compile(r"""("(?:[^"\\]|\\.)*"|'(?:[^']|'')*'|[^\s"'{}\[\],:][^{}\[\],\n]*?)\s*:(?=[\s])""")


class Node:
    """A map, a list or a scalar, and the offsets of its value: `text[start:end]`."""

    def __init__(self, kind, style, start):
        self.kind, self.style, self.start, self.end = kind, style, start, start
        self.entries, self.items, self.value = [], [], None

    def get(self, name):
        """The value under a key, or None."""
        entry = self.entry(name)
        return entry.node if entry else None

    def entry(self, name):
        return next((entry for entry in self.entries if entry.key == name), None)


class Entry:
    """A key of a map with its value. `lead` is the column of the key in a block map."""

    def __init__(self, key, start, end, lead):
        self.key, self.start, self.end, self.lead, self.node = key, start, end, lead, None


def unquoted(text):
    if text[:1] == "'":
        return text[1:-1].replace("''", "'")
    if text[:1] == '"':
        return re.sub(r"\\(.)", r"\1", text[1:-1])
    return text


class Reader:
    def __init__(self, text):
        self.text, self.at = text, 0

    def read(self):
        self.skip_lines()
        return self.block(-1)

    def column(self):
        return self.at - (self.text.rfind("\n", 0, self.at) + 1)

    def skip_lines(self):
        """To the first character of the next line that holds something."""
        while self.at < len(self.text):
            found = BREAK.match(self.text, self.at)
            if not found or found.end() == self.at:
                break
            self.at = found.end()
        while self.text[self.at : self.at + 1] == " ":
            self.at += 1

    def block(self, above):
        """The value that starts here, on a line deeper than `above`."""
        if self.text.startswith("- ", self.at):
            return self.block_list(self.column())
        if BLOCK_KEY.match(self.text, self.at):
            return self.block_map(self.column())
        return self.inline(above)

    def block_map(self, column):
        node = Node("map", "block", self.at)
        while self.at < len(self.text) and self.column() == column:
            found = BLOCK_KEY.match(self.text, self.at)
            if not found:
                raise ValueError(f"no key at offset {self.at}: {self.text[self.at : self.at + 40]!r}")
            entry = Entry(unquoted(found[1]), found.start(1), found.end(1), column)
            self.at = found.end()
            entry.node = self.after_key(column)
            node.entries.append(entry)
            node.end = entry.node.end
            self.skip_lines()
        return node

    def block_list(self, column):
        node = Node("list", "block", self.at)
        while self.text.startswith("- ", self.at) and self.column() == column:
            self.at += 2
            while self.text[self.at] == " ":
                self.at += 1
            node.items.append(self.block(column))
            node.end = node.items[-1].end
            self.skip_lines()
        return node

    def after_key(self, column):
        while self.text[self.at : self.at + 1] == " ":
            self.at += 1
        if not BREAK.match(self.text, self.at):
            return self.inline(column)
        empty = Node("scalar", "plain", self.at)
        self.skip_lines()
        deeper = self.column() > column
        if self.at < len(self.text) and (deeper or self.text.startswith("- ", self.at) and self.column() == column):
            return self.block(column)
        empty.value = ""
        return empty

    def inline(self, above):
        first = self.text[self.at]
        if first in "{[":
            return self.flow()
        if first in "'\"":
            return self.quoted()
        if first in "|>":
            return self.block_scalar(above)
        return self.plain(above)

    def block_scalar(self, above):
        node = Node("scalar", "literal", self.at)
        self.at = self.text.index("\n", self.at)
        lines = []
        while self.at < len(self.text):
            stop = self.text.find("\n", self.at + 1)
            line = self.text[self.at + 1 : stop if stop >= 0 else len(self.text)]
            if line.strip() and len(line) - len(line.lstrip()) <= above:
                break
            lines.append(line.strip())
            self.at = stop if stop >= 0 else len(self.text)
        node.end, node.value = self.at, " ".join(lines).strip()
        return node

    def plain(self, above):
        """A plain scalar, with the deeper lines that go on with it."""
        node = Node("scalar", "plain", self.at)
        stop = re.compile(r" #|\n|$").search(self.text, self.at).start()
        node.end = node.start + len(self.text[node.start : stop].rstrip())
        self.at = stop
        while self.text[self.at : self.at + 1] == "\n":
            line = re.compile(r"\n( *)([^\n]*)").match(self.text, self.at)
            if len(line[1]) <= above or not line[2].strip() or line[2][0] == "#":
                break
            node.end, self.at = line.start() + len(line[0].rstrip()), line.end()
        node.value = " ".join(self.text[node.start : node.end].split())
        return node

    def quoted(self):
        node = Node("scalar", "quoted", self.at)
        mark = self.text[self.at]
        pattern = r"'(?:[^']|'')*'" if mark == "'" else r'"(?:[^"\\]|\\.)*"'
        found = re.compile(pattern, re.S).match(self.text, self.at)
        self.at = node.end = found.end()
        node.value = unquoted(found[0])
        return node

    def skip_flow(self):
        found = re.compile(r"(?:\s|#[^\n]*)*").match(self.text, self.at)
        self.at = found.end()

    def flow(self):
        opening = self.text[self.at]
        node = Node("map" if opening == "{" else "list", "flow", self.at)
        closing = "}" if opening == "{" else "]"
        self.at += 1
        while True:
            self.skip_flow()
            if self.text[self.at] == closing:
                break
            if self.text[self.at] == ",":
                self.at += 1
            elif opening == "{":
                node.entries.append(self.flow_entry())
            else:
                node.items.append(self.flow_value())
        self.at += 1
        node.end = self.at
        return node

    def flow_entry(self):
        found = FLOW_KEY.match(self.text, self.at)
        if not found:
            raise ValueError(f"no key at offset {self.at}: {self.text[self.at : self.at + 40]!r}")
        entry = Entry(unquoted(found[1]), found.start(1), found.end(1), None)
        self.at = found.end()
        self.skip_flow()
        entry.node = self.flow_value()
        return entry

    def flow_value(self):
        first = self.text[self.at]
        if first in "{[":
            return self.flow()
        if first in "'\"":
            return self.quoted()
        node = Node("scalar", "plain", self.at)
        stop = re.compile(r"[,\[\]{}]|\s#").search(self.text, self.at).start()
        node.end = node.start + len(self.text[node.start : stop].rstrip())
        node.value = " ".join(self.text[node.start : node.end].split())
        self.at = stop
        return node
