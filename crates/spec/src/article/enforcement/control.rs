//! Controls elsewhere: `strip_pii_filter applied on all log writes`.

use super::filter::filter;
use super::{Clause, empty};
use crate::article::words::key;
use crate::article::{Refusal, Translation};
use crate::intent::{By, Enforce};

impl Translation<'_> {
    /// A control elsewhere, unless its name is bound to what it masks in logs.
    pub(super) fn control(
        &mut self,
        clause: &Clause<'_>,
        has_proof: bool,
    ) -> Result<Enforce, Refusal> {
        let Some(name) = clause.text.split_whitespace().next() else {
            let help = "write `infrastructure: CONTROL`, with its name";
            return Err(Refusal::new(clause.all(), "this enforcement names no control", help));
        };
        if let Some(kinds) = self.article.bind.filters.get(name) {
            let kinds: Vec<_> = kinds.iter().map(|kind| kind.value.as_str()).collect();
            return Ok(filter(clause, "log", &format!("redact {}", kinds.join(", "))));
        }
        let words = clause.text.to_ascii_lowercase();
        let is_log =
            words.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "log" | "logs"));
        if is_log && !has_proof {
            let message = format!("`{name}` works elsewhere, where nothing shows that it does");
            let yaml = format!("bind: {{filters: {{{}: [email, phone, card]}}}}", key(name));
            let more = " to have the guard mask these kinds; or, beside `enforcement`, `probe: {command: [PROGRAM]}` that tries what must be refused, or `attested_by: PERSON` and `renew: 30d`";
            self.open("B148", clause.span(), message, yaml, more);
        }
        let control = Some(clause.derived(clause.text));
        Ok(Enforce { control, ..empty(By::External, clause.span()) })
    }
}
