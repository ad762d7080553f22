//! The page that lists all detectors is made from them.

use std::fmt::Write as _;

use bounden_policy::detect::{Kind, Kinds};

const PAGE: &str = "docs/reference/detectors.md";

/// `BOUNDEN_WRITE=1 cargo test -p bounden-policy --test detectors reference` writes the page.
#[test]
fn the_reference_page_lists_every_detector_as_it_is() {
    let path = bounden_testkit::repository().join(PAGE);
    let wanted = page();
    if std::env::var_os("BOUNDEN_WRITE").is_some() {
        std::fs::write(&path, &wanted).unwrap();
    }
    let written = bounden_testkit::read_text(&path);
    let differs = written.lines().zip(wanted.lines()).find(|(written, wanted)| written != wanted);
    assert_eq!(differs, None, "{PAGE} is out of date; set BOUNDEN_WRITE=1 and run this test again");
    assert_eq!(written, wanted);
}

fn page() -> String {
    let mut page = INTRODUCTION.trim_start().to_owned();
    let outcome = super::labelled::outcome();
    writeln!(
        page,
        "On [{} labels in text of many sorts](../../crates/policy/tests/detectors/labelled.txt) precision is {:.3} and recall {:.3}. \
         Checksums are held against python-stdnum, PyCryptodome and phonenumbers, 200 valid and 200 mutated numbers of each kind.",
        outcome.labels(),
        outcome.precision(),
        outcome.recall(),
    )
    .unwrap();
    page.push_str("\n## Groups\n\n| group | holds | kinds |\n|---|---|---|\n");
    for (group, about) in Kinds::groups() {
        let kinds: Vec<_> =
            Kinds::named(group).unwrap().iter().filter(|kind| kind.group() == group).collect();
        let kinds: Vec<_> = kinds.iter().map(|kind| format!("`{kind}`")).collect();
        let finer =
            if kinds.is_empty() { "all groups below it".to_owned() } else { kinds.join(", ") };
        writeln!(page, "| `{group}` | {about} | {finer} |").unwrap();
    }
    for (title, group) in [("Personal data", "pii"), ("Secrets", "secrets")] {
        writeln!(page, "\n## {title}\n\n{HEAD}").unwrap();
        Kinds::named(group).unwrap().iter().for_each(|kind| row(&mut page, kind));
    }
    writeln!(page, "\n## By name only\n\nIn no group, since they find too much.\n\n{HEAD}")
        .unwrap();
    let alone = Kind::all().filter(|kind| kind.group().is_empty());
    alone.for_each(|kind| row(&mut page, kind));
    page.push_str(NAMES);
    for kind in Kind::all().filter(|kind| !kind.words().is_empty()) {
        writeln!(page, "| `{kind}` | {} |", kind.words().join(", ")).unwrap();
    }
    page
}

fn row(page: &mut String, kind: Kind) {
    let (about, check) = (kind.about(), kind.check());
    writeln!(page, "| `{kind}` | {about} | {check} | {} | {} |", kind.caution(), kind.source())
        .unwrap();
}

const HEAD: &str =
    "| kind | what it is | what is checked | take care | published by |\n|---|---|---|---|---|";

const INTRODUCTION: &str = r#"
# Detectors

What `redact KINDS` masks and `detects(VALUE, KINDS)` asks for. A kind or a group is named in either; a group stands for the kinds that it holds in this version, and the compiled policy names each of them, so that nothing changes under an approved lock.

    do: "redact pii, secrets"
    when: 'detects(args, ["card", "secrets.cloud"])'

- **A mask** is the kind in brackets: `[email]`. Nothing else of a text changes, and masking twice is masking once. Findings that overlap become one, of the widest kind.
- **Records** are masked in texts, in numbers, which then become texts, and in the names of members; names that become alike are numbered.
- **Escapes** hide nothing: `\u0040`, `%40` and `&#64;` are read as what they mean, three layers deep; so are digits of other scripts and letters of full width, and what is invisible is passed over.
- **A name** is one of the words below, at most forty bytes before the value, or as the name of the member that holds it or of the one around that. Where a sign gives the value to another name, as in `"due":"1974-08-12"`, that one counts alone. Digits that may be anything are found only with a name.
- **Time** is linear in the text. There are no regular expressions.

Not found: names of people, postal addresses, and whatever else takes a model to see; numbers that are spelt out in words; text in pictures.

"#;

const NAMES: &str = r#"
## Words that name a value

Case does not count; a space stands for `_`, `-`, `.`, a space or nothing, so that `date of birth` is also `dateOfBirth`.

| kind | words |
|---|---|
"#;
