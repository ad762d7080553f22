//! Controls elsewhere: `strip_pii_filter applied on all log writes`.

use super::filter::{event_at, filter};
use super::{Clause, empty};
use crate::article::words::key;
use crate::article::{Refusal, Translation};
use crate::intent::{By, Enforce};

const APPLIED: &str = "write `infrastructure: NAME applied on PLACE` and nothing besides, with `logs`, `outputs` or `results` for the place; a control under another name is vouched for";

impl Translation<'_> {
    /// A control elsewhere, unless its name is bound to what it masks.
    pub(super) fn control(
        &mut self,
        clause: &Clause<'_>,
        has_proof: bool,
    ) -> Result<Enforce, Refusal> {
        let Some(name) = clause.text.split_whitespace().next() else {
            let help = "write `infrastructure: CONTROL`, with its name";
            return Err(Refusal::new(clause.all(), "this enforcement names no control", help));
        };
        let place = applied_at(clause.text, name);
        let filters = &self.article.bind.filters;
        let mut words = clause.text.split(|c: char| c.is_whitespace() || ",;:".contains(c));
        if let Some(bound) = words.find(|word| filters.contains(word)) {
            let event = place.filter(|_| bound == name).and_then(event_at);
            let kinds = filters.get(bound).map(Vec::as_slice).unwrap_or_default();
            let kinds: Vec<_> = kinds.iter().map(|kind| kind.value.as_str()).collect();
            let Some(event) = event.filter(|_| !kinds.is_empty()) else {
                let message = format!("where `{bound}` is applied is not said");
                return Err(Refusal::new(clause.all(), message, APPLIED));
            };
            return Ok(filter(clause, event, &format!("redact {}", kinds.join(", "))));
        }
        let words = clause.text.to_ascii_lowercase();
        let is_log =
            words.split(|c: char| !c.is_alphanumeric()).any(|word| matches!(word, "log" | "logs"));
        if (is_log || place.is_some()) && !has_proof {
            let message = format!("`{name}` works elsewhere, where nothing shows that it does");
            let yaml = format!("bind: {{filters: {{{}: [email, phone, card]}}}}", key(name));
            let more = " to have the guard mask these kinds; or, beside `enforcement`, `probe: {command: [PROGRAM]}` that tries what must be refused, or `attested_by: PERSON` and `renew: 30d`";
            self.open("B148", clause.span(), message, yaml, more);
        }
        let control = Some(clause.derived(clause.text));
        Ok(Enforce { control, ..empty(By::External, clause.span()) })
    }
}

/// The place of `NAME applied on PLACE`.
fn applied_at<'t>(text: &'t str, name: &str) -> Option<&'t str> {
    let rest = text.strip_prefix(name)?.trim_start();
    let place = rest.strip_prefix("applied on ").or_else(|| rest.strip_prefix("applied to "))?;
    Some(place.trim())
}
