//! The part of a policy that looks at one call alone, as Cedar policies and a
//! Cedar schema (the language of version 4), for teams that enforce elsewhere.
//!
//! One request is one call: the principal is whom the agent acts for, the
//! action is the tool, the resource is the agent, and `context.args` are the
//! arguments. What Cedar cannot say is listed, never dropped.

mod condition;
mod operand;
mod rules;
mod shape;
mod term;
mod text;

use crate::ToolName;
use crate::policy::Policy;

use shape::{Arguments, Requirement};
use text::{comment, quoted};

/// A policy as Cedar has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// Cedar policies, with what was left out at their head.
    pub policies: String,
    /// The schema that the policies are valid under, and requests have to fit.
    pub schema: String,
    /// What Cedar does not say.
    pub left_out: Vec<LeftOut>,
}

/// A part of a policy that Cedar does not say as Bounden does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The part.
    pub what: String,
    /// Why it cannot be said, or what is said instead.
    pub why: String,
}

/// The namespace of every name in an export.
const NAMESPACE: &str = "Bounden";

/// What can be said of one call in Cedar, and what cannot.
#[must_use]
pub fn export(policy: &Policy) -> Export {
    let mut writer = Writer { policy, policies: String::new(), left_out: Vec::new() };
    let bundle = policy.bundle();
    writer.surroundings();
    let mut actions = String::new();
    for (name, tool) in &bundle.tools {
        let arguments = Arguments::of(tool);
        for gap in &arguments.gaps {
            writer.leave_out(format!("arguments of `{name}`"), gap.clone());
        }
        let declared = shape::declaration(name, &arguments);
        actions.push_str(&declared);
        writer.permit(name);
        for requirement in &arguments.requirements {
            writer.require(name, requirement);
        }
        writer.rules(name, tool, &arguments);
    }
    writer.other_rules();
    let schema =
        format!("namespace {NAMESPACE} {{\n  entity Principal;\n  entity Agent;\n{actions}}}\n");
    Export { policies: writer.head() + &writer.policies, schema, left_out: writer.left_out }
}

struct Writer<'p> {
    policy: &'p Policy,
    policies: String,
    left_out: Vec<LeftOut>,
}

impl Writer<'_> {
    fn leave_out(&mut self, what: String, why: String) {
        let left_out = LeftOut { what, why };
        if !self.left_out.contains(&left_out) {
            self.left_out.push(left_out);
        }
    }

    /// What stands above the policies.
    fn head(&self) -> String {
        let bundle = self.policy.bundle();
        let mut head = format!(
            "// What `{}` may call, exported by Bounden from policy {}.\n//\n\
             // principal: whom the agent acts for. action: the tool. resource: the agent.\n\
             // context.args: the arguments, without members that are null or that the schema\n\
             // does not name. A call whose numbers Cedar cannot hold exactly (integers beyond\n\
             // 64 bits, more than four decimals) must be refused, not asked about.\n//\n",
            comment(&bundle.agent),
            self.policy.digest(),
        );
        if self.left_out.is_empty() {
            head.push_str("// Nothing was left out.\n\n");
            return head;
        }
        head.push_str("// LEFT OUT: Cedar does not say what follows as Bounden does.\n");
        for LeftOut { what, why } in &self.left_out {
            head.push_str(&format!("// - {}: {}\n", comment(what), comment(why)));
        }
        head.push('\n');
        head
    }

    /// The scope of every policy about a tool.
    fn scope(&self, tool: &ToolName) -> String {
        format!(
            "(\n  principal,\n  action == {NAMESPACE}::Action::{},\n  resource == {NAMESPACE}::Agent::{}\n)",
            quoted(tool.as_str()),
            quoted(&self.policy.bundle().agent),
        )
    }

    /// What is not declared is permitted by nobody.
    fn permit(&mut self, tool: &ToolName) {
        let scope = self.scope(tool);
        self.policies.push_str(&format!("permit {scope};\n\n"));
    }

    /// What a schema asks of the arguments beyond their types.
    fn require(&mut self, tool: &ToolName, requirement: &Requirement) {
        let scope = self.scope(tool);
        self.policies.push_str(&format!(
            "@reason(\"malformed\")\n@says({})\nforbid {scope}\nunless {{ {} }};\n\n",
            quoted(&requirement.says),
            requirement.holds,
        ));
    }
}

#[cfg(test)]
mod tests;
