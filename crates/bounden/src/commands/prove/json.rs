//! The result for programs: one object, with members that are only ever added to.

use bounden_base::{Json, JsonError};
use bounden_policy::analysis::{Answer, Part};

use super::Outcome;

pub(super) fn document(outcome: &Outcome) -> Result<Json, JsonError> {
    let answer = outcome.widening.answer();
    let mut members = vec![
        ("answer", Json::from(word(&answer))),
        ("before", Json::from(outcome.before.to_string())),
        ("after", Json::from(outcome.after.to_string())),
        ("items", outcome.widening.items.iter().map(item).collect()),
    ];
    if let Some((certificate, digest)) = &outcome.certificate {
        members.push(("certificate", certificate.to_json()?));
        members.push(("certificate_digest", Json::from(digest.to_string())));
    }
    Ok(Json::object(members))
}

fn item((part, answer): (&Part, &Answer)) -> Json {
    let mut members =
        vec![("id", Json::from(part.to_string())), ("answer", Json::from(word(answer)))];
    match answer {
        Answer::NotWider => {}
        Answer::Wider(witness) => {
            members.push(("sentence", Json::from(format!("It {}.", witness.sentence))));
            members
                .push(("rules", witness.rules.iter().map(|id| Json::from(id.as_str())).collect()));
            members.push(("witness", witness.to_json()));
        }
        Answer::NotProven(because) => members.push(("because", Json::from(because.as_str()))),
    }
    Json::object(members)
}

fn word(answer: &Answer) -> &'static str {
    match answer {
        Answer::NotWider => "not-wider",
        Answer::Wider(_) => "wider",
        Answer::NotProven(_) => "not-proven",
    }
}
