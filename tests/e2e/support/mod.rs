//! What the end-to-end tests stand on: two mock AWS servers, and a proxy that records and makes faults.
//!
//! Start a mock, start a [`Proxy`] in front of it, seed the mock with [`python`], and point the program at
//! [`Proxy::endpoint`] with [`CREDENTIALS`]. All of them end when they are dropped.

mod answers;
mod http;
pub mod load;
mod proxy;
mod request;
mod stubs;
mod wires;

pub use http::Response;
pub use load::{Bucket, Load, Manner, Size};
pub use proxy::{Fault, Match, Proxy, Routes, Seen};
pub use stubs::complete;
pub use wires::{ACCOUNT, CREDENTIALS, MiniStack, Moto, python};
