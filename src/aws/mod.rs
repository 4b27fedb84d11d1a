//! Reading AWS: who asks and from where, the collector, and the readers, one file per service.

mod billing;
mod cloudtrail;
mod collect;
mod ec2;
mod edge;
mod elb;
mod iam;
mod limit;
mod rds;
mod route53;
mod s3;
mod services;
mod session;
mod stores;
mod tags;
mod wire;

pub use collect::{Plan, collect};
pub use limit::Pace;
pub use session::{Access, Session};
pub use wire::{Stage, Wire};
