//! How a client names the tools of the servers behind one guard.

use bounden_policy::ToolName;

/// The names that a client sees.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Naming {
    /// The server's own names: there is one server only, of this name.
    Own(String),
    /// `SERVER.TOOL`, as the intent writes it.
    Dotted,
    /// `SERVER__TOOL`, for clients that take no dots.
    Underscored,
}

impl Naming {
    /// The name that the client sees.
    #[must_use]
    pub fn shown(&self, server: &str, tool: &str) -> String {
        match self {
            Self::Own(_) => tool.to_owned(),
            Self::Dotted => format!("{server}.{tool}"),
            Self::Underscored => format!("{server}__{tool}"),
        }
    }

    /// The policy's name for what the client names. A name without a server is
    /// kept as it is; no policy declares such a tool.
    #[must_use]
    pub fn meant(&self, shown: &str) -> ToolName {
        match self {
            Self::Own(server) => ToolName::new(format!("{server}.{shown}")),
            Self::Dotted => ToolName::new(shown),
            Self::Underscored => match shown.split_once("__") {
                Some((server, tool)) => ToolName::new(format!("{server}.{tool}")),
                None => ToolName::new(shown),
            },
        }
    }

    /// Whether a server of this name can be told from its tools.
    #[must_use]
    pub fn allows(&self, server: &str) -> bool {
        let apart = match self {
            Self::Own(_) => true,
            Self::Dotted => !server.contains('.'),
            Self::Underscored => !server.contains("__") && !server.ends_with('_'),
        };
        apart && !server.is_empty() && !server.contains('.')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_what_is_meant() {
        for naming in [Naming::Own("desk".into()), Naming::Dotted, Naming::Underscored] {
            for tool in ["pay", "pay.now", "pay__now", "_x"] {
                let shown = naming.shown("desk", tool);
                assert_eq!(naming.meant(&shown).as_str(), format!("desk.{tool}"), "{naming:?}");
            }
        }
    }

    #[test]
    fn names_without_a_server_stay_what_no_policy_declares() {
        assert_eq!(Naming::Dotted.meant("pay").as_str(), "pay");
        assert_eq!(Naming::Underscored.meant("pay").as_str(), "pay");
    }

    #[test]
    fn servers_that_would_be_confused_are_refused() {
        assert!(!Naming::Underscored.allows("a__b"));
        assert!(!Naming::Underscored.allows("a_"));
        assert!(!Naming::Dotted.allows("a.b"));
        assert!(!Naming::Own(String::new()).allows(""));
        assert!(Naming::Underscored.allows("a_b"));
    }
}
