//! Finds and reads what a draft is made from, before any server is started.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use bounden_spec::draft::{
    ApiTools, Configured, NeverRule, Reach, configured, definitions, id_of, never_rules,
};

use super::LeftOut;
use crate::exit::Failure;

/// Everything that was found.
#[derive(Default)]
pub(super) struct Found {
    /// Servers that were named on the command line, which have to answer.
    pub(super) named: Vec<Configured>,
    /// Servers of a client's configuration.
    pub(super) configured: Vec<Configured>,
    /// Files of tools with the names of their servers.
    pub(super) apis: Vec<(String, String, ApiTools)>,
    pub(super) rules: Vec<NeverRule>,
    pub(super) traces: Vec<PathBuf>,
    pub(super) left_out: LeftOut,
}

/// Files that are looked for in a folder.
const USUAL: [&str; 11] = [
    ".mcp.json",
    ".vscode/mcp.json",
    ".cursor/mcp.json",
    "mcp.json",
    "tools.json",
    "openapi.json",
    "openapi.yaml",
    "openapi.yml",
    "AGENTS.md",
    "CLAUDE.md",
    ".github/copilot-instructions.md",
];
const TRACES: &str = "traces";
/// Largest file that is read, in bytes.
const MOST_BYTES: u64 = 16 << 20;

impl Found {
    pub(super) fn is_empty(&self) -> bool {
        let no_server = self.named.is_empty() && self.configured.is_empty() && self.apis.is_empty();
        no_server && self.rules.is_empty() && self.traces.is_empty()
    }

    /// Reads what usually lies in a folder.
    pub(super) fn look_in(&mut self, folder: &Path) -> Result<(), Failure> {
        for name in USUAL {
            let path = folder.join(name);
            if path.is_file() {
                eprintln!("found {}", path.display());
                self.read(&path, name)?;
            }
        }
        let traces = folder.join(TRACES);
        if traces.is_dir() {
            eprintln!("found {}", traces.display());
            self.traces.push(traces);
        }
        Ok(())
    }

    /// A server as `--mcp` names it: a command or an address, with or without `NAME=`.
    pub(super) fn server(&mut self, text: &str) -> Result<(), Failure> {
        let named = text.split_once('=').filter(|(name, _)| {
            !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
        });
        let (name, text) = named.map_or((None, text), |(name, rest)| (Some(name), rest));
        let reach = if text.starts_with("http://") || text.starts_with("https://") {
            Reach::Url(text.to_owned())
        } else {
            let words = shlex::split(text).filter(|words| !words.is_empty());
            Reach::Command(words.ok_or_else(|| {
                Failure::usage(format!(
                    "`--mcp '{text}'` is no command: it is empty or a quote is open"
                ))
            })?)
        };
        self.named.push(Configured {
            name: name.map_or_else(|| name_of(&reach), str::to_owned),
            origin: "--mcp".to_owned(),
            reach: Ok(reach),
            environment: Ok(BTreeMap::new()),
        });
        Ok(())
    }

    /// A file as `--from` names it.
    pub(super) fn file(&mut self, path: &Path) -> Result<(), Failure> {
        self.read(path, &path.display().to_string())
    }

    fn read(&mut self, path: &Path, name: &str) -> Result<(), Failure> {
        let failed = |error: String| Failure::usage(format!("{}: {error}", path.display()));
        let text = text_of(path).map_err(failed)?;
        let is_markdown = path.extension().is_some_and(|end| end.eq_ignore_ascii_case("md"));
        if is_markdown {
            let rules = never_rules(&text, name);
            if rules.is_empty() {
                self.left_out.push(format!("{name}: nothing in it says never, do not or must not"));
            }
            self.rules.extend(rules);
            return Ok(());
        }
        let variable = |name: &str| std::env::var(name).ok();
        let is_json = text.trim_start().starts_with(['{', '[', '/']);
        if is_json {
            let servers =
                configured(&text, name, &variable).map_err(|error| failed(error.to_string()))?;
            if let Some(servers) = servers {
                self.configured.extend(servers);
                return Ok(());
            }
        }
        let found = definitions(&text, name).map_err(|error| failed(error.to_string()))?;
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned());
        let title =
            if found.title.is_empty() { stem.unwrap_or_default() } else { found.title.clone() };
        self.apis.push((title, name.to_owned(), found));
        Ok(())
    }
}

fn text_of(path: &Path) -> Result<String, String> {
    let metadata = fs::metadata(path).map_err(|error| error.to_string())?;
    if !metadata.is_file() || metadata.len() > MOST_BYTES {
        return Err("it is no file, or too large".to_owned());
    }
    let bytes = fs::read(path).map_err(|error| error.to_string())?;
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())
}

/// A short name for a server: that of its package, program or host.
fn name_of(reach: &Reach) -> String {
    let (text, noise): (&str, &[&str]) = match reach {
        Reach::Url(url) => {
            let host = url.split("//").nth(1).unwrap_or_default().split(['/', ':']).next();
            (
                host.unwrap_or_default(),
                &["www", "mcp", "api", "com", "org", "net", "io", "dev", "app"],
            )
        }
        Reach::Command(words) => {
            let launchers = [
                "npx", "uvx", "bunx", "pnpm", "node", "python", "python3", "uv", "docker", "run",
                "dlx",
            ];
            let program = words.iter().find(|word| {
                !word.starts_with('-')
                    && !launchers.contains(&word.rsplit('/').next().unwrap_or(word))
            });
            let last = program.or(words.first()).map_or("", String::as_str);
            let last = last.trim_end_matches('/').rsplit('/').next().unwrap_or(last);
            let release = last.rsplit_once('@').filter(|(name, _)| !name.is_empty());
            (
                release.map_or(last, |(name, _)| name),
                &["mcp", "server", "py", "js", "mjs", "ts", "sh"],
            )
        }
    };
    let id = id_of(text);
    let kept: Vec<_> = id.split('-').filter(|word| !noise.contains(word)).collect();
    let name = if kept.is_empty() { id.clone() } else { kept.join("-") };
    if name.is_empty() { "server".to_owned() } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn servers_have_short_names() {
        for (text, expected) in [
            ("npx -y @modelcontextprotocol/server-filesystem /srv", "filesystem"),
            ("npx -y @acme/billing-mcp@1.2.3", "billing"),
            ("uvx mcp-server-git --repository .", "git"),
            ("/opt/venv/bin/python3 tools/server.py stdio", "server-py"),
            ("python3 tools/notes.py", "notes"),
            ("notes=python3 x.py", "notes"),
            ("https://mcp.linear.app/mcp", "linear"),
            ("http://127.0.0.1:8000/mcp", "127-0-0-1"),
            ("mcp-server", "mcp-server"),
        ] {
            let mut found = Found::default();
            found.server(text).unwrap();
            assert_eq!(found.named[0].name, expected, "{text}");
        }
        for text in ["", "  ", "'open"] {
            assert!(Found::default().server(text).is_err(), "{text:?}");
        }
    }
}
