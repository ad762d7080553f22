//! How functions and methods are written, for whoever wrote something else.

/// Functions, and how they are called.
pub(crate) const FUNCTIONS: [(&str, &str); 14] = [
    ("approved", "approved()"),
    ("calls", "calls(\"TOOL\").count()"),
    ("detects", "detects(args.note, \"secret\")"),
    ("domain", "domain(args.to)"),
    ("has", "has(args.note)"),
    ("host", "host(args.url)"),
    ("labels", "labels(\"untrusted\")"),
    ("origin", "origin(args.to)"),
    ("path", "path(args.file).under(\"/folder\")"),
    ("shell", "shell(args.command).programs"),
    ("size", "size(args.items)"),
    ("tag", "tag(\"NAME\")"),
    ("timestamp", "timestamp(\"2026-12-20T00:00:00Z\")"),
    ("window", "window(\"NAME\").open"),
];

/// Methods, and how they are called.
pub(crate) const METHODS: [(&str, &str); 9] = [
    ("all", "args.items.all(item, item.price <= 5)"),
    ("contains", "args.note.contains(\"x\")"),
    ("endsWith", "args.note.endsWith(\"x\")"),
    ("exists", "args.items.exists(item, item.price > 5)"),
    ("exists_one", "args.items.exists_one(item, item.price > 5)"),
    ("lower", "args.note.lower()"),
    ("matches", "args.note.matches(\"[a-z]+\")"),
    ("startsWith", "args.note.startsWith(\"x\")"),
    ("under", "path(args.file).under(\"/folder\")"),
];

/// What other languages, or CEL's own library, have in the place of something here.
const INSTEAD: [(&str, &str); 14] = [
    ("count", "size(args.items)"),
    ("endswith", "args.note.endsWith(\"x\")"),
    ("filter", "args.items.exists(item, item.price > 5)"),
    ("includes", "args.note.contains(\"x\")"),
    ("len", "size(args.items)"),
    ("length", "size(args.items)"),
    ("lowerAscii", "args.note.lower()"),
    ("map", "args.items.exists(item, item.price > 5)"),
    ("now", "now"),
    ("size", "size(args.items)"),
    ("startswith", "args.note.startsWith(\"x\")"),
    ("toLower", "args.note.lower()"),
    ("tolower", "args.note.lower()"),
    ("toLowerCase", "args.note.lower()"),
];

/// How a function or a method is called.
pub(super) fn usage(name: &str) -> Option<&'static str> {
    let mut all = FUNCTIONS.iter().chain(&METHODS);
    all.find(|(known, _)| *known == name).map(|(_, usage)| *usage)
}

/// How something is written here that has this name elsewhere.
pub(super) fn instead_of(name: &str) -> Option<&'static str> {
    INSTEAD.iter().find(|(known, _)| *known == name).map(|(_, usage)| *usage)
}

/// Why a pattern is none, in the words of whoever read it.
pub(super) fn of_pattern(error: &regex::Error) -> Option<String> {
    let text = error.to_string();
    let reason = text.lines().rev().find_map(|line| line.trim().strip_prefix("error: "))?;
    Some(reason.to_owned())
}
