//! The least that any engine can do: the two members that the rules read, by
//! their types, and nothing checked besides.

use std::collections::HashMap;

use anyhow::Result;
use serde::Deserialize;

use super::Subject;
use crate::workload::{CURRENCY, Call, LIMIT, tool};

/// The largest amount of each tool.
#[derive(Debug)]
pub struct ByHandTyped(HashMap<String, i64>);

/// What the rules read of a call.
#[derive(Debug, Deserialize)]
pub struct Args {
    amount: i64,
    currency: String,
}

impl Subject for ByHandTyped {
    const NAME: &'static str = "by hand (two members)";
    type Input = (String, Args);

    fn new(tools: usize) -> Result<Self> {
        Ok(Self((0..tools).map(|number| (tool(number), LIMIT)).collect()))
    }

    fn read(&self, call: &Call) -> Result<Self::Input> {
        Ok((call.tool.clone(), serde_json::from_str(&call.args)?))
    }

    fn denies(&mut self, (tool, args): &Self::Input) -> Result<bool> {
        let Some(limit) = self.0.get(tool) else { return Ok(true) };
        Ok(args.amount > *limit && args.currency == CURRENCY)
    }
}
