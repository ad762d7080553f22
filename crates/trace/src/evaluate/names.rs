//! The names that recordings give tools, and the tools that an intent declares.

use std::collections::BTreeMap;

use bounden_policy::ToolName;

/// Finds declared tools by the names that recordings use.
#[derive(Debug)]
pub(crate) struct Names {
    /// Names without their server, where only one tool has them.
    short: BTreeMap<String, ToolName>,
    full: BTreeMap<String, ToolName>,
}

impl Names {
    pub(crate) fn of<'t>(tools: impl Iterator<Item = &'t ToolName>) -> Self {
        let mut names = Self { short: BTreeMap::new(), full: BTreeMap::new() };
        let mut shared = Vec::new();
        for tool in tools {
            names.full.insert(tool.as_str().to_owned(), tool.clone());
            let short = tool.tool().to_owned();
            if names.short.insert(short.clone(), tool.clone()).is_some() {
                shared.push(short);
            }
        }
        shared.iter().for_each(|name| drop(names.short.remove(name)));
        names
    }

    /// The declared tool that is meant: by its full name, by its name alone, or
    /// as clients flatten it (`mcp__SERVER__TOOL`, `SERVER__TOOL`). A name of no
    /// declared tool stays as it is.
    pub(crate) fn resolve(&self, name: &str) -> ToolName {
        let flat = name.strip_prefix("mcp__").unwrap_or(name);
        let joined = flat.split_once("__").map(|(server, tool)| format!("{server}.{tool}"));
        let found = self
            .full
            .get(name)
            .or_else(|| self.full.get(joined.as_deref()?))
            .or_else(|| self.short.get(name));
        found.cloned().unwrap_or_else(|| ToolName::from(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tool_is_found_by_any_of_its_names() {
        let tools = ["desk.look", "desk.pay", "bank.pay", "mcp__own"].map(ToolName::from);
        let names = Names::of(tools.iter());
        for (recorded, declared) in [
            ("desk.pay", "desk.pay"),
            ("look", "desk.look"),
            ("mcp__desk__look", "desk.look"),
            ("bank__pay", "bank.pay"),
            ("mcp__own", "mcp__own"),
            // Two tools are called so: neither is meant.
            ("pay", "pay"),
            ("desk.close", "desk.close"),
        ] {
            assert_eq!(names.resolve(recorded).as_str(), declared);
        }
    }
}
