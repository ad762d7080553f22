//! No test sleeps: it waits for what it needs, or hands in the time.

use proc_macro2::{TokenStream, TokenTree};

use super::tokens::{self, is_ident, is_punct};
use super::violation::Found;
use super::workspace::Workspace;

/// No test code names `thread::sleep`.
pub(super) fn no_test_sleeps(workspace: &Workspace) -> Vec<Found> {
    let found = workspace.texts(".rs").flat_map(|(path, text)| {
        let sleeps = test_code(path, text).into_iter().flat_map(|code| sleeps(&code));
        sleeps.map(move |line| Found::on(path, line, "a test waits for an event, never for a time"))
    });
    found.collect()
}

/// Whether all of a file is compiled for tests only.
pub(super) fn is_test_file(path: &str) -> bool {
    let in_tests = path.split('/').any(|folder| folder == "tests" || folder == "testkit");
    in_tests || path.ends_with("/tests.rs")
}

fn test_code(path: &str, text: &str) -> Vec<TokenStream> {
    let tokens = tokens::of(text);
    if is_test_file(path) {
        return vec![tokens];
    }
    tokens::test_modules(&tokens).into_iter().map(|(_, _, body)| body).collect()
}

/// The lines of `thread::sleep` and `thread::{…, sleep}`.
fn sleeps(code: &TokenStream) -> Vec<usize> {
    let mut lines = Vec::new();
    tokens::each_run(code, &mut |run| {
        for path in run.windows(4) {
            let [thread, colon, again, last] = path else { continue };
            let is_path = is_ident(Some(thread), "thread")
                && is_punct(Some(colon), ':')
                && is_punct(Some(again), ':');
            if is_path && names_sleep(last) {
                lines.push(tokens::line(thread.span()));
            }
        }
    });
    lines
}

fn names_sleep(token: &TokenTree) -> bool {
    match token {
        TokenTree::Group(group) => {
            group.stream().into_iter().any(|inside| is_ident(Some(&inside), "sleep"))
        }
        _ => is_ident(Some(token), "sleep"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(path: &str, text: &str) -> Vec<String> {
        let workspace = Workspace::default().with_file(path, text);
        no_test_sleeps(&workspace).into_iter().map(|found| found.place).collect()
    }

    #[test]
    fn sleeping_is_found_in_tests_only() {
        let sleeper = "fn a() {\n  std::thread::sleep(d);\n}\n";
        assert_eq!(lines("crates/a/tests/b.rs", sleeper), ["crates/a/tests/b.rs:2"]);
        assert_eq!(lines("crates/a/src/b.rs", sleeper), [""; 0]);
        let module = format!("#[cfg(test)]\nmod tests {{\n{sleeper}}}\n");
        assert_eq!(lines("crates/a/src/b.rs", &module), ["crates/a/src/b.rs:4"]);
    }

    #[test]
    fn an_imported_sleep_is_found() {
        let imported = "use std::thread::{self, sleep};\n";
        assert_eq!(lines("crates/a/src/b/tests.rs", imported), ["crates/a/src/b/tests.rs:1"]);
    }
}
