//! regorus: Rego compiled for its virtual machine, one `deny` body a rule.

use anyhow::Result;
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::RegoVM;
use regorus::{Engine, Value};
use serde_json::json;

use super::Subject;
use crate::workload::{CURRENCY, Call, LIMIT, tool};

const ENTRY: &str = "data.bench.allow";

/// The machine with its program loaded.
pub struct Regorus(RegoVM);

impl Subject for Regorus {
    const NAME: &'static str = "regorus 0.14 (RVM)";
    type Input = Value;

    fn new(tools: usize) -> Result<Self> {
        let rules = (0..tools).map(|number| {
            let tool = tool(number);
            format!(
                "deny if {{ input.tool == \"{tool}\"; input.args.amount > {LIMIT}; \
                 input.args.currency == \"{CURRENCY}\" }}\n"
            )
        });
        let text = format!(
            "package bench\nimport rego.v1\ndefault allow := false\n\
             allow if {{ data.allowed[input.tool]; not deny }}\n{}",
            rules.collect::<String>()
        );
        let allowed: serde_json::Map<_, _> =
            (0..tools).map(|number| (tool(number), true.into())).collect();
        let data = Value::from_json_str(&json!({ "allowed": allowed }).to_string())?;
        let mut engine = Engine::new();
        engine.add_policy("bench.rego".to_owned(), text)?;
        engine.add_data(data.clone())?;
        let compiled = engine.compile_with_entrypoint(&ENTRY.into())?;
        let mut machine = RegoVM::new_with_policy(compiled.clone());
        machine.load_program(Compiler::compile_from_policy(&compiled, &[ENTRY])?);
        machine.set_max_instructions(1_000_000);
        machine.set_data(data)?;
        Ok(Self(machine))
    }

    fn read(&self, call: &Call) -> Result<Value> {
        let mut input = Value::new_object();
        let members = input.as_object_mut()?;
        members.insert("tool".into(), call.tool.as_str().into());
        members.insert("args".into(), Value::from_json_str(&call.args)?);
        Ok(input)
    }

    fn denies(&mut self, input: &Value) -> Result<bool> {
        self.0.set_input(input.clone());
        Ok(self.0.execute()? != Value::from(true))
    }
}
