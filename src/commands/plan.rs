//! `golive audit --plan`: what an audit would ask, and how often.

use std::fmt::Write;

use anyhow::bail;
use comfy_table::Cell;
use golive_checks::operations::{DESCRIBE_REGIONS, GET_CALLER_IDENTITY};
use golive_checks::{FactKind, Operation, Scope};
use serde_json::json;

use crate::aws::{Plan, Session};
use crate::cli::Format;
use crate::report::text::{self, Style, count, harmless};

/// What one operation will be asked.
struct Step {
    operation: Operation,
    /// `3 regions`, `once`, `each bucket`.
    places: String,
    /// Requests that are certain: pages and details are not.
    least: usize,
}

/// The plan for people or for programs.
pub fn render(session: &Session, plan: &Plan, format: Format) -> anyhow::Result<String> {
    let steps = steps(plan);
    let least = steps.iter().map(|step| step.least).sum::<usize>();
    match format {
        Format::Table => Ok(table(session, plan, &steps, least)),
        Format::Json => {
            let steps: Vec<_> = steps
                .iter()
                .map(|step| {
                    let Operation { service, name, permission } = step.operation;
                    json!({ "service": service, "operation": name, "action": permission, "asked": step.places, "least_requests": step.least })
                })
                .collect();
            let account = &session.wire.account_id;
            let plan = json!({ "account": account, "caller": session.caller, "regions": plan.regions, "least_requests": least, "operations": steps });
            Ok(format!("{plan:#}\n"))
        }
        _ => bail!("a plan is printed as table or json"),
    }
}

fn table(session: &Session, plan: &Plan, steps: &[Step], least: usize) -> String {
    let style = Style::new(text::colour(&std::io::stdout()));
    let mut out = String::new();
    let account = harmless(&session.wire.account_id);
    let _ = writeln!(out, "{}", style.heading(&format!("What an audit of AWS account {account} asks")));
    let _ = writeln!(out, "As {}", harmless(&session.caller));
    out.push_str(&style.wrapped(0, &format!("{}: {}", count(plan.regions.len(), "region"), plan.regions.join(", "))));
    out.push('\n');
    let mut table = style.table(&[46, 9]);
    table.set_header(["ACTION", "REQUESTS", "ASKED"].map(|title| Cell::new(style.faint(title))));
    for step in steps {
        let least = if step.least == 0 { String::new() } else { step.least.to_string() };
        table.add_row([step.operation.permission.to_owned(), least, step.places.clone()]);
    }
    for row in table.to_string().lines() {
        let _ = writeln!(out, "{}", row.trim_end());
    }
    let more = "The rest depends on what the account holds: another request for each further page of a list, and those \
                without a number. --concurrency and --rate slow golive down; without --plan the audit begins.";
    let _ = writeln!(out, "\nAt least {}.", count(least, "request"));
    out.push_str(&style.wrapped(0, more));
    out
}

/// Each operation once, with the places where it is asked: what one fact asks may serve another.
fn steps(plan: &Plan) -> Vec<Step> {
    let regions = plan.regions.len();
    let once = |operation| Step { operation, places: "once".to_owned(), least: 1 };
    let mut steps = vec![once(GET_CALLER_IDENTITY), once(DESCRIBE_REGIONS)];
    for kind in plan.facts() {
        // The first operation lists; those after it are asked of what was listed.
        for (place, &operation) in kind.operations().iter().enumerate() {
            let (places, least) = match kind.scope() {
                Scope::Detail(parent) => (format!("of each of the {}", parent.noun()), 0),
                _ if place > 0 && kind != FactKind::CredentialReport => (format!("for some of the {}", kind.noun()), 0),
                Scope::Region => (format!("in {}", count(regions, "region")), regions),
                // Trails are listed in each region, as each shows those that record it.
                Scope::Account if kind == FactKind::Trails => (format!("in {}", count(regions, "region")), regions),
                Scope::Account if kind == FactKind::TrailBuckets => ("of each log bucket".to_owned(), 0),
                Scope::Account => ("once".to_owned(), 1),
            };
            match steps.iter_mut().find(|step| step.operation == operation) {
                None => steps.push(Step { operation, places, least }),
                // Own and public snapshots are two lists of the same operation.
                Some(step) if place == 0 && least > 0 => step.least += least,
                Some(_) => {}
            }
        }
    }
    steps.sort_by_key(|step| (step.operation.service, step.operation.name));
    steps
}
