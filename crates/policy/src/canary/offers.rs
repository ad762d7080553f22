//! Calls that rules may let through.

use bounden_base::Json;

use super::clues::Clues;
use super::places::{with, with_other};
use crate::ToolName;
use crate::event::EventBody;
use crate::policy::Policy;

/// Most arguments that are tried for one call.
const MOST_ARGUMENTS: usize = 16;

/// Arguments that rules about the tool may let through, the simplest first.
pub(crate) fn offered(policy: &Policy, rules: &[Clues], tool: &ToolName) -> Vec<Json> {
    let simple = Clues::default().arguments(policy, tool);
    let compared =
        rules.iter().flat_map(|clues| clues.arguments(policy, tool).take(MOST_ARGUMENTS));
    let mut all: Vec<Json> = simple.chain(compared).take(MOST_ARGUMENTS).collect();
    // What a rule compares with is mostly what it forbids.
    let others = all.iter().flat_map(variants);
    let others: Vec<Json> = others.take(MOST_ARGUMENTS).collect();
    all.extend(others);
    all
}

/// The arguments with another value in the place of one member each.
fn variants(args: &Json) -> impl Iterator<Item = Json> {
    let names = args.as_object().into_iter().flat_map(|members| members.keys().cloned());
    names.map(|name| with_other(args, &[name]))
}

/// The call with the present one's values at the places that they have in common.
pub(crate) fn about_the_same(
    mut body: EventBody,
    keys: &[Vec<String>],
    present: &Json,
) -> EventBody {
    if let EventBody::Call { args, .. } = &mut body {
        for key in keys {
            if let Some(value) = present.at(key.iter().map(String::as_str)) {
                *args = with(args.value_or_null(), key, value.clone()).into();
            }
        }
    }
    body
}
