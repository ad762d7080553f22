//! The calls that every engine decides: an allowlist of tools with one rule each.

use serde_json::json;

/// Above this amount a call in [`CURRENCY`] is denied.
pub const LIMIT: i64 = 500;
/// The currency that the rules look at.
pub const CURRENCY: &str = "USD";
/// The server of all tools.
pub const SERVER: &str = "shop";
/// One call in so many violates.
const VIOLATING: usize = 20;

/// One call as it comes from the wire.
#[derive(Clone, Debug)]
pub struct Call {
    /// Unique.
    pub id: String,
    /// The tool, declared or not.
    pub tool: String,
    /// The arguments as JSON text, about 1 KB.
    pub args: String,
    /// What every engine has to say of it.
    pub violates: bool,
}

/// The name of the tool with this number.
#[must_use]
pub fn tool(number: usize) -> String {
    format!("{SERVER}.tool_{number:04}")
}

/// `count` calls of `tools` tools in a fixed, scattered order. One in twenty
/// violates: half of these are too large, half call an undeclared tool.
#[must_use]
pub fn calls(tools: usize, count: usize) -> Vec<Call> {
    (0..count).map(|index| call(tools, index)).collect()
}

fn call(tools: usize, index: usize) -> Call {
    let scattered = scatter(index);
    let violates = index % VIOLATING == VIOLATING / 2;
    let undeclared = violates && (index / VIOLATING).is_multiple_of(2);
    let small = i64::try_from(scattered % 500).unwrap_or_default() + 1;
    let (amount, currency) = match (violates, scattered % 3) {
        (true, _) => (LIMIT + small, CURRENCY),
        // What is large in another currency tests both halves of the rule.
        (false, 0) => (LIMIT + small, "EUR"),
        (false, _) => (small, CURRENCY),
    };
    Call {
        id: format!("call-{index}"),
        tool: if undeclared { format!("{SERVER}.undeclared") } else { tool(scattered % tools) },
        args: arguments(index, scattered % 100, amount, currency),
        violates,
    }
}

/// About 1 KB, of the shape that shop and ticket tools take.
#[must_use]
pub fn arguments(index: usize, customer: usize, amount: i64, currency: &str) -> String {
    let line = |number: usize| {
        json!({
            "sku": format!("SKU-{:06}", scatter(index + number) % 1_000_000),
            "title": "Linen shirt, long sleeves, sand",
            "quantity": number + 1,
            "gift": number.is_multiple_of(2),
        })
    };
    let address = json!({
        "name": "Alex Example", "street": "12 Harbour Lane", "city": "Springfield",
        "postcode": "49007", "country": "US", "phone": "+1 555 0100",
    });
    json!({
        "customer_id": format!("cus_{customer:08}"),
        "order_id": format!("ord_{index:010}"),
        "amount": amount,
        "currency": currency,
        "reason": "damaged",
        "note": "The parcel arrived open and two of the items were missing; the customer sent \
                 photographs on Monday and asks for the money back on the original card.",
        "notify": true,
        "lines": [line(0), line(1), line(2)],
        "shipping": address,
        "tags": ["priority", "web", "returning-customer"],
        "idempotency_key": format!("{:016x}{:016x}", scatter(index), scatter(index + 1)),
        "channel": "chat",
        "locale": "en-US",
    })
    .to_string()
}

/// The JSON Schema that pins [`arguments`].
#[must_use]
pub fn schema() -> serde_json::Value {
    let text = json!({"type": "string"});
    let line = json!({
        "type": "object", "required": ["sku", "quantity"], "additionalProperties": false,
        "properties": {"sku": text, "title": text, "gift": {"type": "boolean"},
            "quantity": {"type": "integer", "minimum": 1}},
    });
    let address = json!({
        "type": "object", "required": ["name", "country"], "additionalProperties": false,
        "properties": {"name": text, "street": text, "city": text, "postcode": text,
            "country": text, "phone": text},
    });
    json!({
        "type": "object", "additionalProperties": false,
        "required": ["customer_id", "amount", "currency"],
        "properties": {
            "customer_id": text, "order_id": text, "amount": {"type": "integer", "minimum": 0},
            "currency": text, "reason": {"enum": ["damaged", "late", "unwanted"]},
            "note": {"type": "string", "maxLength": 2000}, "notify": {"type": "boolean"},
            "lines": {"type": "array", "items": line}, "shipping": address,
            "tags": {"type": "array", "items": text}, "idempotency_key": text,
            "channel": text, "locale": text,
        },
    })
}

/// The same scattered number for the same index in every run (SplitMix64).
fn scatter(index: usize) -> usize {
    let mut z = (index as u64).wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 1) as usize
}
