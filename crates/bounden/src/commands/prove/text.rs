//! The result for a person at a terminal.

use bounden_policy::analysis::{Answer, Witness};

use super::Outcome;
use crate::terminal::{bold, dim, green, red, yellow};

pub(super) fn print(outcome: &Outcome) {
    match outcome.widening.answer() {
        Answer::NotWider => {
            anstream::println!("{}  nothing gets through that did not before", green("not wider"));
        }
        Answer::Wider(witness) => {
            anstream::println!("{}  it {}", red("wider"), witness.sentence);
        }
        Answer::NotProven(_) => {
            anstream::println!(
                "{}  nothing was found that gets through, nor shown that nothing does",
                yellow("not proven")
            );
        }
    }
    for (part, answer) in &outcome.widening.items {
        match answer {
            Answer::NotWider => {}
            Answer::Wider(witness) => {
                anstream::println!();
                anstream::println!("{}  {}  it {}", bold(part), red("wider"), witness.sentence);
                shown(witness);
            }
            Answer::NotProven(because) => {
                anstream::println!();
                anstream::println!("{}  {}  {because}", bold(part), yellow("not proven"));
            }
        }
    }
    if let Some((certificate, digest)) = &outcome.certificate {
        let (verdicts, tools) = (certificate.verdicts(), certificate.tools());
        anstream::println!(
            "{}",
            dim(format_args!(
                "certificate {digest}: {verdicts} verdicts on {tools} tools stand, for {}",
                certificate.fragment
            ))
        );
    }
}

/// The events, and what was decided about the last of them.
fn shown(witness: &Witness) {
    for event in &witness.events {
        anstream::println!("    {}", event.to_json().canonical());
    }
    let rules: Vec<&str> = witness.rules.iter().map(AsRef::as_ref).collect();
    let by = if rules.is_empty() { String::new() } else { format!(" by {}", rules.join(", ")) };
    anstream::println!(
        "    {}",
        dim(format_args!("was {}{by}, is {}", witness.before.name(), witness.after.name()))
    );
}
