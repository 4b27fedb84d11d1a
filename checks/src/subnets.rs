//! Which subnets the internet can be reached from, and reaches.

use std::collections::BTreeSet;

use crate::facts::{Instance, RouteTable};
use crate::operation::operations::DESCRIBE_ROUTE_TABLES;
use crate::{Cause, Region, Settings, Unreadable};

/// Whether a subnet is public: its effective route table, the VPC's main one where it is associated with none, has
/// an active route to an internet gateway ("Subnets for your VPC"). The tables of a shared VPC are visible to the
/// account that owns it alone.
pub(crate) fn is_public(region: &Region, vpc_id: &str, subnet_id: &str) -> Result<bool, Unreadable> {
    let tables = region.route_tables()?;
    let own = tables.iter().find(|table| table.subnet_ids.iter().any(|id| id == subnet_id));
    let effective = own.or_else(|| tables.iter().find(|table| table.main && table.vpc_id == vpc_id));
    effective.map(leads_to_the_internet).ok_or_else(|| {
        let message = format!("the route table of {subnet_id:.40} is not visible");
        Unreadable::new(DESCRIBE_ROUTE_TABLES, Some(&region.name), Cause::AnotherAccount, message)
    })
}

fn leads_to_the_internet(table: &RouteTable) -> bool {
    table.routes.iter().any(|route| route.target.starts_with("igw-") && route.state == "active")
}

/// The ids of all that some network interface is in.
pub(crate) struct InUse<'a> {
    pub(crate) vpcs: BTreeSet<&'a str>,
    pub(crate) subnets: BTreeSet<&'a str>,
}

impl<'a> InUse<'a> {
    pub(crate) fn of(region: &'a Region) -> Result<Self, Unreadable> {
        let interfaces = region.network_interfaces.get(crate::FactKind::NetworkInterfaces)?;
        Ok(Self {
            vpcs: interfaces.iter().map(|interface| interface.vpc_id.as_str()).collect(),
            subnets: interfaces.iter().filter_map(|interface| interface.subnet_id.as_deref()).collect(),
        })
    }
}

/// Whether an instance's name has a word that says that it is meant to be reached from outside.
pub(crate) fn is_bastion(instance: &Instance, settings: &Settings) -> bool {
    let name = instance.tag_name.as_deref().unwrap_or_default().to_lowercase();
    let mut words = name.split(|character: char| !character.is_alphanumeric());
    words.any(|word| settings.bastion_names.iter().any(|bastion| bastion.to_lowercase() == word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reading;
    use crate::testing::{instance, region, route_table};

    #[test]
    fn the_own_table_counts_before_the_main_one() {
        let tables = vec![
            RouteTable { main: true, ..route_table("rtb-main", &[], "igw-1") },
            route_table("rtb-nat", &["subnet-nat"], "nat-1"),
            route_table("rtb-tgw", &["subnet-tgw"], "tgw-1"),
        ];
        let region = Region { route_tables: Reading::Read(tables), ..region("eu-west-1") };
        let public = |vpc, subnet| is_public(&region, vpc, subnet);
        assert_eq!(public("vpc-1", "subnet-implicit"), Ok(true));
        assert_eq!(public("vpc-1", "subnet-nat"), Ok(false));
        assert_eq!(public("vpc-1", "subnet-tgw"), Ok(false));
        let shared = public("vpc-2", "subnet-shared").expect_err("no table of that VPC is listed");
        assert_eq!(shared.cause, Cause::AnotherAccount);
    }

    #[test]
    fn a_black_hole_leads_nowhere() {
        let mut table = route_table("rtb-1", &["subnet-1"], "igw-1");
        table.routes.iter_mut().for_each(|route| "blackhole".clone_into(&mut route.state));
        let region = Region { route_tables: Reading::Read(vec![table]), ..region("eu-west-1") };
        assert_eq!(is_public(&region, "vpc-1", "subnet-1"), Ok(false));
    }

    #[test]
    fn unread_tables_are_unknown() {
        assert!(is_public(&region("eu-west-1"), "vpc-1", "subnet-1").is_err());
    }

    #[test]
    fn a_bastion_says_so_in_a_word_of_its_name() {
        let settings = Settings::default();
        let named =
            |name: &str| is_bastion(&Instance { tag_name: Some(name.to_owned()), ..instance("i-1") }, &settings);
        assert!(named("prod-bastion-1") && named("Jump host") && named("vpn"));
        assert!(!named("jumper") && !named("web") && !is_bastion(&instance("i-1"), &settings));
    }
}
