//! `security/record-audit-logs`: CloudTrail records every region, and its log files are whole, encrypted and private.

use std::collections::BTreeSet;

use crate::facts::{AdvancedEventSelector, EventSelector, EventSelectors, FieldSelector, Grant};
use crate::facts::{PublicAccessBlock, Trail, TrailBucket};
use crate::operation::operations::{DESCRIBE_TRAILS, GET_EVENT_SELECTORS};
use crate::{
    Absence, Account, Decides, FactKind, Findings, Item, Judge, Reference, Remedy, Rule, Severity, Unreadable, Verdict,
};

/// `security/record-audit-logs`
pub const ITEM: Item = Item {
    id: "security/record-audit-logs",
    title: "Record audit Logs",
    decides: Decides::Machine,
    what: "A CloudTrail trail that records who changed or read what in every region of the account, whose log files \
           are signed, encrypted with a key of your own and kept in a bucket that is not public.",
    why: "After an incident the trail is the only witness: without it nobody can tell which key was used, what was \
          changed and what was taken. A trail that is public or can be altered helps the intruder.",
    confirm: "In the CloudTrail console, Trails: one multi-region trail is logging, with read and write management \
              events, log file validation and SSE-KMS; its S3 bucket blocks all public access. An organization's trail \
              counts for its members.",
    references: &[TRAIL_BEST_PRACTICES, MANAGEMENT_EVENTS_GUIDE, VALIDATION_GUIDE],
    rules: &[
        &CLOUDTRAIL_MULTI_REGION_LOGGING,
        &CLOUDTRAIL_VALIDATION,
        &CLOUDTRAIL_ENCRYPTED,
        &CLOUDTRAIL_BUCKET_NOT_PUBLIC,
    ],
    evidence: &[],
    pending: &[],
};

const TRAIL_BEST_PRACTICES: Reference = Reference {
    title: "Security best practices in AWS CloudTrail",
    url: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html",
};

const MANAGEMENT_EVENTS_GUIDE: Reference = Reference {
    title: "Logging management events",
    url: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/logging-management-events-with-cloudtrail.html",
};

const FIELD_SELECTOR_REFERENCE: Reference = Reference {
    title: "AdvancedFieldSelector - AWS CloudTrail",
    url: "https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_AdvancedFieldSelector.html",
};

const VALIDATION_GUIDE: Reference = Reference {
    title: "Validating CloudTrail log file integrity",
    url: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html",
};

const ENCRYPTION_GUIDE: Reference = Reference {
    title: "Encrypting CloudTrail log files with AWS KMS keys (SSE-KMS)",
    url: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html",
};

const BUCKET_POLICY_GUIDE: Reference = Reference {
    title: "Amazon S3 bucket policy for CloudTrail",
    url: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html",
};

const PUBLIC_ACCESS_GUIDE: Reference = Reference {
    title: "Blocking public access to your Amazon S3 storage",
    url: "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html",
};

/// `cloudtrail-multi-region-logging`
pub static CLOUDTRAIL_MULTI_REGION_LOGGING: Rule = Rule {
    id: "cloudtrail-multi-region-logging",
    title: "A trail records management events of every region",
    severity: Severity::High,
    needs: &[FactKind::Trails, FactKind::TrailStatus, FactKind::TrailEventSelectors],
    absence: Absence::Fails("the account has no trail"),
    decided: "One trail is enough, the organization's included: multi-region, with global services, logging now, its \
              last delivery without an error, and its event selectors together recording read and write management \
              events. Leaving out the high-volume sources kms.amazonaws.com and rdsdata.amazonaws.com is accepted and \
              told; a selector narrowed in any other way does not count. While no trail qualifies, what could not be \
              read of a trail that still may, or of a region, makes the rule unknown.",
    remedy: Remedy {
        summary: "Create one multi-region trail that logs read and write management events.",
        console: "CloudTrail, Trails, Create trail (it records all regions), Management events: Read and Write; if a \
                  trail is there but off, open it and choose Start logging",
        cli: "aws cloudtrail create-trail --name NAME --s3-bucket-name BUCKET --is-multi-region-trail \
              --enable-log-file-validation && aws cloudtrail start-logging --name NAME; for selectors: aws cloudtrail \
              put-event-selectors --trail-name NAME --event-selectors \
              '[{\"ReadWriteType\": \"All\", \"IncludeManagementEvents\": true}]'",
        terraform: "aws_cloudtrail: is_multi_region_trail = true, include_global_service_events = true, enable_logging \
                    = true, event_selector with read_write_type = \"All\" and include_management_events = true",
    },
    controls: &["FSBP CloudTrail.1", "CIS 3.0 3.1"],
    references: &[MANAGEMENT_EVENTS_GUIDE, FIELD_SELECTOR_REFERENCE],
    judge: Judge::Account(multi_region_logging),
};

fn multi_region_logging(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let trails = account.trails()?;
    let mut shortcomings = Vec::new();
    let mut unread = Vec::new();
    for trail in trails.found.iter().filter(|trail| trail.multi_region) {
        match records_everything(trail) {
            Ok(Verdict::Pass(seen)) => {
                findings.check(trail, || Ok(Verdict::Pass(seen)));
                return Ok(());
            }
            Ok(Verdict::Fail(seen)) => shortcomings.push(format!("trail {:.40}: {seen}", trail.name)),
            Err(reason) => unread.push(reason),
        }
    }
    unread.extend(trails.unreadable.iter().cloned());
    if unread.is_empty() {
        let why = why_none(&shortcomings, trails.found.is_empty());
        findings.check(&account.id, || Ok(Verdict::fail(why)));
    }
    unread.into_iter().for_each(|reason| findings.unknown(&account.id, reason));
    Ok(())
}

fn why_none(shortcomings: &[String], no_trails: bool) -> String {
    match shortcomings {
        [] if no_trails => "the account has no trail".to_owned(),
        [] => "no trail records every region".to_owned(),
        [only] => only.clone(),
        [first, others @ ..] => format!("{first} (and {} more)", others.len()),
    }
}

/// Judges a multi-region trail. A shortcoming that is known decides, whatever else could not be read.
fn records_everything(trail: &Trail) -> Result<Verdict, Unreadable> {
    if trail.global_service_events == Some(false) {
        return Ok(Verdict::fail("leaves out global services such as IAM"));
    }
    match (delivers(trail), records_management_events(trail)) {
        (Ok(Verdict::Fail(seen)), _) | (_, Ok(Verdict::Fail(seen))) => Ok(Verdict::Fail(seen)),
        (Err(reason), _) => Err(reason),
        (Ok(Verdict::Pass(_)), events) => events,
    }
}

fn delivers(trail: &Trail) -> Result<Verdict, Unreadable> {
    let status = trail.status.get(FactKind::TrailStatus)?;
    let error = status.latest_delivery_error.as_deref().filter(|error| !error.is_empty());
    Ok(match error {
        _ if !status.is_logging => Verdict::fail("is not logging"),
        Some(error) => Verdict::fail(format!("cannot deliver its log files ({error:.20})")),
        None => Verdict::pass("is logging"),
    })
}

fn records_management_events(trail: &Trail) -> Result<Verdict, Unreadable> {
    let selectors = trail.event_selectors.get(FactKind::TrailEventSelectors)?;
    if selectors.basic.is_empty() && selectors.advanced.is_empty() {
        let message = "the answer lists no event selectors";
        return Err(Unreadable::malformed(GET_EVENT_SELECTORS, Some(&trail.home_region), message).about(&trail.arn));
    }
    let recorded = recorded(selectors);
    Ok(match (covers(&recorded, |events| events.read), covers(&recorded, |events| events.write)) {
        (Some(reads), Some(writes)) => Verdict::pass(everything_but(&reads.union(&writes).copied().collect())),
        (Some(_), None) => Verdict::fail("records read events only"),
        (None, Some(_)) => Verdict::fail("records write events only"),
        (None, None) => Verdict::fail("records management events in part or not at all"),
    })
}

fn everything_but(left_out: &BTreeSet<&str>) -> String {
    if left_out.is_empty() {
        return "is logging the management events of every region".to_owned();
    }
    let sources: Vec<&str> = left_out.iter().copied().collect();
    format!("is logging the management events of every region but for {}", sources.join(" and "))
}

/// The sources that AWS lets a trail leave out because they are many and tell little.
const HIGH_VOLUME_SOURCES: &[&str] = &["kms.amazonaws.com", "rdsdata.amazonaws.com"];

/// The management events that one selector records.
struct Events<'a> {
    read: bool,
    write: bool,
    /// The high-volume sources among them that it leaves out.
    left_out: BTreeSet<&'a str>,
}

/// What the selectors record that are not narrowed further than to read or write and by high-volume sources.
fn recorded(selectors: &EventSelectors) -> Vec<Events<'_>> {
    selectors.basic.iter().filter_map(basic).chain(selectors.advanced.iter().filter_map(advanced)).collect()
}

/// What is left out of the wanted events by all selectors together; none when no selector records them.
fn covers<'a>(recorded: &[Events<'a>], wanted: impl Fn(&Events<'a>) -> bool) -> Option<BTreeSet<&'a str>> {
    let covering = recorded.iter().filter(|events| wanted(events)).map(|events| events.left_out.clone());
    covering.reduce(|all, left_out| all.intersection(&left_out).copied().collect())
}

fn basic(selector: &EventSelector) -> Option<Events<'_>> {
    if !selector.include_management_events {
        return None;
    }
    let (read, write) = match selector.read_write_type.as_str() {
        "All" => (true, true),
        "ReadOnly" => (true, false),
        "WriteOnly" => (false, true),
        _ => return None,
    };
    Some(Events { read, write, left_out: high_volume(&selector.exclude_management_event_sources)? })
}

fn advanced(selector: &AdvancedEventSelector) -> Option<Events<'_>> {
    let mut events = Events { read: true, write: true, left_out: BTreeSet::new() };
    let mut management = false;
    for condition in &selector.fields {
        match condition.field.as_str() {
            "eventCategory" if only_equals(condition) && condition.equals == ["Management"] => management = true,
            "readOnly" if only_equals(condition) => {
                events.read &= condition.equals.iter().any(|value| value == "true");
                events.write &= condition.equals.iter().any(|value| value == "false");
            }
            "eventSource" if condition.equals.is_empty() && !condition.patterns => {
                events.left_out.extend(high_volume(&condition.not_equals)?);
            }
            _ => return None,
        }
    }
    management.then_some(events)
}

fn only_equals(condition: &FieldSelector) -> bool {
    condition.not_equals.is_empty() && !condition.patterns
}

/// The sources, if none of them matters.
fn high_volume(sources: &[String]) -> Option<BTreeSet<&str>> {
    sources.iter().map(|source| Some(source.as_str()).filter(|source| HIGH_VOLUME_SOURCES.contains(source))).collect()
}

/// `cloudtrail-validation`
pub static CLOUDTRAIL_VALIDATION: Rule = Rule {
    id: "cloudtrail-validation",
    title: "Trails sign their log files",
    severity: Severity::Medium,
    needs: &[FactKind::Trails],
    absence: Absence::NotApplicable,
    decided: "Each trail that the account shows has log file validation on, an organization's trail that another \
              account owns included. A trail whose answer does not tell is unknown, and so are regions whose trails \
              could not be listed.",
    remedy: Remedy {
        summary: "Turn log file validation on.",
        console: "CloudTrail, Trails, the trail, General details, Edit, Additional settings, Log file validation",
        cli: "aws cloudtrail update-trail --name TRAIL_ARN --enable-log-file-validation",
        terraform: "aws_cloudtrail: enable_log_file_validation = true",
    },
    controls: &["FSBP CloudTrail.4", "CIS 3.0 3.2"],
    references: &[VALIDATION_GUIDE],
    judge: Judge::Account(validation),
};

fn validation(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    each_trail(account, findings, |trail| match trail.log_file_validation {
        Some(on) => Ok(Verdict::when(on, "log files are signed", "log files are not signed")),
        None => {
            let message = "the answer lacks LogFileValidationEnabled";
            Err(Unreadable::malformed(DESCRIBE_TRAILS, Some(&trail.home_region), message).about(&trail.arn))
        }
    })
}

/// `cloudtrail-encrypted`
pub static CLOUDTRAIL_ENCRYPTED: Rule = Rule {
    id: "cloudtrail-encrypted",
    title: "Trails encrypt their log files with a KMS key",
    severity: Severity::Low,
    needs: &[FactKind::Trails],
    absence: Absence::NotApplicable,
    decided: "Each trail that the account shows names a KMS key, an organization's trail that another account owns \
              included. Without one S3 encrypts the files by itself, so that whoever may read the bucket may read \
              them. The bucket's default encryption does not replace the trail's key. Regions whose trails could not \
              be listed are unknown.",
    remedy: Remedy {
        summary: "Set a KMS key for the trail's log files.",
        console: "CloudTrail, Trails, the trail, General details, Edit, Log file SSE-KMS encryption, a customer \
                  managed key whose policy lets CloudTrail encrypt",
        cli: "aws cloudtrail update-trail --name TRAIL_ARN --kms-key-id KEY_ARN",
        terraform: "aws_cloudtrail: kms_key_id, with an aws_kms_key whose policy allows cloudtrail.amazonaws.com",
    },
    controls: &["FSBP CloudTrail.2", "CIS 3.0 3.5"],
    references: &[ENCRYPTION_GUIDE],
    judge: Judge::Account(encrypted),
};

fn encrypted(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    each_trail(account, findings, |trail| {
        let has_key = trail.kms_key_id.as_deref().is_some_and(|key| !key.is_empty());
        Ok(Verdict::when(has_key, "log files are encrypted with a KMS key", "no KMS key is set"))
    })
}

/// Judges each trail, and says where trails could not be listed.
fn each_trail(
    account: &Account,
    findings: &mut Findings<'_>,
    judge: impl Fn(&Trail) -> Result<Verdict, Unreadable>,
) -> Result<(), Unreadable> {
    let trails = account.trails()?;
    for trail in &trails.found {
        findings.check(trail, || judge(trail));
    }
    unlisted(findings, FactKind::Trails, &trails.unreadable);
    Ok(())
}

/// One unknown finding for each place that could not be listed.
fn unlisted(findings: &mut Findings<'_>, kind: FactKind, places: &[Unreadable]) {
    for reason in places {
        match &reason.region {
            Some(region) => findings.in_region(region.raw()),
            None => findings.global(),
        }
        findings.unknown(kind.noun(), reason.clone());
    }
    findings.global();
}

/// `cloudtrail-bucket-not-public`
pub static CLOUDTRAIL_BUCKET_NOT_PUBLIC: Rule = Rule {
    id: "cloudtrail-bucket-not-public",
    title: "Log buckets of trails are not public",
    severity: Severity::Critical,
    needs: &[FactKind::TrailBuckets, FactKind::AccountPublicAccessBlock],
    absence: Absence::NotApplicable,
    decided: "Public is a bucket that its access control list opens to everyone or to every AWS customer, unless \
              public ACLs are ignored, or that its policy opens to anyone by S3's meaning of public, unless public \
              buckets are restricted. Either switch counts on the bucket or on the account; the account's only for \
              buckets of this account, because a trail may write to another's. A pass needs both ways closed, by a \
              switch or by what the policy and list say; what could not be read and still may matter makes the bucket \
              unknown.",
    remedy: Remedy {
        summary: "Block all public access to the bucket.",
        console: "S3, the bucket, Permissions, Block public access (bucket settings), Edit, Block all public access; \
                  then remove the public statement or grant",
        cli: "aws s3api put-public-access-block --bucket BUCKET --public-access-block-configuration \
              BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true",
        terraform: "aws_s3_bucket_public_access_block: block_public_acls, ignore_public_acls, block_public_policy and \
                    restrict_public_buckets = true",
    },
    controls: &["Security Hub CloudTrail.6"],
    references: &[PUBLIC_ACCESS_GUIDE, BUCKET_POLICY_GUIDE],
    judge: Judge::Account(bucket_not_public),
};

fn bucket_not_public(account: &Account, findings: &mut Findings<'_>) -> Result<(), Unreadable> {
    let buckets = account.trail_buckets()?;
    for bucket in &buckets.found {
        // A trail may write to a bucket of another account, which this account's switches do not protect. Only
        // buckets of this account can be read: what was read of one proves whose it is.
        let ours = !bucket.public_access_block.is_unreadable()
            || !bucket.policy.is_unreadable()
            || !bucket.acl.is_unreadable();
        let block = if ours {
            account.account_public_access_block().map(|block| block.unwrap_or_default())
        } else {
            Ok(PublicAccessBlock::default())
        };
        findings.check(bucket, || privacy(bucket, &block));
    }
    unlisted(findings, FactKind::TrailBuckets, &buckets.unreadable);
    Ok(())
}

/// Fails as soon as one way into the bucket is proven open, passes when both are closed.
fn privacy(bucket: &TrailBucket, account: &Result<PublicAccessBlock, Unreadable>) -> Result<Verdict, Unreadable> {
    let own = bucket.public_access_block.get(FactKind::TrailBuckets).map(|block| block.unwrap_or_default());
    let blocks = [&own, account];
    let by_acl = opened(public_by_acl(bucket), switched_on(blocks, |block| block.ignore_public_acls));
    let by_policy = opened(public_by_policy(bucket), switched_on(blocks, |block| block.restrict_public_buckets));
    Ok(match (by_acl, by_policy) {
        (Ok(Some(seen)), _) | (_, Ok(Some(seen))) => Verdict::fail(seen),
        (Err(reason), _) | (_, Err(reason)) => return Err(reason),
        (Ok(None), Ok(None)) => Verdict::pass("neither its policy nor its access control list makes it public"),
    })
}

/// Whether a switch is on in one of the blocks; a switch that is on decides, whatever could not be read.
fn switched_on(
    blocks: [&Result<PublicAccessBlock, Unreadable>; 2],
    switch: impl Fn(&PublicAccessBlock) -> bool,
) -> Result<bool, Unreadable> {
    if blocks.iter().any(|block| block.as_ref().is_ok_and(&switch)) {
        return Ok(true);
    }
    blocks.into_iter().find_map(|block| block.as_ref().err()).map_or(Ok(false), |reason| Err(reason.clone()))
}

/// How the bucket is open in one way, with regard to the switch that closes it.
fn opened(
    way: Result<Option<String>, Unreadable>,
    closed: Result<bool, Unreadable>,
) -> Result<Option<String>, Unreadable> {
    if closed == Ok(true) {
        return Ok(None);
    }
    match way? {
        None => Ok(None),
        Some(seen) => closed.map(|_| Some(seen)),
    }
}

fn public_by_acl(bucket: &TrailBucket) -> Result<Option<String>, Unreadable> {
    let grants = bucket.acl.get(FactKind::TrailBuckets)?;
    let public = grants.iter().find_map(|grant| Some((grant, public_group(grant)?)));
    Ok(public.map(|(grant, group)| format!("its access control list grants {:.20} to {group}", grant.permission)))
}

/// Who the grantee is, if it is one of the groups that anyone can belong to.
fn public_group(grant: &Grant) -> Option<&'static str> {
    match grant.group_uri.as_deref()? {
        "http://acs.amazonaws.com/groups/global/AllUsers" => Some("everyone"),
        "http://acs.amazonaws.com/groups/global/AuthenticatedUsers" => Some("every AWS customer"),
        _ => None,
    }
}

fn public_by_policy(bucket: &TrailBucket) -> Result<Option<String>, Unreadable> {
    let policy = bucket.policy.get(FactKind::TrailBuckets)?;
    let statement = policy.as_ref().and_then(|policy| policy.public_statement());
    Ok(statement.map(|statement| match &statement.sid {
        Some(sid) => format!("statement {sid:.40} of its policy allows anyone"),
        None => "a statement of its policy allows anyone".to_owned(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Listing, TrailStatus};
    use crate::testing::{Said, account, denied, judge, listing, unreadable};
    use crate::{Policy, Reading, Status};

    /// A trail that is as every rule asks.
    fn trail(name: &str) -> Trail {
        Trail {
            name: name.to_owned(),
            arn: format!("arn:aws:cloudtrail:eu-west-1:123456789012:trail/{name}"),
            home_region: "eu-west-1".to_owned(),
            multi_region: true,
            organization: false,
            global_service_events: Some(true),
            log_file_validation: Some(true),
            kms_key_id: Some("arn:aws:kms:eu-west-1:123456789012:key/1".to_owned()),
            s3_bucket: Some("audit".to_owned()),
            status: Reading::Read(TrailStatus { is_logging: true, latest_delivery_error: None }),
            event_selectors: basic_selectors(vec![selector("All")]),
        }
    }

    fn not_logging() -> Reading<TrailStatus> {
        Reading::Read(TrailStatus { is_logging: false, latest_delivery_error: None })
    }

    fn with_error(error: &str) -> Reading<TrailStatus> {
        Reading::Read(TrailStatus { is_logging: true, latest_delivery_error: Some(error.to_owned()) })
    }

    fn selector(read_write_type: &str) -> EventSelector {
        EventSelector {
            read_write_type: read_write_type.to_owned(),
            include_management_events: true,
            exclude_management_event_sources: vec![],
        }
    }

    fn without(sources: &[&str]) -> EventSelector {
        EventSelector { exclude_management_event_sources: texts(sources), ..selector("All") }
    }

    fn texts(values: &[&str]) -> Vec<String> {
        values.iter().map(|value| (*value).to_owned()).collect()
    }

    fn basic_selectors(basic: Vec<EventSelector>) -> Reading<EventSelectors> {
        Reading::Read(EventSelectors { basic, advanced: vec![] })
    }

    fn equals(field: &str, values: &[&str]) -> FieldSelector {
        FieldSelector { field: field.to_owned(), equals: texts(values), ..FieldSelector::default() }
    }

    fn not_equals(field: &str, values: &[&str]) -> FieldSelector {
        FieldSelector { field: field.to_owned(), not_equals: texts(values), ..FieldSelector::default() }
    }

    /// Advanced selectors of management events, each with these further conditions.
    fn advanced_selectors(further: Vec<Vec<FieldSelector>>) -> Reading<EventSelectors> {
        let management = |further: Vec<FieldSelector>| {
            let fields = [vec![equals("eventCategory", &["Management"])], further].concat();
            AdvancedEventSelector { fields }
        };
        Reading::Read(EventSelectors { basic: vec![], advanced: further.into_iter().map(management).collect() })
    }

    fn with_trails(trails: Vec<Trail>) -> Account {
        Account { trails: listing(trails), ..account() }
    }

    fn with_unlisted_region(found: Vec<Trail>) -> Account {
        Account { trails: Reading::Read(Listing { found, unreadable: vec![denied()] }), ..account() }
    }

    fn logging(trails: Vec<Trail>) -> Said {
        judge(&CLOUDTRAIL_MULTI_REGION_LOGGING, &with_trails(trails))
    }

    fn logging_with(event_selectors: Reading<EventSelectors>) -> Said {
        logging(vec![Trail { event_selectors, ..trail("main") }])
    }

    #[test]
    fn a_multi_region_trail_that_logs_reads_and_writes_passes() {
        let said = logging(vec![trail("main")]);
        assert_eq!(said.lines, ["pass main eu-west-1"]);
        assert_eq!(said.details, ["is logging the management events of every region"]);
        assert_eq!(said.status, Status::Pass);
    }

    #[test]
    fn one_good_trail_is_enough_beside_bad_and_unreadable_ones() {
        let unread = Trail { status: unreadable(), ..trail("unread") };
        let off = Trail { status: not_logging(), ..trail("off") };
        let account = with_unlisted_region(vec![off, unread, trail("main"), trail("second")]);
        let said = judge(&CLOUDTRAIL_MULTI_REGION_LOGGING, &account);
        assert_eq!(said.lines, ["pass main eu-west-1"]);
    }

    #[test]
    fn a_trail_of_the_organization_counts() {
        let arn = "arn:aws:cloudtrail:eu-west-1:999999999999:trail/org".to_owned();
        assert_eq!(logging(vec![Trail { arn, organization: true, ..trail("org") }]).status, Status::Pass);
    }

    #[test]
    fn an_account_without_trails_fails() {
        let said = logging(vec![]);
        assert_eq!(said.lines, ["fail 123456789012 global"]);
        assert_eq!(said.details, ["the account has no trail"]);
    }

    #[test]
    fn a_trail_of_one_region_does_not_count_and_needs_no_other_reading() {
        let one = Trail { multi_region: false, status: unreadable(), event_selectors: unreadable(), ..trail("main") };
        let said = logging(vec![one]);
        assert_eq!(said.lines, ["fail 123456789012 global"]);
        assert_eq!(said.details, ["no trail records every region"]);
    }

    #[test]
    fn a_trail_without_global_services_does_not_count() {
        let without = |flag| logging(vec![Trail { global_service_events: flag, ..trail("main") }]);
        assert_eq!(without(Some(false)).details, ["trail main: leaves out global services such as IAM"]);
        assert_eq!(without(None).status, Status::Pass);
    }

    #[test]
    fn a_trail_that_is_not_logging_does_not_count() {
        let said = logging(vec![Trail { status: not_logging(), event_selectors: unreadable(), ..trail("main") }]);
        assert_eq!(said.details, ["trail main: is not logging"]);
        assert_eq!(said.status, Status::Fail);
    }

    #[test]
    fn a_trail_that_cannot_deliver_does_not_count() {
        let said = logging(vec![Trail { status: with_error("AccessDenied"), ..trail("main") }]);
        assert_eq!(said.details, ["trail main: cannot deliver its log files (AccessDenied)"]);
        assert_eq!(logging(vec![Trail { status: with_error(""), ..trail("main") }]).status, Status::Pass);
    }

    #[test]
    fn long_names_and_many_trails_make_one_short_line() {
        let long = Trail { status: with_error(&"NoSuchBucket".repeat(9)), ..trail(&"t".repeat(128)) };
        let said = logging(vec![long.clone(), long.clone(), long]);
        assert!(said.details[0].ends_with("(and 2 more)"), "{}", said.details[0]);
    }

    #[test]
    fn an_unreadable_status_or_selector_of_a_trail_that_may_qualify_is_unknown() {
        for trail in [
            Trail { status: unreadable(), ..trail("main") },
            Trail { event_selectors: unreadable(), ..trail("main") },
            Trail { status: Reading::NotRead, ..trail("main") },
        ] {
            let said = logging(vec![Trail { status: not_logging(), ..trail.clone() }, trail]);
            assert_eq!(said.lines, ["unknown 123456789012 global"]);
        }
    }

    #[test]
    fn selectors_that_are_known_to_be_short_decide_over_an_unreadable_status() {
        let event_selectors = basic_selectors(vec![selector("WriteOnly")]);
        let said = logging(vec![Trail { status: unreadable(), event_selectors, ..trail("main") }]);
        assert_eq!(said.details, ["trail main: records write events only"]);
    }

    #[test]
    fn an_unlisted_region_may_hold_the_trail() {
        let off = Trail { status: not_logging(), ..trail("main") };
        for found in [vec![], vec![off]] {
            let said = judge(&CLOUDTRAIL_MULTI_REGION_LOGGING, &with_unlisted_region(found));
            assert_eq!(said.lines, ["unknown 123456789012 global"]);
        }
    }

    #[test]
    fn unreadable_trails_are_unknown_for_every_rule_of_trails() {
        for rule in [&CLOUDTRAIL_MULTI_REGION_LOGGING, &CLOUDTRAIL_VALIDATION, &CLOUDTRAIL_ENCRYPTED] {
            let said = judge(rule, &Account { trails: unreadable(), ..account() });
            assert_eq!(said.lines, ["unknown trails global"]);
        }
    }

    #[test]
    fn basic_selectors_count_together() {
        let both = basic_selectors(vec![selector("ReadOnly"), selector("WriteOnly")]);
        assert_eq!(logging_with(both).status, Status::Pass);
        let reads = logging_with(basic_selectors(vec![selector("ReadOnly")]));
        assert_eq!(reads.details, ["trail main: records read events only"]);
        assert_eq!(reads.lines, ["fail 123456789012 global"]);
    }

    #[test]
    fn a_basic_selector_of_data_events_alone_does_not_count() {
        let data = EventSelector { include_management_events: false, ..selector("All") };
        let said = logging_with(basic_selectors(vec![data]));
        assert_eq!(said.details, ["trail main: records management events in part or not at all"]);
    }

    #[test]
    fn leaving_out_high_volume_sources_passes_and_is_told() {
        let said = logging_with(basic_selectors(vec![without(&["kms.amazonaws.com", "rdsdata.amazonaws.com"])]));
        assert_eq!(said.status, Status::Pass);
        let told =
            "is logging the management events of every region but for kms.amazonaws.com and rdsdata.amazonaws.com";
        assert_eq!(said.details, [told]);
    }

    #[test]
    fn a_source_that_another_selector_records_is_not_left_out() {
        let said = logging_with(basic_selectors(vec![without(&["kms.amazonaws.com"]), selector("All")]));
        assert_eq!(said.details, ["is logging the management events of every region"]);
        let reads_only = basic_selectors(vec![without(&["kms.amazonaws.com"]), selector("ReadOnly")]);
        assert_eq!(
            logging_with(reads_only).details,
            ["is logging the management events of every region but for kms.amazonaws.com"]
        );
    }

    #[test]
    fn leaving_out_any_other_source_does_not_count() {
        let said = logging_with(basic_selectors(vec![without(&["kms.amazonaws.com", "iam.amazonaws.com"])]));
        assert_eq!(said.status, Status::Fail);
    }

    #[test]
    fn an_advanced_selector_of_management_events_records_both() {
        assert_eq!(logging_with(advanced_selectors(vec![vec![]])).status, Status::Pass);
    }

    #[test]
    fn advanced_selectors_of_reads_and_writes_count_together() {
        let (reads, writes) = (vec![equals("readOnly", &["true"])], vec![equals("readOnly", &["false"])]);
        assert_eq!(logging_with(advanced_selectors(vec![reads.clone(), writes.clone()])).status, Status::Pass);
        assert_eq!(logging_with(advanced_selectors(vec![reads])).details, ["trail main: records read events only"]);
        assert_eq!(logging_with(advanced_selectors(vec![writes])).details, ["trail main: records write events only"]);
    }

    #[test]
    fn an_advanced_selector_may_leave_out_high_volume_sources() {
        let said = logging_with(advanced_selectors(vec![vec![not_equals("eventSource", &["kms.amazonaws.com"])]]));
        assert_eq!(said.details, ["is logging the management events of every region but for kms.amazonaws.com"]);
    }

    #[test]
    fn any_other_condition_narrows_an_advanced_selector() {
        let prefix = FieldSelector { patterns: true, ..equals("eventSource", &[]) };
        for condition in [
            not_equals("eventSource", &["sts.amazonaws.com"]),
            equals("eventSource", &["iam.amazonaws.com"]),
            prefix,
            equals("eventName", &["CreateUser"]),
            not_equals("eventName", &["AssumeRole"]),
            not_equals("eventType", &["AwsServiceEvent"]),
            not_equals("userIdentity.arn", &["arn:aws:iam::123456789012:role/ci"]),
            not_equals("readOnly", &["true"]),
            not_equals("sessionCredentialFromConsole", &["true"]),
        ] {
            let said = logging_with(advanced_selectors(vec![vec![condition.clone()]]));
            assert_eq!(said.status, Status::Fail, "{condition:?}");
        }
    }

    #[test]
    fn an_advanced_selector_of_another_category_does_not_count() {
        let data = AdvancedEventSelector { fields: vec![equals("eventCategory", &["Data"])] };
        let none = AdvancedEventSelector { fields: vec![] };
        for selector in [data, none] {
            let selectors = EventSelectors { basic: vec![], advanced: vec![selector] };
            assert_eq!(logging_with(Reading::Read(selectors)).status, Status::Fail);
        }
    }

    #[test]
    fn an_answer_without_any_selector_is_unknown() {
        let said = logging_with(Reading::Read(EventSelectors::default()));
        assert_eq!(said.lines, ["unknown 123456789012 global"]);
        assert!(said.details[0].contains("the answer lists no event selectors"), "{}", said.details[0]);
    }

    #[test]
    fn each_trail_is_judged_for_validation() {
        let unsigned = Trail { log_file_validation: Some(false), ..trail("unsigned") };
        let untold = Trail { log_file_validation: None, ..trail("untold") };
        let said = judge(&CLOUDTRAIL_VALIDATION, &with_trails(vec![trail("main"), unsigned, untold]));
        assert_eq!(said.lines, ["pass main eu-west-1", "fail unsigned eu-west-1", "unknown untold eu-west-1"]);
        assert_eq!(said.status, Status::Fail);
    }

    #[test]
    fn each_trail_is_judged_for_encryption() {
        let arn = "arn:aws:cloudtrail:us-east-1:999999999999:trail/org".to_owned();
        let org = Trail { arn, home_region: "us-east-1".to_owned(), kms_key_id: None, ..trail("org") };
        let said = judge(&CLOUDTRAIL_ENCRYPTED, &with_trails(vec![trail("main"), org]));
        assert_eq!(said.lines, ["pass main eu-west-1", "fail org us-east-1"]);
        let empty = Trail { kms_key_id: Some(String::new()), ..trail("main") };
        assert_eq!(judge(&CLOUDTRAIL_ENCRYPTED, &with_trails(vec![empty])).status, Status::Fail);
    }

    #[test]
    fn regions_whose_trails_were_not_listed_are_unknown() {
        for rule in [&CLOUDTRAIL_VALIDATION, &CLOUDTRAIL_ENCRYPTED] {
            let said = judge(
                rule,
                &with_unlisted_region(vec![Trail { home_region: "us-east-1".to_owned(), ..trail("main") }]),
            );
            assert_eq!(said.lines, ["pass main us-east-1", "unknown trails eu-west-1"]);
            assert_eq!(said.status, Status::Unknown);
        }
    }

    #[test]
    fn without_trails_there_is_nothing_to_validate_or_encrypt() {
        for rule in [&CLOUDTRAIL_VALIDATION, &CLOUDTRAIL_ENCRYPTED] {
            assert_eq!(judge(rule, &with_trails(vec![])).status, Status::NotApplicable);
        }
    }

    const EVERYONE: &str = "http://acs.amazonaws.com/groups/global/AllUsers";
    const LOG_DELIVERY: &str = "http://acs.amazonaws.com/groups/s3/LogDelivery";

    const CLOSED: PublicAccessBlock = PublicAccessBlock {
        block_public_acls: true,
        ignore_public_acls: true,
        block_public_policy: true,
        restrict_public_buckets: true,
    };

    fn block(block: PublicAccessBlock) -> Reading<Option<PublicAccessBlock>> {
        Reading::Read(Some(block))
    }

    fn public_policy() -> Reading<Option<Policy>> {
        let text = r#"{"Statement": {"Sid": "Open", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}}"#;
        Reading::Read(Some(serde_json::from_str(text).expect("a policy")))
    }

    fn grants(group: &str) -> Reading<Vec<Grant>> {
        let owner = Grant { group_uri: None, permission: "FULL_CONTROL".to_owned() };
        Reading::Read(vec![owner, Grant { group_uri: Some(group.to_owned()), permission: "READ".to_owned() }])
    }

    /// A bucket without a policy, a public grant or a block.
    fn bucket() -> TrailBucket {
        TrailBucket {
            name: "audit".to_owned(),
            region: Some("eu-west-1".to_owned()),
            public_access_block: Reading::Read(None),
            policy: Reading::Read(None),
            acl: grants(LOG_DELIVERY),
        }
    }

    fn with_bucket(bucket: TrailBucket, account_block: Reading<Option<PublicAccessBlock>>) -> Account {
        Account { trail_buckets: listing(vec![bucket]), account_public_access_block: account_block, ..account() }
    }

    fn privacy_of(bucket: TrailBucket, account_block: Reading<Option<PublicAccessBlock>>) -> Said {
        judge(&CLOUDTRAIL_BUCKET_NOT_PUBLIC, &with_bucket(bucket, account_block))
    }

    #[test]
    fn a_bucket_that_nothing_makes_public_passes_without_any_block() {
        let said = privacy_of(bucket(), Reading::Read(None));
        assert_eq!(said.lines, ["pass audit eu-west-1"]);
        assert_eq!(said.status, Status::Pass);
        let unblocked = TrailBucket { public_access_block: unreadable(), ..bucket() };
        assert_eq!(privacy_of(unblocked, unreadable()).status, Status::Pass);
    }

    #[test]
    fn a_public_grant_fails() {
        for (group, whom) in [("AllUsers", "everyone"), ("AuthenticatedUsers", "every AWS customer")] {
            let acl = grants(&format!("http://acs.amazonaws.com/groups/global/{group}"));
            let said = privacy_of(TrailBucket { acl, ..bucket() }, Reading::Read(None));
            assert_eq!(said.lines, ["fail audit eu-west-1"]);
            assert_eq!(said.details, [format!("its access control list grants READ to {whom}")]);
        }
    }

    #[test]
    fn a_public_policy_fails() {
        let said = privacy_of(TrailBucket { policy: public_policy(), ..bucket() }, Reading::Read(None));
        assert_eq!(said.lines, ["fail audit eu-west-1"]);
        assert_eq!(said.details, ["statement Open of its policy allows anyone"]);
    }

    #[test]
    fn only_the_switch_for_the_open_way_closes_it() {
        let acls = PublicAccessBlock { ignore_public_acls: true, ..PublicAccessBlock::default() };
        let policies = PublicAccessBlock { restrict_public_buckets: true, ..PublicAccessBlock::default() };
        let new_ones = PublicAccessBlock { block_public_acls: true, block_public_policy: true, ..acls };
        let by_acl = || TrailBucket { acl: grants(EVERYONE), ..bucket() };
        let by_policy = || TrailBucket { policy: public_policy(), ..bucket() };
        assert_eq!(privacy_of(by_acl(), block(acls)).status, Status::Pass);
        assert_eq!(privacy_of(by_acl(), block(policies)).status, Status::Fail);
        assert_eq!(privacy_of(by_policy(), block(policies)).status, Status::Pass);
        assert_eq!(privacy_of(by_policy(), block(new_ones)).status, Status::Fail);
    }

    #[test]
    fn the_switches_of_bucket_and_account_add_up() {
        let acls = PublicAccessBlock { ignore_public_acls: true, ..PublicAccessBlock::default() };
        let policies = PublicAccessBlock { restrict_public_buckets: true, ..PublicAccessBlock::default() };
        let own = TrailBucket {
            public_access_block: block(acls),
            policy: public_policy(),
            acl: grants(EVERYONE),
            ..bucket()
        };
        assert_eq!(privacy_of(own.clone(), block(policies)).status, Status::Pass);
        assert_eq!(privacy_of(own, Reading::Read(None)).status, Status::Fail);
    }

    #[test]
    fn closed_switches_pass_even_where_nothing_else_can_be_read() {
        let unread = TrailBucket { policy: unreadable(), acl: unreadable(), ..bucket() };
        let own = TrailBucket { public_access_block: block(CLOSED), ..unread.clone() };
        assert_eq!(privacy_of(own, unreadable()).status, Status::Pass);
        let by_account = TrailBucket { acl: bucket().acl, public_access_block: unreadable(), ..unread };
        assert_eq!(privacy_of(by_account, block(CLOSED)).status, Status::Pass);
    }

    #[test]
    fn an_unreadable_policy_or_list_is_unknown_without_the_switches() {
        for unread in [TrailBucket { policy: unreadable(), ..bucket() }, TrailBucket { acl: unreadable(), ..bucket() }]
        {
            assert_eq!(privacy_of(unread, Reading::Read(None)).lines, ["unknown audit eu-west-1"]);
        }
    }

    #[test]
    fn a_proven_way_in_fails_whatever_the_other_is() {
        let unread = TrailBucket { policy: unreadable(), acl: grants(EVERYONE), ..bucket() };
        assert_eq!(privacy_of(unread, Reading::Read(None)).status, Status::Fail);
        let unread = TrailBucket { policy: public_policy(), acl: unreadable(), ..bucket() };
        assert_eq!(privacy_of(unread, Reading::Read(None)).status, Status::Fail);
    }

    #[test]
    fn a_public_policy_that_an_unreadable_block_may_override_is_unknown() {
        let public = || TrailBucket { policy: public_policy(), ..bucket() };
        assert_eq!(privacy_of(public(), unreadable()).lines, ["unknown audit eu-west-1"]);
        let own_unread = TrailBucket { public_access_block: unreadable(), ..public() };
        assert_eq!(privacy_of(own_unread, Reading::Read(None)).lines, ["unknown audit eu-west-1"]);
        let own_closed = TrailBucket { public_access_block: block(CLOSED), ..public() };
        assert_eq!(privacy_of(own_closed, unreadable()).status, Status::Pass);
    }

    #[test]
    fn the_accounts_switches_do_not_protect_a_bucket_that_may_be_another_accounts() {
        let unread =
            TrailBucket { public_access_block: unreadable(), policy: unreadable(), acl: unreadable(), ..bucket() };
        assert_eq!(privacy_of(unread, block(CLOSED)).lines, ["unknown audit eu-west-1"]);
    }

    #[test]
    fn without_log_buckets_there_is_nothing_to_judge() {
        let account = Account { trail_buckets: listing(vec![]), ..account() };
        assert_eq!(judge(&CLOUDTRAIL_BUCKET_NOT_PUBLIC, &account).status, Status::NotApplicable);
    }

    #[test]
    fn unlisted_log_buckets_are_unknown() {
        let found = Listing { found: vec![bucket()], unreadable: vec![denied()] };
        let account = Account { trail_buckets: Reading::Read(found), ..with_bucket(bucket(), Reading::Read(None)) };
        let said = judge(&CLOUDTRAIL_BUCKET_NOT_PUBLIC, &account);
        assert_eq!(said.lines, ["pass audit eu-west-1", "unknown log buckets of trails eu-west-1"]);
        let said = judge(&CLOUDTRAIL_BUCKET_NOT_PUBLIC, &Account { trail_buckets: unreadable(), ..account });
        assert_eq!(said.lines, ["unknown log buckets of trails global"]);
    }
}
