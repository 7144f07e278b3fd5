//! Facts × rules × context to a verdict, and a verdict to an action. Pure: no I/O, no clock, no browser, no bytes.
//!
//! Two types matter: the [`RuleSet`], knowledge compiled from `rules/` at build time, and the
//! [`Verdict`](davy_model::Verdict) that [`judge`] draws from it and from what was read.

mod builtin;
mod catalogue;
mod container;
mod context;
mod judging;
mod policy;
#[cfg(feature = "reader")]
pub mod reader;
mod ruleset;
pub mod tab;

pub use catalogue::{Catalogue, Explanation};
pub use container::from_children;
pub use context::Context;
pub use judging::{judge, judge_page, sort};
pub use policy::Policy;
pub use ruleset::{HostList, RuleSet};
