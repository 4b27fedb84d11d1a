//! `security/sign-up-for-security-advisories`: somebody is told, and AWS knows whom to call.

use crate::{
    Absence, Account, Decides, FactKind, Findings, Item, Judge, Reference, Remedy, Rule, Severity, Unreadable, Verdict,
};

/// `security/sign-up-for-security-advisories`
pub const ITEM: Item = Item {
    id: "security/sign-up-for-security-advisories",
    title: "Sign up for security advisories",
    decides: Decides::Partly,
    what: "Somebody is told of new vulnerabilities in what the product uses, and AWS knows whom to call \
           about security.",
    why: "Between the day a vulnerability is published and the day it is exploited everywhere lie days, \
           not weeks.",
    confirm: "List the advisories that the team receives, by mail or from a dependency scanner, and who reads \
           them on a Sunday. In Account settings, the security contact is a group address.",
    references: &[
        Reference {
            title: "Update the alternate contacts for your AWS account",
            url: "https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-update-contact-alternate.html",
        },
        Reference { title: "AWS Security Bulletins", url: "https://aws.amazon.com/security/security-bulletins/" },
    ],
    rules: &[&SECURITY_CONTACT_SET],
    evidence: &[],
    pending: &[],
};

/// `security-contact-set`
pub static SECURITY_CONTACT_SET: Rule = Rule {
    id: "security-contact-set",
    title: "The account has a security contact",
    severity: Severity::Medium,
    needs: &[FactKind::SecurityContact],
    absence: Absence::Fails("nothing tells of a security contact"),
    decided: "The account has an alternate contact for security. Who that is, golive does not keep.",
    remedy: Remedy {
        summary: "Name a group address and a phone that is answered.",
        console: "Account menu, Account, Alternate contacts, Edit, Security",
        cli: "aws account put-alternate-contact --alternate-contact-type SECURITY --name NAME --title TITLE \
              --email-address security@example.com --phone-number PHONE",
        terraform: "aws_account_alternate_contact: alternate_contact_type = \"SECURITY\"",
    },
    controls: &["FSBP Account.1", "CIS 3.0 1.2"],
    references: &[Reference {
        title: "Update the alternate contacts for your AWS account",
        url: "https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-update-contact-alternate.html",
    }],
    judge: Judge::Account(contact),
};

fn contact(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    findings.check(&account.id, || {
        Ok(Verdict::when(*account.security_contact()?, "has a security contact", "has no security contact"))
    });
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Reading;
    use crate::testing::{account, judge, unreadable};

    #[test]
    fn there_is_a_contact_or_not_or_nobody_may_know() {
        let with = |contact| judge(&SECURITY_CONTACT_SET, &Account { security_contact: contact, ..account() }).lines;
        assert_eq!(with(Reading::Read(true)), ["pass 123456789012 global"]);
        assert_eq!(with(Reading::Read(false)), ["fail 123456789012 global"]);
        assert_eq!(with(unreadable()), ["unknown 123456789012 global"]);
    }
}
