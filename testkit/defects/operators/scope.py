"""What is in scope, what is out of it, and where that goes."""

from catalogue import operator

CHANGING = {"create", "update", "delete", "execute", "spend", "grant"}


@operator
def exclusion_without_escalation(intent):
    """A kind of request is excluded, and nobody wrote where it goes.

    Intended: exclusion without escalation path.
    """
    for entry in intent.entries("scope.out"):
        yield [intent.drop(entry.node, "escalate")], [entry.key]


@operator
def exclusion_escalates_nowhere(intent):
    """An exclusion names an escalation path that was renamed or never written.

    Intended: dangling reference to an escalation.
    """
    for entry in intent.entries("scope.out"):
        path = entry.node.get("escalate")
        if path:
            yield [intent.put(path, "night-shift")], ["night-shift"]


@operator
def scope_only_explains(intent):
    """The scope promises an agent that explains, while its tools spend, change or delete.

    Intended: scope text against tool effects.
    """
    changing = [tool for tool, node in intent.tools() if CHANGING & set(intent.effects(node))]
    texts = [entry.node.get("says") for entry in intent.entries("scope.in")]
    if changing and texts and all(texts):
        yield [intent.put(text, "Explain to people how this works") for text in texts], changing


@operator
def everything_is_out_of_scope(intent):
    """The list of what the agent is for was lost in an edit.

    Intended: what an intent must say is missing (scope in).
    """
    scope = intent.at("scope")
    if scope:
        yield [intent.drop(scope, "in")], ["in", "scope"]


@operator
def section_missing(intent):
    """A whole section that every intent must have was lost.

    Intended: what an intent must say is missing.
    """
    for section in ["agent", "purpose", "scope", "failure_modes"]:
        yield [intent.drop(intent.root, section)], [section]


@operator
def identity_missing(intent):
    """The agent has no id or no version.

    Intended: what an intent must say is missing (identity, version).
    """
    for key in ["id", "version"]:
        yield [intent.drop(intent.at("agent"), key)], [key]


@operator
def escalation_calls_undeclared_tool(intent):
    """An escalation path calls a tool that is not declared.

    Intended: tool used, but not declared.
    """
    for entry in intent.entries("escalations"):
        call = entry.node.get("call")
        if call:
            tool = f"{call.value}_now"
            yield [intent.put(call, tool)], [tool]
