//! A stream of log lines on its way to where it is written: structural for
//! that stream, since nothing else writes to it.

use bounden_base::Json;
use bounden_policy::Decision;

use crate::point::Point;

/// How a log filter's sessions reach the owner.
pub const LOG_ROUTE: &str = "log";

/// A line as it may be written. A line that is a JSON object is a record, any
/// other one is text; what may not be written leaves a stub in its place.
pub async fn filtered(point: &Point, line: &str) -> String {
    let record = Json::parse(line.as_bytes()).ok().filter(|json| json.as_object().is_some());
    let asked = record.clone().unwrap_or_else(|| Json::from(line));
    let decision = point.log(asked).await;
    if !decision.verdict.permits() {
        return stub(&decision);
    }
    match decision.args {
        None => line.to_owned(),
        Some(Json::String(masked)) if record.is_none() => masked,
        Some(masked) => masked.canonical(),
    }
}

/// What stands for a line that was withheld: why, and nothing of it.
fn stub(decision: &Decision) -> String {
    let rules = decision.rules.iter().map(|rule| Json::from(rule.id.as_str()));
    let reason = Json::from_serialize(&decision.reason).unwrap_or(Json::Null);
    let withheld = Json::object([("reason", reason), ("rules", rules.collect())]);
    Json::object([("bounden", Json::object([("withheld", withheld)]))]).canonical()
}
