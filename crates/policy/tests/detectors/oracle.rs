//! Valid numbers made by other implementations are found, and what becomes of
//! them by one wrong character is judged as those judge it.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use bounden_policy::detect::{Kind, find};

/// Where the other implementation knows less than a detector: it takes numbers
/// that are never issued, or that belong to nobody.
const STRICTER: &[(&str, fn(&str) -> bool)] = &[
    // python-stdnum looks at the key alone.
    ("fr_nir", |number| !("01"..="12").contains(&&number[3..5]) || !number.starts_with(['1', '2'])),
    // It takes numbers of digits that are all alike.
    ("uk_nhs", |_| false),
    // ISO 7812 alone, without the ranges that networks issue.
    ("card", |number| !number.starts_with('4')),
    // It takes no coordination numbers.
    ("se_personnummer", |number| number.get(4..6).is_some_and(|day| day > "31")),
    // It does not know the groups from 50 to 65, which are issued as well.
    ("us_itin", |number| ("50"..="65").contains(&&number[4..6])),
    // Three samples from advertisements are withdrawn.
    ("us_ssn", |number| ["078-05-1120", "457-55-5462", "219-09-9999"].contains(&number)),
    // Three of a digit in a row are never issued.
    ("de_steuer_id", |number| {
        number
            .as_bytes()
            .windows(3)
            .take(8)
            .any(|three| three[0] == three[1] && three[1] == three[2])
    }),
    // The registry gives the length of a country's numbers.
    ("iban", |number| number.get(..2).is_some_and(|country| !COUNTRIES.contains(&country))),
];

const COUNTRIES: &[&str] =
    &["DE", "FR", "GB", "NL", "ES", "IT", "BE", "CH", "PL", "SE", "AT", "PT"];

#[test]
fn numbers_are_judged_as_other_implementations_judge_them() {
    let packages = "stdnum, phonenumbers, Crypto";
    let Some(python) = bounden_testkit::python_with(packages) else { return };
    let made = run(&python, "make", "");
    let mut asked = String::new();
    let mut own = Vec::new();
    let mut missed = Vec::new();
    for (line, seed) in made.lines().zip(1_u64..) {
        let (kind, number) = line.split_once('\t').unwrap();
        if !is_found(kind, number) && !is_stricter(kind, number) {
            missed.push(line.to_owned());
        }
        let mutated = mutated(number, seed);
        if kind != "phone" {
            asked.push_str(&format!("{kind}\t{mutated}\n"));
            own.push((kind, mutated));
        }
    }
    assert!(made.lines().count() > 4_500, "too few numbers were made");
    let judged = run(&python, "judge", &asked);
    assert_eq!(judged.lines().count(), own.len());
    for (valid, (kind, number)) in judged.lines().zip(&own) {
        if (valid == "1") != is_found(kind, number) && !is_stricter(kind, number) {
            missed.push(format!("{kind}\t{number} is judged {valid}"));
        }
    }
    assert!(missed.is_empty(), "{} differ:\n{}", missed.len(), missed.join("\n"));
    let valid = judged.lines().filter(|valid| *valid == "1").count();
    println!("{} numbers made, {valid} of {} mutated ones valid", made.lines().count(), own.len());
}

/// Whether the whole number is found behind a word that names it.
fn is_found(kind: &str, number: &str) -> bool {
    let kind = Kind::named(kind).unwrap();
    let text = format!("{}: {number}\n", kind.words().first().unwrap());
    let start = text.len() - 1 - number.len();
    find(&text, kind.into())
        .any(|found| found.span.start == start && found.span.end == text.len() - 1)
}

fn is_stricter(kind: &str, number: &str) -> bool {
    STRICTER.iter().any(|(own, is_stricter)| *own == kind && is_stricter(number))
}

/// The number with one letter or digit replaced by another of its kind.
fn mutated(number: &str, seed: u64) -> String {
    let mut bytes = number.as_bytes().to_vec();
    let places: Vec<usize> =
        (0..bytes.len()).filter(|place| bytes[*place].is_ascii_alphanumeric()).collect();
    let drawn = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
    let place = &mut bytes[places[drawn as usize % places.len()]];
    let first = if place.is_ascii_digit() { b'0' } else { *place & !31 | 1 };
    let count = if place.is_ascii_digit() { 10 } else { 26 };
    let step = 1 + (drawn >> 16) % (count - 1);
    *place = first + ((u64::from(*place - first) + step) % count) as u8;
    String::from_utf8(bytes).unwrap()
}

fn run(python: &Path, task: &str, input: &str) -> String {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/detectors/oracle.py");
    let mut child = Command::new(python)
        .arg(script)
        .arg(task)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    assert!(output.status.success(), "oracle.py {task} failed");
    String::from_utf8(output.stdout).unwrap()
}
