//! Links between the project's Markdown files lead somewhere.

use super::markdown;
use super::violation::Found;
use super::workspace::Workspace;

/// Every relative link names a file or folder of the checkout, and its anchor a heading there.
pub(super) fn every_link_resolves(workspace: &Workspace) -> Vec<Found> {
    let mut found = Vec::new();
    for (path, text) in workspace.texts(".md") {
        for (line, link) in markdown::links(text) {
            if !is_elsewhere(&link) && !resolves(workspace, path, &link) {
                found.push(Found::on(path, line, format!("`{link}` leads nowhere")));
            }
        }
    }
    found
}

/// Whether a link leaves the repository: it has a scheme (RFC 3986 section 3.1).
fn is_elsewhere(link: &str) -> bool {
    link.split_once(':').is_some_and(|(scheme, _)| {
        scheme.starts_with(|c: char| c.is_ascii_alphabetic())
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    })
}

fn resolves(workspace: &Workspace, from: &str, link: &str) -> bool {
    let (target, anchor) = link.split_once('#').map_or((link, None), |(t, a)| (t, Some(a)));
    let Some(target) = join(from, target) else { return false };
    match anchor {
        None => exists(workspace, &target),
        Some(anchor) => {
            let file = workspace.file(&target).and_then(|file| file.text());
            file.is_some_and(|text| markdown::anchors(text).contains(anchor))
        }
    }
}

fn exists(workspace: &Workspace, path: &str) -> bool {
    let folder = if path.is_empty() { String::new() } else { format!("{path}/") };
    workspace.files.iter().any(|file| file.path == path || file.path.starts_with(&folder))
}

/// The path from the root that `target` means in the file `from`; none where it leaves the root.
fn join(from: &str, target: &str) -> Option<String> {
    if target.is_empty() {
        return Some(from.to_owned());
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.trim_end_matches('/').split('/') {
        match part {
            "" => return None,
            "." => {}
            ".." => drop(parts.pop()?),
            name => parts.push(name),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(link: &str) -> usize {
        let workspace = Workspace::default()
            .with_file("docs/a.md", &format!("# Here\n\n[a link]({link})\n"))
            .with_file("docs/design/b.md", "# Why so?\n")
            .with_file("LICENSE", "");
        every_link_resolves(&workspace).len()
    }

    #[test]
    fn links_that_lead_nowhere_are_found() {
        for link in
            ["b.md", "../../LICENSE", "design/b.md#how-so", "#there", "/LICENSE", "design/b"]
        {
            assert_eq!(found(link), 1, "{link}");
        }
    }

    #[test]
    fn links_that_lead_somewhere_are_fine() {
        let inside = ["../LICENSE", "./design/b.md#why-so", "#here", "design", "design/", ".."];
        for link in inside.into_iter().chain(["https://example.com/a.md", "mailto:a@example.com"]) {
            assert_eq!(found(link), 0, "{link}");
        }
    }
}
