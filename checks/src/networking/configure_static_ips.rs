//! `networking/configure-static-ips`: addresses that others rely on, and none that nobody uses.

use crate::facts::Address;
use crate::{
    Absence, Account, Decides, Evidence, FactKind, Findings, Item, Judge, Reference, Region, Remedy, Rule, Severity,
    Unreadable, Verdict,
};

/// `networking/configure-static-ips`
pub const ITEM: Item = Item {
    id: "networking/configure-static-ips",
    title: "Configure Static IPs",
    decides: Decides::Partly,
    what: "Addresses that others rely on are Elastic IPs or fixed network interfaces; everything else is \
           found by name.",
    why: "An address that changes with a redeployment breaks whoever put it on a list; one that nobody \
          uses costs money.",
    confirm: "List the Elastic IP addresses and who relies on each, such as partners with allow lists. \
              Release those that nobody names.",
    references: &[ADDRESSES_GUIDE],
    rules: &[&EIP_ASSOCIATED],
    evidence: &[&STATIC_ADDRESSES],
    pending: &[],
};

const ADDRESSES_GUIDE: Reference = Reference {
    title: "Elastic IP addresses",
    url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/elastic-ip-addresses-eip.html",
};

/// `eip-associated`
pub static EIP_ASSOCIATED: Rule = Rule {
    id: "eip-associated",
    title: "Elastic IP addresses are associated",
    severity: Severity::Low,
    needs: &[FactKind::Addresses],
    absence: Absence::NotApplicable,
    decided: "Each Elastic IP address is associated with an instance or a network interface, such as that of a NAT \
              gateway or load balancer. AWS charges for every one; one that is held back for later fails too.",
    remedy: Remedy {
        summary: "Associate the address with what needs it, or release it.",
        console: "EC2, Elastic IPs, the address, Actions, Associate or Release Elastic IP address",
        cli: "aws ec2 release-address --region REGION --allocation-id ALLOCATION_ID",
        terraform: "aws_eip_association for the aws_eip, or remove the aws_eip",
    },
    controls: &["Security Hub EC2.12"],
    references: &[ADDRESSES_GUIDE],
    judge: Judge::Region(associated),
};

fn associated(region: &Region, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    for address in region.addresses()? {
        findings.check(&address.text(), || {
            Ok(Verdict::when(address.associated, "is associated", "is associated with nothing"))
        });
    }
    Ok(())
}

/// The addresses for whoever knows who relies on them.
static STATIC_ADDRESSES: Evidence = Evidence {
    id: "static-addresses",
    title: "Elastic IP addresses",
    needs: &[FactKind::Addresses],
    gather: |account: &Account| {
        let mut seen = Vec::new();
        for region in &account.regions {
            seen.extend(region.addresses()?.iter().map(Address::text));
        }
        Ok(seen)
    },
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{judge, region, unreadable, with_regions};
    use crate::{Reading, Status};

    fn with(addresses: Reading<Vec<Address>>) -> Account {
        with_regions(vec![Region { addresses, ..region("eu-west-1") }])
    }

    fn address(text: &str, associated: bool) -> Address {
        Address { public_ip: text.parse().expect("an address"), associated }
    }

    #[test]
    fn an_address_that_nothing_uses_fails() {
        let account = with(Reading::Read(vec![address("203.0.113.1", true), address("203.0.113.2", false)]));
        let said = judge(&EIP_ASSOCIATED, &account);
        assert_eq!(said.lines, ["pass 203.0.113.1 eu-west-1", "fail 203.0.113.2 eu-west-1"]);
        assert_eq!((STATIC_ADDRESSES.gather)(&account), Ok(vec!["203.0.113.1".to_owned(), "203.0.113.2".to_owned()]));
    }

    #[test]
    fn none_are_not_applicable_and_unread_ones_unknown() {
        assert_eq!(judge(&EIP_ASSOCIATED, &with(Reading::Read(vec![]))).status, Status::NotApplicable);
        assert_eq!(judge(&EIP_ASSOCIATED, &with(unreadable())).status, Status::Unknown);
        assert!((STATIC_ADDRESSES.gather)(&with(unreadable())).is_err());
    }
}
