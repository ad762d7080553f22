"""Who owns, who approves, who reviews, and which environment follows which."""

from catalogue import operator
from intent import value


@operator
def owner_missing(intent):
    """Nobody owns the agent.

    Intended: owner missing.
    """
    agent = intent.at("agent")
    yield [intent.drop(agent, "owner")], ["owner"]
    if agent.get("owner").kind == "map":
        yield [intent.drop(agent.get("owner"), "team")], ["owner", "team"]


@operator
def reviewer_is_the_author(intent):
    """The team that writes the agent reviews its evidence.

    Intended: reviewer within the authoring team.
    """
    team = value(intent.at("agent.owner"), "team")
    for entry in intent.entries("promotion"):
        reviewer = entry.node.get("reviewer")
        yield [intent.put(reviewer, team) if reviewer else intent.add(entry.node, "reviewer", team)], [team, "reviewer"]


@operator
def promoted_from_nowhere(intent):
    """An environment follows one that does not exist.

    Intended: dangling reference to an environment.
    """
    for entry in intent.entries("promotion"):
        if entry.node.get("from"):
            yield [intent.put(entry.node.get("from"), "preproduction")], ["preproduction"]


@operator
def ownership_of_unknown_section(intent):
    """A section that does not exist has an owner.

    Intended: unknown key (misspelt section).
    """
    for entry in intent.entries("ownership.sections"):
        yield [intent.rename(entry, entry.key + "s")], [entry.key + "s"]


@operator
def environment_widens_a_limit(intent):
    """An environment allows more than the intent, and environments may only narrow.

    Intended: unapproved widening in an environment.
    """
    for environment in ["staging", "production"]:
        for entry in intent.entries("constraints.limits"):
            given = intent.at(f"environments.{environment}.limits")
            more = str(float(entry.node.value) * 10).removesuffix(".0")
            if given is None:
                if intent.at(f"environments.{environment}") is None:
                    yield [intent.add_to("environments", environment, f"{{limits: {{{entry.key}: {more}}}}}")], [entry.key]
            elif given.get(entry.key):
                yield [intent.put(given.get(entry.key), more)], [entry.key]
            else:
                yield [intent.add(given, entry.key, more)], [entry.key]


@operator
def limit_absent(intent):
    """A budget has no bound, which nobody meant.

    Intended: absent limit.
    """
    limits = intent.at("constraints.limits")
    for entry in intent.entries("constraints.limits"):
        yield [intent.drop(limits, entry.key)], [entry.key]


@operator
def limits_absent(intent):
    """No budget is bounded at all.

    Intended: absent limit.
    """
    constraints = intent.at("constraints")
    if constraints and constraints.get("limits"):
        yield [intent.drop(constraints, "limits")], ["limits"]


@operator
def limit_with_unit(intent):
    """A limit is written with its unit, where a number is due.

    Intended: wrong type or unit.
    """
    units = {"usd": '"$0.40"', "seconds": "15m", "steps": "sixty"}
    for entry in intent.entries("constraints.limits"):
        if entry.key in units:
            yield [intent.put(entry.node, units[entry.key])], [entry.key]
