//! The guard in front of the example desk, as the official client meets it.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test fails where it stands")]

mod example;

use example::Example;

fn scenario(name: &str) {
    let Some(python) = bounden_testkit::python_with_mcp() else { return };
    Example::new().drive(&python, "guard.py", name);
}

#[test]
fn tools_are_verified_filtered_and_called() {
    scenario("tools");
}
