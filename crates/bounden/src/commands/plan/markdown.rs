//! The plan as a comment on a pull request.

use std::fmt::Write as _;

use bounden_lifecycle::Plan;
use bounden_lifecycle::plan::{Item, Proof};

use bounden_spec::organisation::Judgement;

use super::{met, unmet};
use crate::terminal::class;

/// A heading, the items worst first, and whom the change needs.
pub(super) fn markdown(heading: &str, plan: &Plan, needs: &str) -> String {
    let mut text = format!("## {}: {}\n\n", inline(heading), class(plan.class).plain());
    if plan.items.is_empty() {
        text.push_str("Nothing changes.\n");
    } else {
        text.push_str("| class | change | shown |\n|---|---|---|\n");
    }
    for item in &plan.items {
        let (class, sentence) = (class(item.class).plain(), inline(&item.sentence));
        let _ = writeln!(text, "| {class} | {sentence} | {} |", shown(item));
    }
    for judgement in &plan.organisation {
        let Judgement { organisation, .. } = judgement;
        let _ = writeln!(text, "\nPolicy of {}: {}", inline(organisation), met(judgement));
        for sentence in unmet(judgement) {
            let _ = writeln!(text, "- {}", inline(&sentence));
        }
    }
    let _ = writeln!(text, "\n{}", inline(needs));
    text
}

fn shown(item: &Item) -> String {
    match &item.proof {
        None => String::new(),
        Some(proof @ Proof::Witness { witness, .. }) => {
            format!("{} {}", inline(&proof.to_string()), code(&witness.canonical()))
        }
        Some(proof) => inline(&proof.to_string()),
    }
}

/// A text that stays within its cell, and is no markup beyond code in backticks.
fn inline(text: &str) -> String {
    let has_code = text.matches('`').count().is_multiple_of(2);
    let (mut inline, mut in_code) = (String::new(), false);
    for letter in text.chars() {
        match letter {
            '\n' | '\r' => inline.push(' '),
            '`' if has_code => {
                in_code = !in_code;
                inline.push(letter);
            }
            '|' => inline.push_str("\\|"),
            '`' | '<' | '[' | ']' | '*' | '_' | '\\' | '@' | '#' if !in_code => {
                inline.push('\\');
                inline.push(letter);
            }
            _ => inline.push(letter),
        }
    }
    inline
}

/// A text as code, whatever backticks it holds.
fn code(text: &str) -> String {
    let text = text.replace('|', "\\|");
    let longest = text.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    format!("{fence} {text} {fence}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_holds_text_and_code_and_no_other_markup() {
        assert_eq!(inline("`a_b|c` *d* <e>\n@f"), "`a_b\\|c` \\*d\\* \\<e> \\@f");
        assert_eq!(inline("one ` only_"), "one \\` only\\_");
        assert_eq!(code("{\"a\":\"``|\"}"), "``` {\"a\":\"``\\|\"} ```");
    }
}
