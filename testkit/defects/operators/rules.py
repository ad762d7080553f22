"""Rules of the policy engine: dead, shadowed, doubled, mistyped."""

import re

from catalogue import operator
from intent import quoted, value

CAP = re.compile(r"args\.(\w+) > ([0-9]+(?:\.[0-9]+)?)")


def capped(intent):
    """Rules whose whole condition is that an argument is above a number: entry, enforce, argument, number."""
    for entry, enforce, _ in intent.conditioned():
        found = CAP.fullmatch(value(enforce, "when"))
        if found:
            yield entry, enforce, found[1], found[2]


def invariant(enforce, when, do, rule="What the other rule says"):
    """The text of an invariant like another one."""
    trigger = value(enforce, "trigger")
    return f"{{rule: {rule}, enforce: {{by: policy_engine, trigger: {quoted(trigger)}, when: {quoted(when)}, do: {quoted(do)}}}}}"


def another(intent, text):
    return intent.add(intent.at("invariants"), "as-well", text)


def condition(intent, enforce, text):
    return intent.put(enforce.get("when"), quoted(text))


@operator
def never_fires_by_range(intent):
    """A condition asks for a number that the pinned schema excludes.

    Intended: rule that can never fire under the pinned schemas.
    """
    for entry, enforce, tool in intent.conditioned():
        for name, schema in intent.arguments(tool)[0].items():
            for key, beyond in [("minimum", "<"), ("exclusiveMinimum", "<"), ("maximum", ">")]:
                if key in schema and schema.get("type") in ("number", "integer"):
                    yield [condition(intent, enforce, f"args.{name} {beyond} {schema[key]}")], [entry.key]


@operator
def never_fires_by_value(intent):
    """A condition compares with a text that the pinned schema excludes.

    Intended: rule that can never fire under the pinned schemas.
    """
    for entry, enforce, tool in intent.conditioned():
        properties, required = intent.arguments(tool)
        for name, schema in properties.items():
            if "enum" in schema or "const" in schema:
                asked = f'args.{name} == "nothing-of-the-kind"'
                yield [condition(intent, enforce, asked if name in required else f"has(args.{name}) && {asked}")], [entry.key]


@operator
def never_fires_by_contradiction(intent):
    """A condition asks for a number above one bound and below a smaller one.

    Intended: rule that can never fire.
    """
    for entry, enforce, name, bound in capped(intent):
        yield [condition(intent, enforce, f"args.{name} > {bound} && args.{name} < 100")], [entry.key]


@operator
def never_fires_for_want_of_a_label(intent):
    """A rule waits for a label that no result carries, because it is misspelt.

    Intended: rule that can never fire.
    """
    for entry, enforce, _ in intent.conditioned():
        yield [condition(intent, enforce, 'labels("untrustd")')], [entry.key, "untrustd"]


@operator
def shadowed_by_lower_bound(intent):
    """A second rule has a higher bound and the same action, so the first always fires before it.

    Intended: shadowed rule.
    """
    for entry, enforce, name, bound in capped(intent):
        text = invariant(enforce, f"args.{name} > {bound}0", value(enforce, "do"))
        yield [another(intent, text)], ["as-well"]


@operator
def shadowed_by_stronger_action(intent):
    """A second rule only warns in a case that another rule blocks.

    Intended: shadowed rule.
    """
    for entry, enforce, _ in intent.conditioned():
        if value(enforce, "do") == "block":
            yield [another(intent, invariant(enforce, value(enforce, "when"), "warn"))], ["as-well", entry.key]


@operator
def rule_duplicated(intent):
    """The same rule stands there under two names.

    Intended: duplicate rules.
    """
    for entry, enforce, _ in intent.conditioned():
        yield [another(intent, invariant(enforce, value(enforce, "when"), value(enforce, "do")))], ["as-well", entry.key]


@operator
def approval_asked_and_blocked(intent):
    """One rule asks for approval in a case that another rule blocks, so no approval helps.

    Intended: conflicting or shadowed rules.
    """
    for entry, enforce, _ in intent.conditioned():
        if (value(enforce, "do") or "").startswith("require approval"):
            yield [another(intent, invariant(enforce, value(enforce, "when"), "block"))], ["as-well", entry.key]


@operator
def two_values_for_one_argument(intent):
    """Two rules set the same argument to different values.

    Intended: conflicting rules.
    """
    for entry, enforce, name, bound in capped(intent):
        text = invariant(enforce, value(enforce, "when"), f"set args.{name} = {bound}")
        other = invariant(enforce, value(enforce, "when"), f"set args.{name} = 1")
        at = another(intent, text)
        lead = " " * intent.entries("invariants")[0].lead
        yield [(at[0], at[1], f"{at[2]}\n{lead}and-so: {other}")], ["as-well", "and-so"]


@operator
def argument_unknown(intent):
    """A condition reads an argument whose name is misspelt.

    Intended: condition that reads what the pinned schema does not have.
    """
    for entry, enforce, _ in intent.conditioned():
        when = enforce.get("when")
        found = re.search(r"args\.(\w+)", intent.source(when))
        if found:
            at = when.start + found.end(1)
            yield [(at, at, "_nr")], [entry.key, found[1] + "_nr"]


@operator
def argument_of_another_type(intent):
    """A number is compared with a text.

    Intended: type error in a condition.
    """
    for entry, enforce, name, bound in capped(intent):
        yield [condition(intent, enforce, f'args.{name} > "{bound}"')], [entry.key]


@operator
def optional_argument_unguarded(intent):
    """A condition reads an argument that a caller may leave out.

    Intended: optional argument read without has().
    """
    for entry, enforce, tool in intent.conditioned():
        properties, required = intent.arguments(tool)
        for name, schema in properties.items():
            if name not in required:
                asked = {"string": '== "x"', "number": "> 5", "integer": "> 5", "boolean": "== true"}.get(schema.get("type"))
                if asked:
                    yield [condition(intent, enforce, f"args.{name} {asked}")], [entry.key, name]


@operator
def threshold_without_accumulation(intent):
    """A cap holds for one call, and nothing adds the calls up: two calls evade it.

    Intended: threshold without accumulation.
    """
    rules = list(intent.conditioned())
    for entry, enforce, name, _ in capped(intent):
        sums = [each for each, other, _ in rules if f".sum(args.{name})" in value(other, "when")]
        tool = value(enforce, "trigger").removeprefix("call ")
        money = (intent.at("tools").get(tool) or enforce).get("money")
        if money and value(money, "path") == f"args.{name}" and sums:
            yield [intent.drop(intent.at("invariants"), each.key) for each in sums], [entry.key]


@operator
def expression_broken(intent):
    """A bracket of a condition is missing.

    Intended: expression that cannot be read.
    """
    for entry, enforce, _ in intent.conditioned():
        yield [condition(intent, enforce, f"({value(enforce, 'when')}")], [entry.key]


@operator
def duration_without_unit(intent):
    """A window of time has no unit.

    Intended: wrong unit.
    """
    for entry, enforce, _ in intent.conditioned():
        when = enforce.get("when")
        found = re.search(r'\.within\("(\d+)([a-z])"\)', intent.source(when))
        if found:
            yield [(when.start + found.start(2), when.start + found.end(2), "")], [entry.key, found[1]]


@operator
def approver_unknown(intent):
    """A rule asks a role for approval that nobody holds.

    Intended: dangling reference to an approver.
    """
    for entry, enforce, _ in intent.rules():
        action = enforce.get("do")
        if action and action.value.startswith("require approval"):
            yield [intent.put(action, "require approval from night-manager")], ["night-manager"]


@operator
def rule_escalates_nowhere(intent):
    """A rule hands over to a path that does not exist.

    Intended: dangling reference to an escalation.
    """
    for entry, enforce, tool in intent.rules():
        if tool and enforce.get("do"):
            yield [intent.put(enforce.get("do"), "escalate back-office")], ["back-office"]


@operator
def window_unknown(intent):
    """A rule asks whether a window is open that is declared nowhere.

    Intended: dangling reference to a window.
    """
    for entry, enforce, _ in intent.conditioned():
        yield [condition(intent, enforce, 'window("stocktaking").open')], [entry.key, "stocktaking"]


@operator
def fact_of_rule_unknown(intent):
    """A condition reads a fact that is bound nowhere.

    Intended: dangling reference to a fact.
    """
    for entry, enforce, _ in intent.conditioned():
        yield [condition(intent, enforce, "facts.shipment.weight > 30")], [entry.key, "shipment"]


@operator
def pattern_without_anchors(intent):
    """A condition matches a text against a pattern that says nothing about where it begins and ends.

    Intended: regex without anchors.
    """
    for entry, enforce, tool in intent.conditioned():
        properties, required = intent.arguments(tool)
        for name, schema in properties.items():
            if schema.get("type") == "string" and "enum" not in schema and "const" not in schema and name in required:
                yield [condition(intent, enforce, f'args.{name}.matches("[A-Z][0-9]")')], [entry.key]
