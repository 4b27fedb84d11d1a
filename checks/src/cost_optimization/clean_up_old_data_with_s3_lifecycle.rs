//! `cost-optimization/clean-up-old-data-with-s3-lifecycle`: what buckets do with old objects and with the parts of
//! uploads that never ended.

use crate::facts::LifecycleRule;
use crate::{
    Absence, Account, Decides, FactKind, Findings, Item, Judge, Reference, Remedy, Rule, Severity, Unreadable, Verdict,
};

/// `cost-optimization/clean-up-old-data-with-s3-lifecycle`
pub const ITEM: Item = Item {
    id: "cost-optimization/clean-up-old-data-with-s3-lifecycle",
    title: "Clean up old data with S3 Lifecycle settings",
    decides: Decides::Machine,
    what: "Lifecycle rules on every bucket that delete what nobody needs any more, move what is rarely read to a \
           cheaper storage class, and remove the parts that broken uploads left behind.",
    why: "S3 keeps everything for ever at full price unless it is told otherwise. Old versions and unfinished uploads \
          do not even show in a listing, yet they are billed month after month.",
    confirm: "In the S3 console, open each bucket, Management, Lifecycle rules: an enabled rule expires or transitions \
              objects after an age that suits the data, and one deletes incomplete multipart uploads.",
    references: &[LIFECYCLE_GUIDE, LIFECYCLE_SETUP, MULTIPART_GUIDE],
    rules: &[&S3_LIFECYCLE, &S3_ABORTS_MULTIPART],
    evidence: &[],
    pending: &[],
};

const LIFECYCLE_GUIDE: Reference = Reference {
    title: "Managing the lifecycle of objects",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html",
};

const LIFECYCLE_SETUP: Reference = Reference {
    title: "Setting an S3 Lifecycle configuration on a bucket",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-set-lifecycle-configuration-intro.html",
};

const MULTIPART_GUIDE: Reference = Reference {
    title: "Configuring a bucket lifecycle configuration to delete incomplete multipart uploads",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpu-abort-incomplete-mpu-lifecycle-config.html",
};

/// `s3-lifecycle`
pub static S3_LIFECYCLE: Rule = Rule {
    id: "s3-lifecycle",
    title: "Buckets expire or move old objects by lifecycle rules",
    severity: Severity::Low,
    needs: &[FactKind::Buckets, FactKind::BucketLifecycle],
    absence: Absence::NotApplicable,
    decided: "Each general purpose bucket needs an enabled lifecycle rule that expires or transitions current or \
              noncurrent objects, of the whole bucket or of a part of it. Disabled rules, rules that only abort \
              uploads and rules that only remove expired delete markers do not count.",
    remedy: Remedy {
        summary: "Add an enabled lifecycle rule that expires or transitions old objects.",
        console: "S3, the bucket, Management, Lifecycle rules, Create lifecycle rule: expire or transition current and \
                  noncurrent versions after a number of days",
        cli: "aws s3api put-bucket-lifecycle-configuration --bucket BUCKET --lifecycle-configuration \
              '{\"Rules\": [{\"ID\": \"old-data\", \"Status\": \"Enabled\", \"Filter\": {}, \"Expiration\": \
              {\"Days\": DAYS}}]}'; it replaces the rules that exist, so include them",
        terraform: "aws_s3_bucket_lifecycle_configuration: a rule with status = \"Enabled\" and expiration, \
                    transition, noncurrent_version_expiration or noncurrent_version_transition",
    },
    controls: &["FSBP S3.13"],
    references: &[LIFECYCLE_GUIDE, LIFECYCLE_SETUP],
    judge: Judge::Account(s3_lifecycle),
};

fn s3_lifecycle(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let cleans_up = |rule: &LifecycleRule| rule.expires || rule.transitions;
    each_bucket(account, findings, |rules| {
        enabled_rule(rules, cleans_up, "an enabled rule expires or transitions", "no rule expires or transitions")
    })
}

/// `s3-aborts-multipart`
pub static S3_ABORTS_MULTIPART: Rule = Rule {
    id: "s3-aborts-multipart",
    title: "Buckets remove unfinished multipart uploads",
    severity: Severity::Low,
    needs: &[FactKind::Buckets, FactKind::BucketLifecycle],
    absence: Absence::NotApplicable,
    decided: "Each general purpose bucket needs an enabled lifecycle rule that aborts incomplete multipart uploads, of \
              the whole bucket or of a part of it. Buckets that nobody uploads large objects to now are judged too: \
              any SDK may split an upload by itself.",
    remedy: Remedy {
        summary: "Add an enabled lifecycle rule that aborts incomplete multipart uploads.",
        console: "S3, the bucket, Management, Lifecycle rules, Create lifecycle rule: Delete expired object delete \
                  markers or incomplete multipart uploads, Delete incomplete multipart uploads after 7 days",
        cli: "aws s3api put-bucket-lifecycle-configuration --bucket BUCKET --lifecycle-configuration \
              '{\"Rules\": [{\"ID\": \"unfinished-uploads\", \"Status\": \"Enabled\", \"Filter\": {}, \
              \"AbortIncompleteMultipartUpload\": {\"DaysAfterInitiation\": 7}}]}'; it replaces the rules that exist, \
              so include them",
        terraform: "aws_s3_bucket_lifecycle_configuration: a rule with status = \"Enabled\" and \
                    abort_incomplete_multipart_upload { days_after_initiation = 7 }",
    },
    controls: &[],
    references: &[MULTIPART_GUIDE],
    judge: Judge::Account(s3_aborts_multipart),
};

fn s3_aborts_multipart(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    each_bucket(account, findings, |rules| {
        enabled_rule(
            rules,
            |rule| rule.aborts_multipart,
            "an enabled rule aborts incomplete multipart uploads",
            "no rule aborts incomplete multipart uploads",
        )
    })
}

/// Judges the lifecycle rules of each bucket.
fn each_bucket(
    account: &Account,
    findings: &mut Findings<'_>,
    judge: impl Fn(&[LifecycleRule]) -> Verdict,
) -> Result<(), Unreadable> {
    for bucket in account.buckets()? {
        findings.check(bucket, || Ok(judge(bucket.lifecycle.get(FactKind::BucketLifecycle)?)));
    }
    Ok(())
}

/// Passes where an enabled rule is `wanted`.
fn enabled_rule(
    rules: &[LifecycleRule],
    wanted: impl Fn(&LifecycleRule) -> bool,
    found: &'static str,
    missing: &'static str,
) -> Verdict {
    let mut enabled = rules.iter().filter(|rule| rule.enabled).peekable();
    if rules.is_empty() {
        Verdict::fail("no lifecycle configuration")
    } else if enabled.peek().is_none() {
        Verdict::fail("only disabled rules")
    } else {
        Verdict::when(enabled.any(wanted), found, missing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Bucket, Versioning};
    use crate::testing::{account, judge, unreadable};
    use crate::{Reading, Status};

    fn rule() -> LifecycleRule {
        LifecycleRule { id: None, enabled: true, expires: false, transitions: false, aborts_multipart: false }
    }

    fn bucket(name: &str, lifecycle: Reading<Vec<LifecycleRule>>) -> Bucket {
        Bucket {
            policy: Reading::NotRead,
            name: name.to_owned(),
            region: Some("eu-west-1".to_owned()),
            encryption: Reading::NotRead,
            lifecycle,
            versioning: Reading::Read(Versioning::Never),
        }
    }

    fn with_rules(rules: Vec<LifecycleRule>) -> Account {
        with_buckets(vec![bucket("logs", Reading::Read(rules))])
    }

    fn with_buckets(buckets: Vec<Bucket>) -> Account {
        Account { buckets: Reading::Read(buckets), ..account() }
    }

    #[test]
    fn a_bucket_that_expires_or_transitions_passes() {
        for rules in [
            vec![LifecycleRule { expires: true, ..rule() }],
            vec![rule(), LifecycleRule { transitions: true, ..rule() }],
        ] {
            let said = judge(&S3_LIFECYCLE, &with_rules(rules));
            assert_eq!(said.lines, ["pass logs eu-west-1"]);
            assert_eq!(said.status, Status::Pass);
        }
    }

    #[test]
    fn a_bucket_without_a_configuration_fails_both_rules() {
        for rule in [&S3_LIFECYCLE, &S3_ABORTS_MULTIPART] {
            let said = judge(rule, &with_rules(vec![]));
            assert_eq!(said.lines, ["fail logs eu-west-1"]);
            assert_eq!(said.details, ["no lifecycle configuration"]);
        }
    }

    #[test]
    fn disabled_rules_do_not_count() {
        let disabled =
            LifecycleRule { enabled: false, expires: true, transitions: true, aborts_multipart: true, ..rule() };
        for rule in [&S3_LIFECYCLE, &S3_ABORTS_MULTIPART] {
            assert_eq!(judge(rule, &with_rules(vec![disabled.clone()])).details, ["only disabled rules"]);
        }
    }

    #[test]
    fn an_enabled_rule_does_not_lend_its_state_to_a_disabled_one() {
        let disabled = LifecycleRule { enabled: false, expires: true, ..rule() };
        let uploads = LifecycleRule { aborts_multipart: true, ..rule() };
        let said = judge(&S3_LIFECYCLE, &with_rules(vec![disabled, uploads]));
        assert_eq!(said.details, ["no rule expires or transitions"]);
        assert_eq!(said.status, Status::Fail);
    }

    #[test]
    fn a_bucket_that_aborts_unfinished_uploads_passes() {
        let said = judge(&S3_ABORTS_MULTIPART, &with_rules(vec![LifecycleRule { aborts_multipart: true, ..rule() }]));
        assert_eq!(said.lines, ["pass logs eu-west-1"]);
    }

    #[test]
    fn a_bucket_that_only_expires_does_not_abort_uploads() {
        let said = judge(&S3_ABORTS_MULTIPART, &with_rules(vec![LifecycleRule { expires: true, ..rule() }]));
        assert_eq!(said.details, ["no rule aborts incomplete multipart uploads"]);
        assert_eq!(said.status, Status::Fail);
    }

    #[test]
    fn an_account_without_buckets_has_nothing_to_judge() {
        for rule in [&S3_LIFECYCLE, &S3_ABORTS_MULTIPART] {
            assert_eq!(judge(rule, &with_buckets(vec![])).status, Status::NotApplicable);
        }
    }

    #[test]
    fn one_unreadable_bucket_is_unknown_and_the_others_are_judged() {
        let expiring = Reading::Read(vec![LifecycleRule { expires: true, ..rule() }]);
        let unplaced = Bucket { region: None, ..bucket("secret", unreadable()) };
        let said = judge(&S3_LIFECYCLE, &with_buckets(vec![unplaced, bucket("logs", expiring)]));
        assert_eq!(said.lines, ["unknown secret global", "pass logs eu-west-1"]);
        assert_eq!(said.status, Status::Unknown);
    }

    #[test]
    fn a_lifecycle_that_nobody_asked_for_is_unknown() {
        let said = judge(&S3_ABORTS_MULTIPART, &with_buckets(vec![bucket("logs", Reading::NotRead)]));
        assert_eq!(said.lines, ["unknown logs eu-west-1"]);
    }

    #[test]
    fn an_unreadable_list_of_buckets_is_unknown() {
        for rule in [&S3_LIFECYCLE, &S3_ABORTS_MULTIPART] {
            let said = judge(rule, &Account { buckets: unreadable(), ..account() });
            assert_eq!(said.lines, ["unknown S3 buckets global"]);
        }
    }
}
