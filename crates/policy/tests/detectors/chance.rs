//! How often numbers drawn at random pass for something, as the list of
//! detectors says it.

use bounden_policy::detect::{Kind, find};

/// Forms that say by themselves what they are, and one in how many random
/// numbers of that form is found.
const FORMS: &[(&str, &str, f64)] = &[
    ("br_cnpj", "99999999999999", 100.0),
    ("br_cpf", "99999999999", 100.0),
    ("card", "9999999999999999", 24.0),
    ("de_steuer_id", "99999999999", 310.0),
    ("es_dni", "99999999A", 26.0),
    ("in_aadhaar", "9999 9999 9999", 12.5),
    ("pl_pesel", "99999999999", 56.0),
    ("uk_nhs", "999 999 9999", 11.0),
];

const DRAWN: u32 = 60_000;

#[test]
fn the_list_says_how_often_chance_is_taken_for_a_number() {
    let mut state = 1_u64;
    for (name, form, claimed) in FORMS {
        let kind = Kind::named(name).unwrap();
        let found: u32 = (0..DRAWN).map(|_| u32::from(is_found(kind, form, &mut state))).sum();
        let one_in = f64::from(DRAWN) / f64::from(found);
        println!("{name}: one in {one_in:.1}");
        assert!((one_in / claimed - 1.0).abs() < 0.25, "{name}: one in {one_in:.1}");
        let words = format!("one in {claimed:.0}");
        assert!(kind.caution().contains(&words), "{name} does not say `{words}`");
    }
}

fn is_found(kind: Kind, form: &str, state: &mut u64) -> bool {
    let mut draw = |count: u64| {
        *state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 33) % count
    };
    let number: String = form
        .chars()
        .map(|sign| match sign {
            '9' => char::from(b'0' + draw(10) as u8),
            'A' => char::from(b'A' + draw(26) as u8),
            other => other,
        })
        .collect();
    find(&number, kind.into()).next().is_some()
}
