//! cel: one program a rule, in one environment, until one of them holds.

use std::collections::BTreeSet;
use std::sync::Arc;

use anyhow::{Result, bail};
use cel::{Context, Env, Program, Value};

use super::Subject;
use crate::workload::{CURRENCY, Call, LIMIT, tool};

/// The allowlist and the programs. `cel` has no policies, so the list is a set of the host.
pub struct Cel {
    environment: Arc<Env>,
    allowed: BTreeSet<String>,
    rules: Vec<Program>,
}

impl Subject for Cel {
    const NAME: &'static str = "cel 0.15";
    type Input = (String, Context<'static, 'static>);

    fn new(tools: usize) -> Result<Self> {
        let environment = Arc::new(Env::stdlib());
        let rule = |tool: String| {
            environment.compile(&format!(
                "tool == \"{tool}\" && args.amount > {LIMIT} && args.currency == \"{CURRENCY}\""
            ))
        };
        let rules = (0..tools).map(|number| rule(tool(number))).collect::<Result<_, _>>()?;
        Ok(Self {
            environment: Arc::clone(&environment),
            allowed: (0..tools).map(tool).collect(),
            rules,
        })
    }

    fn read(&self, call: &Call) -> Result<Self::Input> {
        let args: serde_json::Value = serde_json::from_str(&call.args)?;
        let mut context = Context::with_env(Arc::clone(&self.environment));
        context.add_variable_from_value("tool", call.tool.as_str());
        context.add_variable("args", cel::to_value(&args)?)?;
        Ok((call.tool.clone(), context))
    }

    fn denies(&mut self, (tool, context): &Self::Input) -> Result<bool> {
        if !self.allowed.contains(tool) {
            return Ok(true);
        }
        for rule in &self.rules {
            match rule.execute(context)? {
                Value::Bool(true) => return Ok(true),
                Value::Bool(false) => {}
                other => bail!("a rule is {other:?}"),
            }
        }
        Ok(false)
    }
}
