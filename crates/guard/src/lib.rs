//! Enforcement points: what stands between an agent and its tools.

pub mod canary;
mod home;
mod http;
mod journal;
mod link;
mod log_filter;
pub mod owner;
mod point;
mod proxy;
mod receipt;
mod sealed;
mod stdio;
mod upstream;

pub use home::{Home, Ownership};
pub use http::{Access, HttpPoint, serve_http};
pub use journal::{Journal, JournalError, Recovery};
pub use link::{Link, LinkError, Starter};
pub use log_filter::{LOG_ROUTE, filtered};
pub use point::{Answer, Passage, Point};
pub use proxy::{Endpoint, FromServer, Naming, Proxy, Report};
pub use receipt::{Circumstances, Entry, Input, Receipt};
pub use sealed::{SealError, Sealed};
pub use stdio::serve_stdio;
pub use upstream::{Dial, Reach, ServeError, Server};
