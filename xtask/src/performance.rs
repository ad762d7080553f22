//! Makes the tables of `docs/performance.md` anew. Each stands between two
//! comments, of which the first names the command that prints it.

use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

/// The page, from the root of the workspace.
pub const PAGE: &str = "docs/performance.md";
const BEGIN: &str = "<!-- printed by: ";
const CLOSE: &str = " -->";
const END: &str = "<!-- end of what was printed -->";

/// Runs the commands of the page that contain `filter`, and writes what they print into it.
///
/// # Errors
/// A command fails or prints nothing, or a block of the page is not closed;
/// then the page stays as it is.
pub fn run(root: &Path, filter: &str) -> Result<()> {
    let path = root.join(PAGE);
    let page = std::fs::read_to_string(&path).with_context(|| format!("{PAGE} is not there"))?;
    let page = renewed(&page, |command| {
        if !command.contains(filter) {
            return Ok(None);
        }
        eprintln!("{command}");
        printed(root, command).map(Some)
    })?;
    std::fs::write(&path, page).with_context(|| format!("{PAGE} cannot be written"))
}

/// The page, with what `print` gives for each command; nothing leaves a block as it is.
fn renewed(page: &str, print: impl Fn(&str) -> Result<Option<String>>) -> Result<String> {
    let mut renewed = String::new();
    let mut rest = page;
    let mut count = 0;
    while let Some((before, after)) = rest.split_once(BEGIN) {
        let (command, after) =
            after.split_once(CLOSE).with_context(|| format!("`{BEGIN}` has no `{CLOSE}`"))?;
        let (old, after) =
            after.split_once(END).with_context(|| format!("`{command}` has no `{END}`"))?;
        let new = print(command)?
            .map(|text| format!("\n\n{}\n\n", fenced(text.trim_end().trim_start_matches('\n'))));
        let body = new.as_deref().unwrap_or(old);
        renewed.extend([before, BEGIN, command, CLOSE, body, END]);
        (rest, count) = (after, count + 1);
    }
    ensure!(count > 0, "{PAGE} names no command");
    renewed.push_str(rest);
    Ok(renewed)
}

/// Markdown stays what it is; columns of plain text need a fence.
fn fenced(text: &str) -> String {
    let is_markdown = text.lines().any(|line| line.starts_with('|'));
    if is_markdown { text.to_owned() } else { format!("```text\n{text}\n```") }
}

/// What a command prints on its standard output.
fn printed(root: &Path, command: &str) -> Result<String> {
    let mut words = command.split_whitespace();
    let program = words.next().context("a block names no command")?;
    let output = Command::new(program)
        .args(words)
        .current_dir(root)
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("`{command}` cannot be started"))?;
    if !output.status.success() {
        bail!("`{command}` ended with {}", output.status);
    }
    let text = String::from_utf8(output.stdout).context("it printed no UTF-8")?;
    ensure!(!text.trim().is_empty(), "`{command}` printed nothing");
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "a\n<!-- printed by: one -->\nold\n<!-- end of what was printed -->\nb\n\
                       <!-- printed by: two -->\nkept\n<!-- end of what was printed -->\n";

    #[test]
    fn what_is_printed_stands_between_the_comments_and_the_rest_stays() {
        let print = |command: &str| Ok((command == "one").then(|| "\n  1 2\n".to_owned()));
        let page = renewed(OLD, print).unwrap();
        let new = "a\n<!-- printed by: one -->\n\n```text\n  1 2\n```\n\n<!-- end of what was printed -->";
        assert!(page.starts_with(new), "{page}");
        assert!(page.ends_with(&OLD[OLD.find("\nb\n").unwrap()..]), "{page}");
    }

    #[test]
    fn a_table_is_markdown_already() {
        let page = renewed(OLD, |_| Ok(Some("| a |".to_owned()))).unwrap();
        assert!(page.contains("-->\n\n| a |\n\n<!--"), "{page}");
    }

    #[test]
    fn a_block_without_an_end_is_an_error() {
        let broken = OLD.replacen(END, "", 2);
        assert!(renewed(&broken, |_| Ok(None)).unwrap_err().to_string().contains("`one` has no"));
        assert!(renewed("no block", |_| Ok(None)).is_err());
    }
}
