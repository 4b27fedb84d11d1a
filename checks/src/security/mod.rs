//! The section Security: encryption, access, secrets, people and the record of what they did.

mod configure_encryption_at_rest;
mod configure_encryption_in_transit;
mod create_a_password_policy_and_enforce_mfa;
mod create_cross_account_iam_roles;
mod create_iam_groups;
mod create_iam_roles;
mod create_iam_users;
mod deploy_a_bastion_host;
mod deploy_a_vpn_server;
mod go_through_the_owasp_top_10;
mod record_audit_logs;
mod set_up_ssh_access;
mod use_server_hardening_practices;

use crate::{Decides, Item, Reference};

/// The items in checklist order.
pub const ITEMS: &[&Item] = &[
    &configure_encryption_in_transit::ITEM,
    &configure_encryption_at_rest::ITEM,
    &set_up_ssh_access::ITEM,
    &deploy_a_bastion_host::ITEM,
    &deploy_a_vpn_server::ITEM,
    &SET_UP_SECRETS_MANAGEMENT,
    &use_server_hardening_practices::ITEM,
    &go_through_the_owasp_top_10::ITEM,
    &GO_THROUGH_A_SECURITY_AUDIT,
    &SIGN_UP_FOR_SECURITY_ADVISORIES,
    &create_iam_users::ITEM,
    &create_iam_groups::ITEM,
    &create_iam_roles::ITEM,
    &create_cross_account_iam_roles::ITEM,
    &create_a_password_policy_and_enforce_mfa::ITEM,
    &record_audit_logs::ITEM,
];

const SET_UP_SECRETS_MANAGEMENT: Item = Item {
    id: "security/set-up-secrets-management",
    title: "Set up a secrets management solution",
    decides: Decides::Partly,
    what: "Secrets live in a store that encrypts them and logs their use, such as Secrets Manager or \
           Parameter Store; people use a password manager.",
    why: "A secret in an environment variable, a file or a repository is copied into logs, images and \
           laptops, and is never changed again.",
    confirm: "Search repositories and their history with a secret scanner, and follow how one service gets \
           its database password. Ask the team where they keep their own.",
    references: &[
        Reference {
            title: "What is AWS Secrets Manager?",
            url: "https://docs.aws.amazon.com/secretsmanager/latest/userguide/intro.html",
        },
        Reference {
            title: "AWS Systems Manager Parameter Store",
            url: "https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &[
        "plain secrets in Lambda and ECS environments",
        "parameters with secrets that are not SecureString",
        "secrets that are not rotated",
    ],
};

const GO_THROUGH_A_SECURITY_AUDIT: Item = Item {
    id: "security/go-through-a-security-audit",
    title: "Go through a security audit",
    decides: Decides::Partly,
    what: "Somebody outside the team has tested the product and its infrastructure, and what they found is \
           mended.",
    why: "A team does not see the holes that it dug itself.",
    confirm: "Note the auditor, the date, the scope and the report, and the ticket of each finding. Plan the \
           next one within twelve months.",
    references: &[
        Reference {
            title: "AWS penetration testing policy",
            url: "https://aws.amazon.com/security/penetration-testing/",
        },
        Reference {
            title: "Introduction to AWS Security Hub CSPM",
            url: "https://docs.aws.amazon.com/securityhub/latest/userguide/what-is-securityhub.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["Security Hub, AWS Config and IAM Access Analyzer"],
};

const SIGN_UP_FOR_SECURITY_ADVISORIES: Item = Item {
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
    rules: &[],
    evidence: &[],
    pending: &["the security contact of the account"],
};
