//! Every trap that YAML and Unicode lay for people who sign documents, in one
//! table: each is refused with its place, by a program that has 64 MiB.

#![expect(clippy::unwrap_used, reason = "a test fails where it stands")]

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use bounden_base::Json;

/// The most memory that reading any document may take, in KiB.
const MEMORY: &str = "65536";

struct Trap {
    name: &'static str,
    document: Vec<u8>,
    code: &'static str,
    /// The text that has to be underlined.
    at: &'static str,
}

/// An intent whose purpose is something else.
fn purpose(purpose: &str) -> String {
    format!(
        "schema: behavior.intent/v1\nagent: {{id: a/b, version: 1.0.0}}\nscope: {{}}\npurpose: {purpose}\n"
    )
}

fn traps() -> Vec<Trap> {
    let value = |name, written: &'static str, code| trap(name, &purpose(written), code, written);
    let line =
        |name, line: &str, code, at| trap(name, &format!("{}{line}\n", purpose("x")), code, at);
    let mut all = vec![
        value("a boolean of YAML 1.1", "yes", "B013"),
        value("a boolean in capitals", "OFF", "B013"),
        value("a null of YAML", "~", "B013"),
        value("an octal number", "010", "B013"),
        value("an octal number of YAML 1.2", "0o17", "B013"),
        value("a hexadecimal number", "0x1f", "B013"),
        value("a binary number", "0b101", "B013"),
        value("a number with underscores", "1_000", "B013"),
        value("a sexagesimal number", "190:20:30", "B013"),
        value("no number", ".nan", "B013"),
        value("an infinite number", "-.inf", "B013"),
        value("2^53", "9007199254740992", "B014"),
        value("too many digits", "0.1234567890123456", "B015"),
        value("too large an exponent", "1e301", "B016"),
        line("an anchor", "x: &a 1", "B007", "&a 1"),
        line("an alias", "x: &a 1\ny: *a", "B007", "*a"),
        line("a tag", "x: !!python/object {}", "B008", "!!python/object"),
        line("a merge key", "<<: {purpose: y}", "B009", "<<"),
        line("a key that is given twice", "purpose: y", "B010", "purpose"),
        line("a key that is given twice in quotes", "\"purpose\": y", "B010", "\"purpose\""),
        line(
            "a key that is given twice by an escape",
            "\"purp\\u006fse\": y",
            "B010",
            "\"purp\\u006fse\"",
        ),
        line("a key that is no text", "1: y", "B012", "1"),
        line("a key that is a list", "? [a]\n: y", "B012", "[a]"),
        line("a second document", "---\nx: y", "B005", "---"),
        trap("a directive", &format!("%YAML 1.1\n---\n{}", purpose("x")), "B006", "%YAML 1.1"),
        trap("a byte order mark", &format!("\u{FEFF}{}", purpose("x")), "B003", "\u{FEFF}"),
        value("a text that runs backwards", "\u{202E}x", "B018").at("\u{202E}"),
        line("an isolate in a comment", "# \u{2066}x", "B018", "\u{2066}"),
        value("a character without width", "re\u{200B}fund", "B018").at("\u{200B}"),
        value("a hidden tag", "x\u{E0041}", "B018").at("\u{E0041}"),
        value("a hidden selector", "x\u{E0100}", "B018").at("\u{E0100}"),
        value("a hidden character by an escape", "\"x\\u200B\"", "B018"),
        value("a control character", "\"x\\u0007\"", "B018"),
        value("a line separator", "x\u{2028}y", "B018").at("\u{2028}"),
        value("a twin that is not in normal form", "e\u{301}", "B017").at("e"),
        line(
            "a name that looks like another",
            "tools: {\"\u{430}.b\": {effects: [observe]}}",
            "B105",
            "\"\u{430}.b\"",
        ),
        line("a tab in the indentation", "x:\n\ty: z", "B019", "\t"),
        trap("another schema", &purpose("x").replace("/v1", "/v2"), "B107", "behavior.intent/v2"),
        line("an unknown key", "invariant: {}", "B101", "invariant"),
        trap("nothing", "", "B020", ""),
    ];
    all.extend(endless());
    all.extend(foreign());
    all
}

/// Documents that grow while they are read, or never end.
fn endless() -> Vec<Trap> {
    let mut laughs = String::from("a0: &a0 [lol]\n");
    for level in 1..64 {
        let below = level - 1;
        laughs += &format!("a{level}: &a{level} [{}]\n", vec![format!("*a{below}"); 10].join(","));
    }
    vec![
        trap("a billion laughs", &laughs, "B007", "&a0"),
        trap("depth without end in lists", &format!("x: {}", "[".repeat(300_000)), "B011", "["),
        trap("depth without end in mappings", &"{a: ".repeat(200_000), "B011", "{"),
        trap("depth without end in lines", &"- ".repeat(300_000), "B011", ""),
        trap("a document without end", &"a: 1\n".repeat(1 << 20), "B001", ""),
    ]
}

/// Documents in another encoding.
fn foreign() -> Vec<Trap> {
    vec![
        Trap { name: "another encoding", document: b"a: \xff".to_vec(), code: "B002", at: "" },
        Trap {
            name: "UTF-16",
            document: purpose("x").encode_utf16().flat_map(u16::to_le_bytes).collect(),
            code: "B018",
            at: "\0",
        },
    ]
}

fn trap(name: &'static str, document: &str, code: &'static str, at: &'static str) -> Trap {
    Trap { name, document: document.as_bytes().to_vec(), code, at }
}

impl Trap {
    fn at(self, at: &'static str) -> Self {
        Self { at, ..self }
    }
}

/// `bounden check` within its memory.
fn check(file: &Path) -> Output {
    let script = "ulimit -d \"$2\" && exec \"$0\" check \"$1\" --format json";
    let mut shell = Command::new("sh");
    shell.args(["-c", script, env!("CARGO_BIN_EXE_bounden")]).arg(file).arg(MEMORY);
    shell.output().unwrap()
}

#[test]
fn every_trap_is_refused_where_it_lies() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("behavior.intent");
    let mut wrong = Vec::new();
    let mut slowest = (Duration::ZERO, "");
    for trap in traps() {
        std::fs::write(&file, &trap.document).unwrap();
        let start = Instant::now();
        let output = check(&file);
        slowest = slowest.max((start.elapsed(), trap.name));
        let report = Json::parse(&output.stdout)
            .unwrap_or_else(|error| panic!("{}: {error}: {output:?}", trap.name));
        let found = report.get("diagnostics").unwrap().as_array().unwrap();
        let underlined = |found: &Json| {
            let byte = |end: &str| {
                let byte = found.at(["span", end, "byte"]).unwrap().as_decimal().unwrap();
                usize::try_from(byte.to_i64().unwrap()).unwrap()
            };
            String::from_utf8_lossy(&trap.document[byte("start")..byte("end")]).into_owned()
        };
        let own = found.iter().filter(|one| one.get("code") == Some(&trap.code.into()));
        let places: Vec<_> = own.map(underlined).collect();
        let is_there = places.iter().any(|place| place.starts_with(trap.at));
        if output.status.code() != Some(1) || !is_there {
            let codes: Vec<_> = found.iter().filter_map(|one| one.get("code")?.as_str()).collect();
            let codes: BTreeSet<_> = codes.into_iter().collect();
            wrong.push(format!("{}: {:?}, all: {codes:?}", trap.name, places.first()));
        }
    }
    println!("{} traps, the slowest in {:.0?}: {}", traps().len(), slowest.0, slowest.1);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_same_document_without_a_trap_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("behavior.intent");
    std::fs::write(&file, purpose("Help.")).unwrap();
    let report = Json::parse(&check(&file).stdout).unwrap();
    for found in report.get("diagnostics").unwrap().as_array().unwrap() {
        let code = found.get("code").unwrap().as_str().unwrap();
        assert!(code > "B100", "{code}");
    }
}
