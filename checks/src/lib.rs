//! What golive checks: the Production Readiness Checklist, the rules that decide its items, and the
//! facts that the rules judge.
//!
//! Nothing here touches a network, a clock or an AWS SDK. The program reads an [`Account`] (from AWS or
//! from a recording) and [`assess()`] turns it into an [`Assessment`]: the same facts give the same verdicts
//! for ever.

mod assess;
mod catalogue;
pub mod client_side;
pub mod continuous_delivery;
pub mod continuous_integration;
pub mod cost_optimization;
pub mod data_storage;
pub mod facts;
mod finding;
mod internet;
mod item;
pub mod monitoring;
pub mod networking;
mod operation;
mod people;
mod policy;
mod rds;
mod reading;
mod rule;
pub mod scalability;
pub mod secrets;
pub mod security;
mod security_groups;
pub mod server_side;
mod settings;
mod snapshot;
mod subnets;
mod untrusted;

pub use assess::{Assessment, ItemResult, RuleResult, assess};
pub use catalogue::{SECTIONS, Section, item, items, rule, rules};
pub use finding::{Finding, FindingStatus, Findings, Resource, Verdict};
pub use item::{Decides, Evidence, Item, Reference, Status};
pub use operation::{Operation, operations};
pub use people::{Acceptance, Answer, Says};
pub use policy::{OneOrMany, Policy, Principal, Statement};
pub use reading::{Cause, Reading, Unreadable};
pub use rule::{Absence, Judge, Remedy, Rule, Severity};
pub use settings::{Setting, Settings};
pub use snapshot::{Account, FactKind, Region, Scope};
pub use untrusted::Untrusted;

#[cfg(test)]
mod testing;
