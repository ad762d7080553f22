//! Detectors held against other implementations and against text that people labelled.

mod chance;
mod labelled;
mod oracle;
mod reference;
