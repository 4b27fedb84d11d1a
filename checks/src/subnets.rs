//! Which subnets the internet can be reached from, and reaches.

use crate::facts::RouteTable;
use crate::{Region, Unreadable};

/// Whether a subnet is public: its effective route table, the VPC's main one where it is associated with none, has
/// an active route to an internet gateway ("Subnets for your VPC"). None where the table is not listed: that of a
/// subnet that another account shares.
#[allow(dead_code, reason = "the rules of subnets come next")]
pub(crate) fn is_public(region: &Region, vpc_id: &str, subnet_id: &str) -> Result<Option<bool>, Unreadable> {
    let tables = region.route_tables()?;
    let own = tables.iter().find(|table| table.subnet_ids.iter().any(|id| id == subnet_id));
    let effective = own.or_else(|| tables.iter().find(|table| table.main && table.vpc_id == vpc_id));
    Ok(effective.map(leads_to_the_internet))
}

#[allow(dead_code, reason = "the rules of subnets come next")]
fn leads_to_the_internet(table: &RouteTable) -> bool {
    table.routes.iter().any(|route| route.target.starts_with("igw-") && route.state == "active")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reading;
    use crate::facts::Route;
    use crate::testing::region;

    fn table(id: &str, main: bool, subnets: &[&str], target: &str, state: &str) -> RouteTable {
        let route = |destination: &str, target: &str, state: &str| Route {
            destination: destination.to_owned(),
            target: target.to_owned(),
            state: state.to_owned(),
        };
        RouteTable {
            id: id.to_owned(),
            vpc_id: "vpc-1".to_owned(),
            main,
            subnet_ids: subnets.iter().map(|&id| id.to_owned()).collect(),
            routes: vec![route("10.0.0.0/16", "local", "active"), route("0.0.0.0/0", target, state)],
        }
    }

    #[test]
    fn the_own_table_counts_before_the_main_one() {
        let tables = vec![
            table("rtb-main", true, &[], "igw-1", "active"),
            table("rtb-nat", false, &["subnet-nat"], "nat-1", "active"),
            table("rtb-gone", false, &["subnet-gone"], "igw-1", "blackhole"),
        ];
        let region = Region { route_tables: Reading::Read(tables), ..region("eu-west-1") };
        let public = |vpc, subnet| is_public(&region, vpc, subnet).expect("read");
        assert_eq!(public("vpc-1", "subnet-implicit"), Some(true));
        assert_eq!(public("vpc-1", "subnet-nat"), Some(false));
        assert_eq!(public("vpc-1", "subnet-gone"), Some(false));
        assert_eq!(public("vpc-2", "subnet-shared"), None);
    }

    #[test]
    fn unread_tables_are_unknown() {
        assert!(is_public(&region("eu-west-1"), "vpc-1", "subnet-1").is_err());
    }
}
