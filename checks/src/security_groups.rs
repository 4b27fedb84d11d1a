//! What the rules of a security group really open.

use ipnet::IpNet;

use crate::facts::{Permission, SecurityGroup};
use crate::operation::operations::DESCRIBE_MANAGED_PREFIX_LISTS;
use crate::{FactKind, Region, Unreadable};

/// A port that is open, to whom, and as part of what.
pub(crate) struct Opening<'a> {
    permission: &'a Permission,
    port: Option<u16>,
    source: String,
}

impl Opening<'_> {
    /// `tcp 22 to 0.0.0.0/0`, `tcp 22 (of 0-65535) to ::/0`, `all traffic to 0.0.0.0/0`.
    pub(crate) fn text(&self) -> String {
        let what = match (self.permission.ports, self.port) {
            _ if self.permission.protocol == "-1" => "all traffic".to_owned(),
            (Some((from, to)), Some(port)) if from != to => {
                format!("{:.8} {port} (of {from}-{to})", self.permission.protocol)
            }
            (Some((from, to)), None) => format!("{:.8} {from}-{to}", self.permission.protocol),
            (_, Some(port)) => format!("{:.8} {port}", self.permission.protocol),
            (None, None) => format!("all of {:.8}", self.permission.protocol),
        };
        format!("{what} to {:.40}", self.source)
    }
}

/// The first of `ports` that a group opens to a source that `counts`, by a rule of one of the `protocols`.
pub(crate) fn opens<'a>(
    region: &Region,
    group: &'a SecurityGroup,
    protocols: &[&str],
    ports: &[u16],
    counts: fn(&IpNet) -> bool,
) -> Result<Option<Opening<'a>>, Unreadable> {
    first(region, group, counts, |permission| {
        let port = ports.iter().copied().find(|port| lets_in(permission, protocols, *port))?;
        Some(Some(port))
    })
}

/// The first rule of a group that opens every port, of all protocols or of TCP or UDP, to a source that `counts`.
pub(crate) fn opens_all_ports<'a>(
    region: &Region,
    group: &'a SecurityGroup,
    counts: fn(&IpNet) -> bool,
) -> Result<Option<Opening<'a>>, Unreadable> {
    first(region, group, counts, |permission| {
        let all = match permission.ports {
            _ if permission.protocol == "-1" => true,
            Some((from, to)) => is(permission, &["tcp", "udp"]) && from <= 1 && to >= 65535,
            None => is(permission, &["tcp", "udp"]),
        };
        all.then_some(None)
    })
}

/// An unreadable prefix list hides nothing that is seen elsewhere: it counts only when no other rule is open.
fn first<'a>(
    region: &Region,
    group: &'a SecurityGroup,
    counts: fn(&IpNet) -> bool,
    matches: impl Fn(&Permission) -> Option<Option<u16>>,
) -> Result<Option<Opening<'a>>, Unreadable> {
    let mut unread = None;
    for permission in &group.inbound {
        let Some(port) = matches(permission) else { continue };
        match source(region, permission, counts) {
            Ok(Some(source)) => return Ok(Some(Opening { permission, port, source })),
            Ok(None) => {}
            Err(reason) => unread = Some(reason),
        }
    }
    unread.map_or(Ok(None), Err)
}

/// The first source of a rule that `counts`: a block, or a prefix list with such a block.
fn source(region: &Region, permission: &Permission, counts: fn(&IpNet) -> bool) -> Result<Option<String>, Unreadable> {
    if let Some(block) = permission.cidrs.iter().find(|block| counts(block)) {
        return Ok(Some(block.to_string()));
    }
    for id in &permission.prefix_list_ids {
        let listed = region.prefix_lists()?.iter().find(|list| list.id == *id);
        let list = listed.ok_or_else(|| {
            let message = format!("the prefix list {id:.40} is not listed");
            Unreadable::malformed(DESCRIBE_MANAGED_PREFIX_LISTS, Some(&region.name), message)
        })?;
        // AWS's own lists hold the addresses of a service.
        if list.owner_id == "AWS" {
            continue;
        }
        if let Some(block) = list.entries.get(FactKind::PrefixListEntries)?.iter().find(|block| counts(block)) {
            return Ok(Some(format!("{block} of {id}")));
        }
    }
    Ok(None)
}

fn lets_in(permission: &Permission, protocols: &[&str], port: u16) -> bool {
    if permission.protocol == "-1" {
        return true;
    }
    is(permission, protocols)
        && permission.ports.is_none_or(|(from, to)| from == -1 || (from..=to).contains(&i32::from(port)))
}

/// Whether a rule is of one of these protocols, by name or number.
fn is(permission: &Permission, protocols: &[&str]) -> bool {
    let name = match permission.protocol.as_str() {
        "6" => "tcp",
        "17" => "udp",
        name => name,
    };
    protocols.contains(&name)
}
