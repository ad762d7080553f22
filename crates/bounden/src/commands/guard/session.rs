//! Who this process is to the guard: what the system says, never the agent.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::os::unix::process::parent_id;

use bounden_guard::Home;
use bounden_guard::owner::protocol::Opening;

/// The session of the host that started this process. All servers that a host
/// starts share it, and starting one anew does not make another.
pub(super) fn of_parent(home: &Home, route: &str) -> Opening {
    let parent = parent_id();
    let key = match started(parent) {
        Some(started) => format!("{parent}-{started}"),
        None => parent.to_string(),
    };
    opening(home, route, key)
}

/// A session that the deployment names.
pub(super) fn named(home: &Home, route: &str, key: &str) -> Opening {
    opening(home, route, format!("named-{key}"))
}

fn opening(home: &Home, route: &str, key: String) -> Opening {
    // The state folder belongs to the user that this process runs as.
    let uid = fs::metadata(home.folder()).map_or(u32::MAX, |metadata| metadata.uid());
    let principal = format!("uid:{uid}").into();
    Opening { route: route.to_owned(), key, principal }
}

/// When a process was started, in clock ticks since boot; only Linux says so.
fn started(process: u32) -> Option<u64> {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    // The name, in brackets, may hold anything; the 22nd field is the time.
    let (_, after_name) = stat.rsplit_once(')')?;
    after_name.split_whitespace().nth(19)?.parse().ok()
}
