//! The workspace keeps its own rules.

use std::path::Path;

#[test]
fn the_workspace_is_tidy() {
    let own = std::env::var_os("CARGO_MANIFEST_DIR").expect("cargo says where it runs a test");
    let report = xtask::tidy::run(Path::new(&own).parent().unwrap()).unwrap();
    let violations: Vec<String> = report.violations.iter().map(ToString::to_string).collect();
    assert!(violations.is_empty(), "\n{}", violations.join("\n"));
}
