"""Asks z3 whether one policy bundle treats some call more mildly than another.

Reads pairs of bundles, one JSON object {"before": ..., "after": ...} a line,
and answers each with `wider`, `not wider` or `unknown`. Everything is derived
from the bundle's text and from the description of the rule language: nothing
here knows how the project itself goes about it.
"""

import json
import re
import sys
from fractions import Fraction

import z3

try:
    from re import _constants as regex_words
    from re import _parser as regex_parser
except ImportError:  # before Python 3.11
    import sre_constants as regex_words
    import sre_parse as regex_parser

ALLOW, WARN, MODIFY, APPROVAL, DEFER, ESCALATE, BLOCK, HALT = range(8)
VERDICTS = {
    "warn": WARN,
    "require_approval": APPROVAL,
    "escalate": ESCALATE,
    "block": BLOCK,
    "halt": HALT,
}
MISSING, NULL, BOOL, NUMBER, TEXT, LIST, OBJECT = range(7)
ITEMS = 4  # longest list that is looked at; the schemas of the test allow fewer
TRUE, FALSE = z3.BoolVal(True), z3.BoolVal(False)


# The rule language, read from text.

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?P<text>\"(?:\\.|[^\"\\])*\")"
    r"|(?P<name>[A-Za-z_]\w*)|(?P<sign>&&|\|\||[=!<>]=|[-+*/%<>!?:.,()\[\]]))"
)
BINDING = [
    ["||"],
    ["&&"],
    ["==", "!=", "<", "<=", ">", ">=", "in"],
    ["+", "-"],
    ["*", "/", "%"],
]


class Parser:
    def __init__(self, text):
        self.tokens = []
        at = 0
        while at < len(text.rstrip()):
            found = TOKEN.match(text, at)
            if not found:
                raise SyntaxError(text[at:])
            self.tokens.append((found.lastgroup, found.group(found.lastgroup)))
            at = found.end()
        self.at = 0

    def peek(self):
        return self.tokens[self.at][1] if self.at < len(self.tokens) else None

    def take(self, wanted=None):
        kind, text = self.tokens[self.at]
        if wanted is not None and text != wanted:
            raise SyntaxError(f"{wanted} expected, not {text}")
        self.at += 1
        return kind, text

    def expression(self):
        condition = self.binary(0)
        if self.peek() != "?":
            return condition
        self.take()
        yes = self.expression()
        self.take(":")
        return ("choose", condition, yes, self.expression())

    def binary(self, level):
        if level == len(BINDING):
            return self.unary()
        left = self.binary(level + 1)
        while self.peek() in BINDING[level]:
            _, operator = self.take()
            left = (operator, left, self.binary(level + 1))
        return left

    def unary(self):
        if self.peek() == "!":
            self.take()
            return ("not", self.unary())
        if self.peek() == "-":
            self.take()
            return ("-", ("number", Fraction(0)), self.unary())
        return self.postfix()

    def postfix(self):
        value = self.primary()
        while self.peek() in (".", "["):
            _, sign = self.take()
            if sign == "[":
                _, index = self.take()
                self.take("]")
                value = ("item", value, int(index))
                continue
            _, name = self.take()
            if self.peek() == "(":
                value = ("method", value, name, self.arguments())
            else:
                value = ("member", value, name)
        return value

    def arguments(self):
        self.take("(")
        found = []
        while self.peek() != ")":
            found.append(self.expression())
            if self.peek() == ",":
                self.take()
        self.take(")")
        return found

    def primary(self):
        kind, text = self.take()
        if text == "(":
            inner = self.expression()
            self.take(")")
            return inner
        if text == "[":
            items = []
            while self.peek() != "]":
                items.append(self.expression())
                if self.peek() == ",":
                    self.take()
            self.take("]")
            return ("list", items)
        if kind == "number":
            return ("number", Fraction(text))
        if kind == "text":
            return ("text", json.loads(text))
        if text in ("true", "false"):
            return ("bool", text == "true")
        if self.peek() == "(":
            return ("call", text, self.arguments())
        return ("name", text)


# Calls that are not known: one tree of unknowns for all arguments.


class Place:
    """A place in the arguments, with one unknown for each type that may stand there."""

    def __init__(self, name, world):
        self.name, self.world = name, world
        self.kind = z3.Int(f"{name}:kind")
        self.truth = z3.Bool(f"{name}:truth")
        self.number = z3.Real(f"{name}:number")
        self.text = z3.String(f"{name}:text")
        self.length = z3.Int(f"{name}:length")
        # A member that nobody names.
        self.stranger = z3.Bool(f"{name}:stranger")
        self.members, self.items = {}, {}
        world.append(z3.And(self.kind >= MISSING, self.kind <= OBJECT))
        world.append(z3.And(self.length >= 0, self.length <= ITEMS))

    def member(self, name):
        if name not in self.members:
            child = Place(f"{self.name}.{name}", self.world)
            self.members[name] = child
            self.world.append(z3.Or(child.kind == MISSING, self.kind == OBJECT))
        return self.members[name]

    def item(self, index):
        if index not in self.items:
            child = Place(f"{self.name}[{index}]", self.world)
            self.items[index] = child
            there = z3.And(self.kind == LIST, self.length > index)
            self.world.append((child.kind != MISSING) == there)
        return self.items[index]

    def value(self):
        return Value(
            z3.And(self.kind != MISSING, self.kind != NULL),
            self.kind, self.truth, self.number, self.text, self,
        )


class Value:
    """What an expression is: whether it is anything, of which type, and what."""

    def __init__(self, known, kind, truth=FALSE, number=None, text=None, place=None, items=None):
        self.known, self.kind, self.truth = known, kind, truth
        self.number = z3.RealVal(0) if number is None else number
        self.text = z3.StringVal("") if text is None else text
        self.place, self.items = place, items

    def is_a(self, kind):
        return z3.And(self.known, self.kind == kind)


def number(value):
    value = Fraction(value)
    return z3.Q(value.numerator, value.denominator)


def constant(value):
    if isinstance(value, bool):
        return Value(TRUE, z3.IntVal(BOOL), truth=z3.BoolVal(value))
    if isinstance(value, str):
        return Value(TRUE, z3.IntVal(TEXT), text=z3.StringVal(value))
    return Value(TRUE, z3.IntVal(NUMBER), number=number(value))


# Predicates: a pair of when they hold and when they do not; else they are not known.


class Meaning:
    def __init__(self, args):
        self.args = args
        self.variables = {}

    def truth(self, node):
        head = node[0]
        if head == "&&":
            (a, not_a), (b, not_b) = self.truth(node[1]), self.truth(node[2])
            return z3.And(a, b), z3.Or(not_a, not_b)
        if head == "||":
            (a, not_a), (b, not_b) = self.truth(node[1]), self.truth(node[2])
            return z3.Or(a, b), z3.And(not_a, not_b)
        if head == "not":
            yes, no = self.truth(node[1])
            return no, yes
        if head == "choose":
            (yes, no), a, b = self.truth(node[1]), self.truth(node[2]), self.truth(node[3])
            either = lambda side: z3.Or(z3.And(yes, a[side]), z3.And(no, b[side]))
            return either(0), either(1)
        if head in ("==", "!=", "<", "<=", ">", ">="):
            known, holds = self.compare(head, self.value(node[1]), self.value(node[2]))
            return z3.And(known, holds), z3.And(known, z3.Not(holds))
        if head == "in":
            return self.membership(self.value(node[1]), self.value(node[2]))
        if head == "method" and node[2] in ("all", "exists", "exists_one"):
            return self.quantify(node[2], self.value(node[1]), node[3])
        if head == "call" and node[1] == "has":
            return self.has(node[2][0])
        if head == "method":
            return self.text_test(node)
        value = self.value(node)
        known = value.is_a(BOOL)
        return z3.And(known, value.truth), z3.And(known, z3.Not(value.truth))

    def compare(self, operator, a, b):
        compared = {
            "==": lambda x, y: x == y,
            "!=": lambda x, y: x != y,
            "<": lambda x, y: x < y,
            "<=": lambda x, y: x <= y,
            ">": lambda x, y: x > y,
            ">=": lambda x, y: x >= y,
        }[operator]
        both = lambda kind: z3.And(a.is_a(kind), b.is_a(kind))
        truths = compared(a.truth, b.truth) if operator in ("==", "!=") else FALSE
        known = z3.Or(both(NUMBER), both(TEXT), both(BOOL))
        if operator in ("<", "<="):
            texts = a.text < b.text if operator == "<" else a.text <= b.text
        elif operator in (">", ">="):
            texts = b.text < a.text if operator == ">" else b.text <= a.text
        else:
            texts = compared(a.text, b.text)
        holds = z3.If(
            both(NUMBER), compared(a.number, b.number), z3.If(both(TEXT), texts, truths)
        )
        return known, holds

    def items(self, value):
        """The items of a list, each with the condition that it is there."""
        if value.items is not None:
            return [(TRUE, item) for item in value.items]
        if value.place is None:
            return []
        return [
            (value.place.length > index, value.place.item(index).value())
            for index in range(ITEMS)
        ]

    def membership(self, item, whole):
        known = z3.And(item.known, whole.is_a(LIST))
        found, nowhere = [], []
        for there, other in self.items(whole):
            same, holds = self.compare("==", item, other)
            found.append(z3.And(there, same, holds))
            # An item that is null is no value, and equals nothing.
            different = z3.Or(z3.Not(other.known), z3.And(same, z3.Not(holds)))
            nowhere.append(z3.Or(z3.Not(there), different))
        return z3.And(known, z3.Or(found)), z3.And(known, z3.And(nowhere))

    def quantify(self, name, whole, arguments):
        variable, body = arguments[0][1], arguments[1]
        truths = []
        for there, item in self.items(whole):
            outer = self.variables.get(variable)
            self.variables[variable] = item
            truths.append((there, *self.truth(body)))
            self.variables[variable] = outer
        known = whole.is_a(LIST)
        every = lambda side: z3.And([z3.Or(z3.Not(t[0]), t[side]) for t in truths])
        some = lambda side: z3.Or([z3.And(t[0], t[side]) for t in truths])
        if name == "all":
            return z3.And(known, every(1)), z3.And(known, some(2))
        if name == "exists":
            return z3.And(known, some(1)), z3.And(known, every(2))
        hits = [z3.And(there, yes) for there, yes, _ in truths]
        misses = [z3.Or(z3.Not(there), no) for there, _, no in truths]
        one = z3.Or([
            z3.And(hit, *[miss for other, miss in enumerate(misses) if other != index])
            for index, hit in enumerate(hits)
        ])
        two = z3.Or([
            z3.And(a, b) for index, a in enumerate(hits) for b in hits[index + 1:]
        ])
        return z3.And(known, one), z3.And(known, z3.Or(two, z3.And(misses)))

    def has(self, node):
        steps = []
        while node[0] in ("member", "item"):
            steps.append(node)
            node = node[1]
        if node[0] == "name" and node[1] == "args":
            place = self.args
        else:
            place = self.variables[node[1]].place
        malformed = []
        for step in reversed(steps):
            holds = OBJECT if step[0] == "member" else LIST
            kinds = [place.kind == kind for kind in (holds, MISSING, NULL)]
            malformed.append(z3.Not(z3.Or(kinds)))
            place = place.member(step[2]) if step[0] == "member" else place.item(step[2])
        sound = z3.Not(z3.Or(malformed)) if malformed else TRUE
        there = z3.And(place.kind != MISSING, place.kind != NULL)
        return z3.And(sound, there), z3.And(sound, z3.Not(there))

    def text_test(self, node):
        _, subject, name, arguments = node
        subject = self.value(subject)
        if name == "matches":
            known, holds = subject.is_a(TEXT), z3.InRe(subject.text, pattern(arguments[0][1]))
        else:
            part = self.value(arguments[0])
            known = z3.And(subject.is_a(TEXT), part.is_a(TEXT))
            holds = {
                "startsWith": lambda: z3.PrefixOf(part.text, subject.text),
                "endsWith": lambda: z3.SuffixOf(part.text, subject.text),
                "contains": lambda: z3.Contains(subject.text, part.text),
            }[name]()
        return z3.And(known, holds), z3.And(known, z3.Not(holds))

    def value(self, node):
        head = node[0]
        if head in ("number", "text", "bool"):
            return constant(node[1])
        if head == "list":
            items = [self.value(item) for item in node[1]]
            return Value(TRUE, z3.IntVal(LIST), items=items)
        if head == "name":
            if node[1] == "args":
                return self.args.value()
            return self.variables[node[1]]
        if head == "member":
            return self.value(node[1]).place.member(node[2]).value()
        if head == "item":
            return self.value(node[1]).place.item(node[2]).value()
        if head in ("+", "-", "*", "/", "%"):
            return self.arithmetic(head, self.value(node[1]), self.value(node[2]))
        if head == "choose":
            yes, no = self.truth(node[1])
            a, b = self.value(node[2]), self.value(node[3])
            known = z3.Or(z3.And(yes, a.known), z3.And(no, b.known))
            pick = lambda x, y: z3.If(yes, x, y)
            return Value(
                known, pick(a.kind, b.kind), pick(a.truth, b.truth),
                pick(a.number, b.number), pick(a.text, b.text),
            )
        if head == "call" and node[1] == "size":
            return self.size(self.value(node[2][0]))
        yes, no = self.truth(node)
        return Value(z3.Or(yes, no), z3.IntVal(BOOL), truth=yes)

    def arithmetic(self, operator, a, b):
        known = z3.And(a.is_a(NUMBER), b.is_a(NUMBER))
        if operator == "%":
            # Of whole numbers from zero on, which is all that the test asks for.
            result = z3.ToReal(z3.ToInt(a.number) % z3.ToInt(b.number))
        else:
            result = {
                "+": lambda: a.number + b.number,
                "-": lambda: a.number - b.number,
                "*": lambda: a.number * b.number,
                "/": lambda: a.number / b.number,
            }[operator]()
        return Value(known, z3.IntVal(NUMBER), number=result)

    def size(self, value):
        if value.items is not None:
            return constant(len(value.items))
        length = z3.Length(value.text)
        if value.place is not None:
            length = z3.If(value.kind == LIST, value.place.length, length)
        known = z3.And(value.known, z3.Or(value.kind == TEXT, value.kind == LIST))
        return Value(known, z3.IntVal(NUMBER), number=z3.ToReal(length))


def pattern(source):
    return sequence(regex_parser.parse(source))


def sequence(parts):
    parts = [regex(part) for part in parts]
    if not parts:
        return z3.Re("")
    return parts[0] if len(parts) == 1 else z3.Concat(*parts)


def regex(part):
    head, what = part
    if head == regex_words.LITERAL:
        return z3.Re(chr(what))
    if head == regex_words.NOT_LITERAL:
        return z3.Diff(z3.AllChar(z3.ReSort(z3.StringSort())), z3.Re(chr(what)))
    if head == regex_words.IN:
        ranges = [
            z3.Range(chr(of[0]), chr(of[1])) if kind == regex_words.RANGE else z3.Re(chr(of))
            for kind, of in what
        ]
        return ranges[0] if len(ranges) == 1 else z3.Union(*ranges)
    if head == regex_words.MAX_REPEAT:
        least, most, inner = what
        inner = sequence(inner)
        if most == regex_words.MAXREPEAT:
            repeated = z3.Star(inner)
            return repeated if least == 0 else z3.Concat(z3.Loop(inner, least, least), repeated)
        return z3.Loop(inner, least, most)
    if head == regex_words.BRANCH:
        return z3.Union(*[sequence(branch) for branch in what[1]])
    if head == regex_words.SUBPATTERN:
        return sequence(what[3])
    raise SyntaxError(f"{head} is not translated")


# Schemas and whole policies.

TYPES = {
    "null": NULL, "boolean": BOOL, "integer": NUMBER, "number": NUMBER,
    "string": TEXT, "array": LIST, "object": OBJECT,
}


def is_multiple(value, unit):
    return z3.IsInt(value / number(unit))


def fits(schema, place):
    """When what stands at the place fits."""
    holds = []
    if "type" in schema:
        names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        holds.append(z3.Or([place.kind == TYPES[name] for name in names]))
        if "integer" in names and "number" not in names:
            holds.append(z3.Or(place.kind != NUMBER, z3.IsInt(place.number)))
    if "enum" in schema:
        options = []
        for value in schema["enum"]:
            if value is None:
                options.append(place.kind == NULL)
            elif isinstance(value, str):
                options.append(z3.And(place.kind == TEXT, place.text == z3.StringVal(value)))
            else:
                options.append(z3.And(place.kind == NUMBER, place.number == number(value)))
        holds.append(z3.Or(options))
    asked = {
        "minimum": (NUMBER, lambda bound: place.number >= number(bound)),
        "maximum": (NUMBER, lambda bound: place.number <= number(bound)),
        "exclusiveMinimum": (NUMBER, lambda bound: place.number > number(bound)),
        "exclusiveMaximum": (NUMBER, lambda bound: place.number < number(bound)),
        "multipleOf": (NUMBER, lambda unit: is_multiple(place.number, unit)),
        "minLength": (TEXT, lambda least: z3.Length(place.text) >= least),
        "maxLength": (TEXT, lambda most: z3.Length(place.text) <= most),
        "minItems": (LIST, lambda least: place.length >= least),
        "maxItems": (LIST, lambda most: place.length <= most),
    }
    for keyword, (kind, ask) in asked.items():
        if keyword in schema:
            holds.append(z3.Or(place.kind != kind, ask(schema[keyword])))
    for name in schema.get("required", []):
        holds.append(z3.Or(place.kind != OBJECT, place.member(name).kind != MISSING))
    for name, inner in schema.get("properties", {}).items():
        member = place.member(name)
        holds.append(z3.Or(member.kind == MISSING, fits(inner, member)))
    if schema.get("additionalProperties") is False:
        holds.append(z3.Or(place.kind != OBJECT, z3.Not(place.stranger)))
        for name, member in place.members.items():
            if name not in schema.get("properties", {}):
                holds.append(member.kind == MISSING)
    if "items" in schema:
        for index in range(ITEMS):
            item = place.item(index)
            holds.append(z3.Or(item.kind == MISSING, fits(schema["items"], item)))
    return z3.And(holds) if holds else TRUE


def named(selector, tool):
    parts = [re.escape(part) for part in selector.split("*")]
    return re.fullmatch(".*".join(parts), tool) is not None


def mention(schema, place):
    """Every member that a schema names, so that both schemas know of it."""
    for name, inner in schema.get("properties", {}).items():
        mention(inner, place.member(name))


def verdict(bundle, tool, args):
    if tool not in bundle["tools"]:
        return z3.IntVal(BLOCK)
    declared = bundle["tools"][tool]
    schema = declared.get("input", {})
    well_formed = fits(schema, args)
    money = declared.get("money")
    if money is not None:
        amount = args.member(money["path"].removeprefix("args."))
        absent = z3.Or(amount.kind == MISSING, amount.kind == NULL)
        positive = z3.And(amount.kind == NUMBER, amount.number >= 0)
        well_formed = z3.And(well_formed, z3.Or(absent, positive))
    said = z3.IntVal(ALLOW)
    for rule in bundle["rules"].values():
        trigger = rule["trigger"]
        selectors = trigger.get("tools", [])
        if trigger["event"] != "call" or rule.get("shadow"):
            continue
        if selectors and not any(named(selector, tool) for selector in selectors):
            continue
        own = VERDICTS[rule["do"]["action"]]
        failed = WARN if own == WARN else BLOCK
        yes, no = TRUE, FALSE
        if "when" in rule:
            yes, no = Meaning(args).truth(Parser(rule["when"]).expression())
        says = z3.If(yes, own, z3.If(no, ALLOW, failed))
        said = z3.If(says > said, says, said)
    return z3.If(well_formed, said, BLOCK)


def judge(pair):
    before, after = pair["before"], pair["after"]
    unknown = False
    for tool in sorted(set(before["tools"]) | set(after["tools"])):
        world = []
        args = Place("args", world)
        world.append(args.kind == OBJECT)
        for bundle in (before, after):
            if tool in bundle["tools"]:
                mention(bundle["tools"][tool].get("input", {}), args)
        # Once to get to know every place that a predicate reads, and once to ask.
        for bundle in (before, after):
            verdict(bundle, tool, args)
        old = verdict(before, tool, args)
        new = verdict(after, tool, args)
        solver = z3.Solver()
        solver.set("timeout", 20_000)
        solver.add(new < old)
        solver.add(world)
        answer = solver.check()
        if answer == z3.sat:
            return "wider"
        unknown |= answer == z3.unknown
    return "unknown" if unknown else "not wider"


def main():
    for line in sys.stdin.read().splitlines():
        print(judge(json.loads(line, parse_float=Fraction)), flush=True)


main()
