//! Events from bytes: likely ones, in any order, and arguments of any form.

use bounden_base::{Json, SignedDuration, Timestamp};
use bounden_policy::{Arguments, Event, EventBody};

use super::Bytes;

const TOOLS: [&str; 4] = ["pay.refund", "pay.check", "web.read", "pay.other"];
const WHO: [&str; 5] = ["a", "b", "/x/../y", "https://x.example/", "much too long"];
const MOST: usize = 64;

/// What happens, as the bytes have it.
#[must_use]
pub fn events(bytes: &mut Bytes<'_>) -> Vec<Event> {
    let mut second = 0;
    let mut events = Vec::new();
    while !bytes.is_empty() && events.len() < MOST {
        second += i64::from(bytes.byte() % 8);
        let number = events.len();
        let kind = bytes.byte();
        let session = format!("s{}", kind >> 6);
        let principal = (kind & 0x20 != 0).then(|| format!("p{}", kind >> 7).as_str().into());
        let body = body(kind & 0x1f, number, bytes);
        let at = Timestamp::UNIX_EPOCH.checked_add(SignedDuration::from_secs(second)).ok();
        let id = format!("e{number}").as_str().into();
        events.push(Event { id, session: session.as_str().into(), principal, at, body });
    }
    events
}

fn body(kind: u8, number: usize, bytes: &mut Bytes<'_>) -> EventBody {
    match kind {
        0..=13 => call(number, bytes),
        14..=19 => EventBody::Result {
            call: earlier(number, bytes),
            ok: bytes.byte() % 4 > 0,
            result: Json::object([("level", Json::from(i64::from(bytes.byte() % 5)))]),
            labels: Vec::new(),
        },
        20 | 21 => EventBody::Approve {
            role: if bytes.byte() % 2 == 0 { "lead" } else { "boss" }.to_owned(),
            call: earlier(number, bytes),
            by: Some(format!("ann{}", bytes.byte() % 2)),
        },
        22 => EventBody::Window { name: "freeze".to_owned(), open: bytes.byte() % 2 == 0 },
        23 => EventBody::Request { text: "please".to_owned() },
        24 => EventBody::Output { text: "here".to_owned() },
        25 => EventBody::Start { tags: [("kind".to_owned(), "x".to_owned())].into() },
        26 => EventBody::End,
        27 => EventBody::Log { record: Json::from("line") },
        _ => call(number, bytes),
    }
}

fn call(number: usize, bytes: &mut Bytes<'_>) -> EventBody {
    let form = bytes.byte();
    let tool = TOOLS[usize::from(form & 3)];
    let retry_of = (form & 0x1c == 0x1c).then(|| earlier(number, bytes));
    let args = if form & 0x20 == 0 {
        likely(bytes)
    } else {
        let length = bytes.below(48);
        String::from_utf8_lossy(bytes.take(length)).into_owned()
    };
    let args = match Json::parse(args.as_bytes()) {
        Ok(value) if form & 0x40 == 0 => value.into(),
        _ => Arguments::from_text(args),
    };
    EventBody::Call { tool: tool.into(), args, retry_of, cost: None }
}

/// Arguments as tools take them, more or less.
fn likely(bytes: &mut Bytes<'_>) -> String {
    let form = bytes.byte();
    let who = WHO[bytes.below(WHO.len())];
    let amount = i32::from(bytes.byte()) * 4 - 8;
    let mut more = String::new();
    for (bit, part) in [
        (1, r#","currency":"EUR""#),
        (2, r#","n":7"#),
        (4, r#","kind":"old""#),
        (8, r#","list":["X","aab"]"#),
        (16, r#","note":null"#),
        (32, r#","to":{"city":"x"}"#),
        (64, r#","n":7"#),
    ] {
        more.push_str(if form & bit != 0 { part } else { "" });
    }
    let cents = if form & 128 == 0 { "" } else { ".50" };
    format!(r#"{{"who":"{who}","amount":{amount}{cents}{more}}}"#)
}

fn earlier(number: usize, bytes: &mut Bytes<'_>) -> bounden_policy::EventId {
    let back = bytes.below(6) + 1;
    format!("e{}", number.saturating_sub(back)).as_str().into()
}
