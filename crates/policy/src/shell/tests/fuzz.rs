//! Any text has an answer, in time that grows with its length alone.

use proptest::prelude::*;

use super::*;

/// Pieces of which every construct of a shell can be built, whole or broken.
pub(super) const PIECES: [&str; 58] = [
    "a",
    "b",
    "c",
    "a",
    "b",
    "c",
    " ",
    " ",
    " ",
    " ",
    "'",
    "\"",
    "\\",
    "$(",
    ")",
    "`",
    "; ",
    "&",
    " && ",
    "|",
    " || ",
    "\n",
    "(",
    "{ ",
    "; }",
    "}",
    "<",
    ">",
    "<<a\n",
    "<<'b'\n",
    "\na\n",
    "\nb\n",
    "#",
    "$x",
    "${x:-",
    "${x}",
    "*",
    "~",
    "=",
    "x=",
    "! ",
    "if ",
    "; then ",
    "; fi",
    "for x in ",
    "; do ",
    "; done",
    "case a in ",
    "; esac",
    ";;",
    "{a,b}",
    "$'",
    "\\x61",
    "\\\n",
    "<(",
    "2>&1",
    "$((1+",
    "))",
];

pub(super) fn soup(most: usize) -> impl Strategy<Value = String> {
    prop::collection::vec(prop::sample::select(PIECES.to_vec()), 0..most)
        .prop_map(|pieces| pieces.concat())
}

/// Whole commands of every construct.
pub(super) fn written() -> impl Strategy<Value = String> {
    let word = prop::sample::select(vec![
        "a", "b", "c", "'a b'", "\"c\"", "a\\ b", "$'\\x61'", "''", "\"\"a", "-a", "*", "x*",
        "{a,b}", "c{,-b}", "~", "$x", "\"$x\"", "a=b", "\\;", "'\n'", "#", "a#", "!", "${x:-a}",
        "$((1+2))", "`b`", "\"`c`\"", "\"$@\"", "[", "]", "a[", "# ]",
    ]);
    let name = prop::sample::select(vec![
        "a", "b", "c", "'a'", "\\b", "\"c\"", "$'b'", "x=1 a", "! c", "time b",
    ]);
    let simple = (
        name,
        prop::collection::vec(word, 0..4),
        prop::sample::select(vec![
            "",
            "",
            "",
            "",
            " >b",
            " 2>&1",
            " <<<a",
            " >>\"c\"",
            " <<a\nb $(c)\na\n",
            " <<'a'\n$(b)\na\n",
        ]),
    );
    let simple = simple.prop_map(|(name, words, end)| format!("{name} {}{end}", words.join(" ")));
    simple.prop_recursive(4, 24, 3, |part| {
        let two = || (part.clone(), part.clone());
        let joined = prop::sample::select(vec![" | ", " && ", " || ", "; ", " & ", "\n", " |& "]);
        let around = prop::sample::select(vec![
            "(_)",
            "{ _; }",
            "{ _\n}",
            "a $(_)",
            "a \"$(_)\"",
            "b <(_)",
            "if _; then a; fi",
            "case a in a) _;; *) b; esac",
            "for x in a b; do _; done",
            "eval '_'",
            "bash -c \"_\"",
            "command _",
            "c `_`",
            "a \"b$(_)c\" c",
            "if a; then b; else _\nfi",
            "( _ ) >b",
            "a ${x:-$(_)}",
            "trap '_' EXIT",
            "sh <<'d'\n_\nd\n",
            "a $( # b\n_)",
            "{ _\n} 2>&1 | b",
        ]);
        prop_oneof![
            (two(), joined).prop_map(|((one, two), by)| format!("{one}{by}{two}")),
            (part.clone(), around).prop_map(|(part, around)| around.replace('_', &part)),
        ]
    })
}

/// Whole commands, a few of them with pieces put in or taken out.
pub(super) fn damaged() -> impl Strategy<Value = String> {
    let change = (any::<prop::sample::Index>(), 0_usize..3, prop::sample::select(PIECES.to_vec()));
    (written(), prop::collection::vec(change, 0..3)).prop_map(|(text, changes)| {
        changes.into_iter().fold(text, |text, (place, length, piece)| {
            let characters: Vec<char> = text.chars().collect();
            let place = place.index(characters.len() + 1);
            let after = (place + length).min(characters.len());
            let (before, after) = (&characters[..place], &characters[after..]);
            before.iter().copied().chain(piece.chars()).chain(after.iter().copied()).collect()
        })
    })
}

/// Whether reading ends because it takes too many steps, whatever else ends it.
fn is_out_of_steps(text: &str) -> bool {
    let mut found = Line { most_steps: usize::MAX, ..Line::default() };
    let _ = read::Reader::new(text, 0, &mut found).script();
    found.steps > MOST_STEPS * (text.len() + 1)
}

proptest! {
    #[test]
    fn any_text_is_read_or_is_not(text in prop_oneof![soup(60), damaged(), "\\PC{0,60}", any::<String>()]) {
        if let Ok(line) = line(&text) {
            let json = form::json(&line);
            prop_assert_eq!(json.get("segments").unwrap().as_array().unwrap().len(), line.segments.len());
        }
    }

    /// What is repeated makes a text longer, and reading it takes steps in proportion.
    #[test]
    fn no_text_is_read_over_and_over(soup in soup(12), times in 1_usize..400) {
        let text = soup.repeat(times);
        prop_assert!(!is_out_of_steps(&text), "{}", text);
    }
}

#[test]
fn nesting_costs_no_more_than_its_depth() {
    let nested =
        |open: &str, close: &str, depth| format!("{}a{}", open.repeat(depth), close.repeat(depth));
    for depth in [4, 8, 10_000] {
        for text in [
            nested("$(", ")", depth),
            nested("( ", ")", depth),
            nested("{ ", ";}", depth),
            nested("if ", ";then b;fi", depth),
            nested("x ${y:-", "}", depth),
            nested("x \"$(", ")\"", depth),
            nested("sudo ", "", depth),
            nested("eval ", "", depth),
            nested("x <(", ")", depth),
            nested("cat <<a\n", "\na\n", depth),
            "`".repeat(depth),
            "\\".repeat(depth),
            "x=".repeat(depth),
            "{".repeat(depth),
            "[".repeat(depth),
        ] {
            assert!(!is_out_of_steps(&text), "{depth} times {}", &text[..8]);
        }
    }
}
