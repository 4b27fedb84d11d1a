//! The section Security: encryption, access, secrets, people and the record of what they did.

mod configure_encryption_at_rest;
mod configure_encryption_in_transit;
mod create_a_password_policy_and_enforce_mfa;
mod deploy_a_bastion_host;
mod deploy_a_vpn_server;
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
    &GO_THROUGH_THE_OWASP_TOP_10,
    &GO_THROUGH_A_SECURITY_AUDIT,
    &SIGN_UP_FOR_SECURITY_ADVISORIES,
    &CREATE_IAM_USERS,
    &CREATE_IAM_GROUPS,
    &CREATE_IAM_ROLES,
    &CREATE_CROSS_ACCOUNT_IAM_ROLES,
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

const GO_THROUGH_THE_OWASP_TOP_10: Item = Item {
    id: "security/go-through-the-owasp-top-10",
    title: "Go through the OWASP Top 10",
    decides: Decides::Partly,
    what: "The team has gone through the ten most common risks of web applications for this product, and \
           has an answer to each.",
    why: "These are the holes that attackers try first, and most of them lie in the application, where no AWS setting helps.",
    confirm: "Write down for each of the ten how the product meets it, with a link to code or test, and renew \
           it every year.",
    references: &[
        Reference { title: "OWASP Top Ten (OWASP)", url: "https://owasp.org/www-project-top-ten/" },
        Reference {
            title: "What are AWS WAF, AWS Shield Advanced, and AWS Firewall Manager?",
            url: "https://docs.aws.amazon.com/waf/latest/developerguide/what-is-aws-waf.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["public load balancers and distributions without a web ACL"],
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

const CREATE_IAM_USERS: Item = Item {
    id: "security/create-iam-users",
    title: "Create IAM Users",
    decides: Decides::Machine,
    what: "Each person has an identity of their own, best from IAM Identity Center; root has no access \
           keys and is not used; unused credentials are gone.",
    why: "What root or a shared user did cannot be traced to a person, and a forgotten key is a way in \
           that nobody watches.",
    confirm: "Read the credential report: root has no keys and an old last use, every user is a known person \
           or machine, and no key is older than 90 days.",
    references: &[
        Reference {
            title: "Security best practices in IAM",
            url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
        },
        Reference {
            title: "Generate credential reports for your AWS account",
            url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["access keys and use of root", "passwords and keys that nobody uses", "access keys older than 90 days"],
};

const CREATE_IAM_GROUPS: Item = Item {
    id: "security/create-iam-groups",
    title: "Create IAM Groups",
    decides: Decides::Machine,
    what: "Permissions are given to groups or permission sets, never to single users, and none of them \
           allows everything.",
    why: "Permissions that were given one by one only ever grow, and nobody dares to take one away.",
    confirm: "In IAM, Users: no user has policies attached directly. Of the customer managed policies none \
           allows every action on every resource.",
    references: &[
        Reference { title: "IAM user groups", url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_groups.html" },
        Reference {
            title: "Security best practices in IAM",
            url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["policies that are attached to users", "policies that allow everything", "groups without members"],
};

const CREATE_IAM_ROLES: Item = Item {
    id: "security/create-iam-roles",
    title: "Create IAM Roles",
    decides: Decides::Machine,
    what: "Instances, functions and tasks get their permissions from roles, and each role trusts only who \
           must use it.",
    why: "An access key on a server is stolen with it; a role that trusts anyone is public.",
    confirm: "List the instances without an instance profile and the principals that each role trusts. No \
           access key stands in code or on a server.",
    references: &[
        Reference { title: "IAM roles", url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html" },
        Reference {
            title: "IAM roles for Amazon EC2",
            url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["instances without a role", "roles that trust anyone"],
};

const CREATE_CROSS_ACCOUNT_IAM_ROLES: Item = Item {
    id: "security/create-cross-account-iam-roles",
    title: "Create cross-account IAM Roles",
    decides: Decides::Partly,
    what: "People have one identity and enter other accounts by assuming roles; third parties enter by a \
           role with an external id.",
    why: "Users in every account mean many passwords and keys for each person, and some are forgotten \
           when the person leaves.",
    confirm: "List the accounts that roles trust and name the owner of each. Third parties need an external \
           id that they chose and nobody else has.",
    references: &[
        Reference {
            title: "Access to AWS accounts owned by third parties",
            url: "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html",
        },
        Reference {
            title: "What is IAM Identity Center?",
            url: "https://docs.aws.amazon.com/singlesignon/latest/userguide/what-is.html",
        },
    ],
    rules: &[],
    evidence: &[],
    pending: &["roles that trust unknown accounts", "third parties without an external id"],
};
