//! What an engineer would write for exactly these rules: the limit.

use std::collections::HashMap;

use anyhow::Result;
use serde_json::Value;

use super::Subject;
use crate::workload::{CURRENCY, Call, LIMIT, tool};

/// The largest amount of each tool.
#[derive(Debug)]
pub struct ByHand(HashMap<String, i64>);

impl Subject for ByHand {
    const NAME: &'static str = "by hand (serde_json)";
    type Input = (String, Value);

    fn new(tools: usize) -> Result<Self> {
        Ok(Self((0..tools).map(|number| (tool(number), LIMIT)).collect()))
    }

    fn read(&self, call: &Call) -> Result<Self::Input> {
        Ok((call.tool.clone(), serde_json::from_str(&call.args)?))
    }

    fn denies(&mut self, (tool, args): &Self::Input) -> Result<bool> {
        let Some(limit) = self.0.get(tool) else { return Ok(true) };
        let amount = args.get("amount").and_then(Value::as_i64);
        let currency = args.get("currency").and_then(Value::as_str);
        Ok(amount.is_none_or(|amount| amount > *limit) && currency == Some(CURRENCY))
    }
}
