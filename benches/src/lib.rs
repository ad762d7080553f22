//! One workload, several engines, one clock: what the benches share.

pub mod history;
pub mod machine;
pub mod subject;
pub mod table;
pub mod timing;
pub mod workload;
