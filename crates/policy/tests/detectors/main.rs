//! Detectors held against other implementations and against text that people labelled.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test fails where it stands"
)]
#![expect(clippy::disallowed_types, reason = "another implementation is another process")]
#![expect(clippy::disallowed_methods, reason = "a test is told by its surroundings to write")]

mod chance;
mod labelled;
mod oracle;
mod reference;
