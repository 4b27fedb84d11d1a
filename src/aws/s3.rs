//! S3: the account's buckets, each asked at its own region, and the account's public access block.

use aws_sdk_s3::Client;
use aws_sdk_s3::operation::get_bucket_versioning::{GetBucketVersioningError, GetBucketVersioningOutput};
use aws_sdk_s3::types::{BucketVersioningStatus, ExpirationStatus};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::endpoint::Endpoint;
use futures_util::stream::{self, StreamExt};
use golive_checks::facts::{
    Bucket, BucketEncryption, Grant, LifecycleRule, PublicAccessBlock, TrailBucket, Versioning,
};
use golive_checks::operations::{
    GET_ACCOUNT_PUBLIC_ACCESS_BLOCK, GET_BUCKET_ACL, GET_BUCKET_ENCRYPTION, GET_BUCKET_LIFECYCLE_CONFIGURATION,
    GET_BUCKET_LOCATION, GET_BUCKET_POLICY, GET_BUCKET_PUBLIC_ACCESS_BLOCK, GET_BUCKET_VERSIONING, LIST_BUCKETS,
};
use golive_checks::{FactKind, Operation, Policy, Reading, Unreadable};

use super::collect::Plan;
use super::wire::{Failure, Once, Wire};

/// The most that one page of ListBuckets may hold: nearly every account fits in one. Asking for a page also
/// makes AWS tell each bucket's region.
const PAGE: i32 = 10_000;
/// Buckets looked at side by side; the limit for each region applies within.
const SIDE_BY_SIDE: usize = 1000;

/// The switches of a public access block: S3 and S3 Control have a type each of the same fields.
macro_rules! switches {
    ($block:expr) => {
        PublicAccessBlock {
            block_public_acls: $block.block_public_acls.unwrap_or_default(),
            ignore_public_acls: $block.ignore_public_acls.unwrap_or_default(),
            block_public_policy: $block.block_public_policy.unwrap_or_default(),
            restrict_public_buckets: $block.restrict_public_buckets.unwrap_or_default(),
        }
    };
}

/// What several facts ask of buckets.
#[derive(Debug, Default)]
pub struct Buckets {
    regions: Once<String, Result<String, Unreadable>>,
    policies: Once<String, Result<Option<Policy>, Unreadable>>,
}

fn client(wire: &Wire, region: &str) -> Client {
    wire.client(region, |config| {
        // Like the AWS CLI, speaks to an endpoint that the user named by path: it has no host name for each bucket.
        let custom = config.endpoint_url().is_some() || std::env::var_os("AWS_ENDPOINT_URL_S3").is_some();
        Client::from_conf(aws_sdk_s3::config::Builder::from(config).force_path_style(custom).build())
    })
}

impl Buckets {
    /// The buckets of the audited regions, with the details that the plan needs.
    pub async fn list(&self, wire: &Wire, plan: &Plan) -> Result<Vec<Bucket>, Unreadable> {
        let client = client(wire, &wire.home_region);
        let send = |token| client.list_buckets().max_buckets(PAGE).set_continuation_token(token).send();
        let convert = |bucket: aws_sdk_s3::types::Bucket| Ok((bucket.name.ok_or("Name")?, bucket.bucket_region));
        let split =
            |page: aws_sdk_s3::operation::list_buckets::ListBucketsOutput| (page.buckets, page.continuation_token);
        let listed = wire.list(LIST_BUCKETS, None, send, split, convert).await?;
        let read = listed.into_iter().map(|(name, region)| self.bucket(wire, plan, name, region));
        let mut buckets: Vec<Bucket> =
            stream::iter(read).buffer_unordered(SIDE_BY_SIDE).filter_map(async |bucket| bucket).collect().await;
        buckets.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(buckets)
    }

    /// One bucket, or nothing when it is in a region that is not audited.
    async fn bucket(&self, wire: &Wire, plan: &Plan, name: String, region: Option<String>) -> Option<Bucket> {
        let region = match region.filter(|region| !region.is_empty()) {
            Some(region) => Ok(region),
            None => self.region(wire, &name).await,
        };
        if region.as_ref().is_ok_and(|region| plan.narrowed && !plan.regions.contains(region)) {
            return None;
        }
        let (encryption, lifecycle, policy, versioning) = match &region {
            Ok(region) => {
                let at = At { wire, client: client(wire, region), region, bucket: &name };
                tokio::join!(
                    wanted(plan, FactKind::BucketEncryption, at.encryption()),
                    wanted(plan, FactKind::BucketLifecycle, at.lifecycle()),
                    wanted(plan, FactKind::BucketPolicy, self.policies.get(&name, at.policy())),
                    wanted(plan, FactKind::BucketVersioning, at.versioning()),
                )
            }
            Err(reason) => (
                unreadable(plan, FactKind::BucketEncryption, reason),
                unreadable(plan, FactKind::BucketLifecycle, reason),
                unreadable(plan, FactKind::BucketPolicy, reason),
                unreadable(plan, FactKind::BucketVersioning, reason),
            ),
        };
        Some(Bucket { region: region.ok(), name, encryption, lifecycle, policy, versioning })
    }

    /// The region of a bucket.
    async fn region(&self, wire: &Wire, name: &String) -> Result<String, Unreadable> {
        let ask = async {
            let client = client(wire, &wire.home_region);
            let request = client.get_bucket_location().bucket(name).expected_bucket_owner(&wire.account_id);
            let answer = wire.call(GET_BUCKET_LOCATION, None, || request.clone().send()).await;
            let answer = answer.map_err(|failure| failure.unreadable.about(name))?;
            // None is how S3 says us-east-1, `EU` how it once said eu-west-1.
            Ok(match answer.location_constraint.as_ref().map(|constraint| constraint.as_str()) {
                None | Some("") => "us-east-1".to_owned(),
                Some("EU") => "eu-west-1".to_owned(),
                Some(region) => region.to_owned(),
            })
        };
        self.regions.get(name, ask).await
    }

    /// A trail's bucket and what decides whether it is public. A bucket of another account answers nothing:
    /// each request names the owner that it expects.
    pub async fn trail_bucket(&self, wire: &Wire, name: &String) -> TrailBucket {
        let region = self.region(wire, name).await;
        let (public_access_block, policy, acl) = match &region {
            Ok(region) => {
                let at = At { wire, client: client(wire, region), region, bucket: name };
                let policy = self.policies.get(name, at.policy());
                let (block, policy, acl) = tokio::join!(at.public_access_block(), policy, at.acl());
                (block.into(), policy.into(), acl.into())
            }
            Err(reason) => {
                let reason = || reason.clone();
                (Reading::Unreadable(reason()), Reading::Unreadable(reason()), Reading::Unreadable(reason()))
            }
        };
        TrailBucket { name: name.clone(), region: region.ok(), public_access_block, policy, acl }
    }
}

async fn wanted<T>(plan: &Plan, kind: FactKind, read: impl Future<Output = Result<T, Unreadable>>) -> Reading<T> {
    if plan.wants(kind) { read.await.into() } else { Reading::NotRead }
}

fn unreadable<T>(plan: &Plan, kind: FactKind, reason: &Unreadable) -> Reading<T> {
    if plan.wants(kind) { Reading::Unreadable(reason.clone()) } else { Reading::NotRead }
}

/// One bucket at its region.
struct At<'a> {
    wire: &'a Wire,
    client: Client,
    region: &'a str,
    bucket: &'a str,
}

impl At<'_> {
    fn failed(&self, failure: Failure) -> Unreadable {
        failure.unreadable.about(self.bucket)
    }

    fn lacks(&self, operation: Operation, what: &str) -> Unreadable {
        Unreadable::malformed(operation, Some(self.region), format!("the answer lacks {what}")).about(self.bucket)
    }

    async fn encryption(&self) -> Result<Option<BucketEncryption>, Unreadable> {
        let operation = GET_BUCKET_ENCRYPTION;
        let send = || self.client.get_bucket_encryption().bucket(self.bucket).send();
        let answer = match self.wire.call(operation, Some(self.region), send).await {
            Err(failure) if failure.is(&["ServerSideEncryptionConfigurationNotFoundError"]) => return Ok(None),
            answer => answer.map_err(|failure| self.failed(failure))?,
        };
        let configuration = answer.server_side_encryption_configuration;
        let configuration = configuration.ok_or_else(|| self.lacks(operation, "ServerSideEncryptionConfiguration"))?;
        let default = configuration.rules.into_iter().find_map(|rule| rule.apply_server_side_encryption_by_default);
        Ok(default.map(|default| BucketEncryption { algorithm: default.sse_algorithm.as_str().to_owned() }))
    }

    async fn lifecycle(&self) -> Result<Vec<LifecycleRule>, Unreadable> {
        let operation = GET_BUCKET_LIFECYCLE_CONFIGURATION;
        let send = || self.client.get_bucket_lifecycle_configuration().bucket(self.bucket).send();
        let answer = match self.wire.call(operation, Some(self.region), send).await {
            Err(failure) if failure.is(&["NoSuchLifecycleConfiguration"]) => return Ok(Vec::new()),
            answer => answer.map_err(|failure| self.failed(failure))?,
        };
        let rules = answer.rules.ok_or_else(|| self.lacks(operation, "Rule"))?;
        Ok(rules.into_iter().map(lifecycle_rule).collect())
    }

    async fn versioning(&self) -> Result<Versioning, Unreadable> {
        let operation = GET_BUCKET_VERSIONING;
        let send = || async {
            let answer = self.client.get_bucket_versioning().bucket(self.bucket).send().await;
            answer.or_else(|error| other_root(&error).ok_or(error))
        };
        let answer = self.wire.call(operation, Some(self.region), send).await.map_err(|f| self.failed(f))?;
        match answer.status {
            None => Ok(Versioning::Never),
            Some(BucketVersioningStatus::Enabled) => Ok(Versioning::Enabled),
            Some(BucketVersioningStatus::Suspended) => Ok(Versioning::Suspended),
            Some(_) => Err(self.lacks(operation, "a known Status")),
        }
    }

    async fn public_access_block(&self) -> Result<Option<PublicAccessBlock>, Unreadable> {
        let operation = GET_BUCKET_PUBLIC_ACCESS_BLOCK;
        let owner = &self.wire.account_id;
        let send = || self.client.get_public_access_block().bucket(self.bucket).expected_bucket_owner(owner).send();
        let answer = match self.wire.call(operation, Some(self.region), send).await {
            Err(failure) if failure.is(&["NoSuchPublicAccessBlockConfiguration"]) => return Ok(None),
            answer => answer.map_err(|failure| self.failed(failure))?,
        };
        let block = answer.public_access_block_configuration;
        let block = block.ok_or_else(|| self.lacks(operation, "PublicAccessBlockConfiguration"))?;
        Ok(Some(switches!(block)))
    }

    async fn policy(&self) -> Result<Option<Policy>, Unreadable> {
        let operation = GET_BUCKET_POLICY;
        let owner = &self.wire.account_id;
        let send = || self.client.get_bucket_policy().bucket(self.bucket).expected_bucket_owner(owner).send();
        let answer = match self.wire.call(operation, Some(self.region), send).await {
            Err(failure) if failure.is(&["NoSuchBucketPolicy"]) => return Ok(None),
            answer => answer.map_err(|failure| self.failed(failure))?,
        };
        let text = answer.policy.ok_or_else(|| self.lacks(operation, "the policy"))?;
        serde_json::from_str(&text).map(Some).map_err(|_| self.lacks(operation, "a policy that can be understood"))
    }

    async fn acl(&self) -> Result<Vec<Grant>, Unreadable> {
        let operation = GET_BUCKET_ACL;
        let owner = &self.wire.account_id;
        let send = || self.client.get_bucket_acl().bucket(self.bucket).expected_bucket_owner(owner).send();
        let answer = self.wire.call(operation, Some(self.region), send).await.map_err(|f| self.failed(f))?;
        let grants = answer.grants.ok_or_else(|| self.lacks(operation, "AccessControlList"))?;
        Ok(grants
            .into_iter()
            .map(|grant| Grant {
                group_uri: grant.grantee.and_then(|grantee| grantee.uri),
                permission: grant.permission.map(|permission| permission.as_str().to_owned()).unwrap_or_default(),
            })
            .collect())
    }
}

/// The same answer under the root element that some S3 servers give it, moto among them. The SDK takes only AWS's.
fn other_root(error: &SdkError<GetBucketVersioningError, HttpResponse>) -> Option<GetBucketVersioningOutput> {
    const ROOT: &str = "GetBucketVersioningResponse";
    let raw = error.raw_response().filter(|raw| raw.status().is_success())?;
    let text = std::str::from_utf8(raw.body().bytes()?).ok()?.trim();
    let (_, content) = text.split_once(&format!("<{ROOT}"))?;
    // Empty where versioning was never set; cut in the middle it ends in neither way.
    let content = content.strip_suffix("/>").or_else(|| content.strip_suffix(&format!("</{ROOT}>")))?;
    let status = content.split_once("<Status>").and_then(|(_, rest)| rest.split_once("</Status>"));
    Some(GetBucketVersioningOutput::builder().set_status(status.map(|(status, _)| status.into())).build())
}

fn lifecycle_rule(rule: aws_sdk_s3::types::LifecycleRule) -> LifecycleRule {
    let expires_current = rule.expiration.as_ref().is_some_and(|it| it.days.is_some() || it.date.is_some());
    LifecycleRule {
        enabled: rule.status == ExpirationStatus::Enabled,
        expires: expires_current || rule.noncurrent_version_expiration.is_some(),
        transitions: !rule.transitions().is_empty() || !rule.noncurrent_version_transitions().is_empty(),
        aborts_multipart: rule.abort_incomplete_multipart_upload.is_some(),
        id: rule.id,
    }
}

/// The account's public access block; none where it has none.
pub async fn account_public_access_block(wire: &Wire) -> Result<Option<PublicAccessBlock>, Unreadable> {
    let operation = GET_ACCOUNT_PUBLIC_ACCESS_BLOCK;
    let client = wire.client(&wire.home_region, |sdk| {
        let mut config = aws_sdk_s3control::config::Builder::from(sdk);
        // S3 Control puts the account id before the host name, which a user's endpoint seldom resolves.
        let custom = std::env::var("AWS_ENDPOINT_URL_S3_CONTROL").ok().filter(|url| !url.is_empty());
        if let Some(url) = custom.or_else(|| sdk.endpoint_url().map(str::to_owned)) {
            config = config.endpoint_resolver(FixedEndpoint(url));
        }
        aws_sdk_s3control::Client::from_conf(config.build())
    });
    let send = || client.get_public_access_block().account_id(&wire.account_id).send();
    let answer = match wire.call(operation, None, send).await {
        Err(failure) if failure.is(&["NoSuchPublicAccessBlockConfiguration"]) => return Ok(None),
        answer => answer?,
    };
    let lacks = || Unreadable::malformed(operation, None, "the answer lacks PublicAccessBlockConfiguration");
    let block = answer.public_access_block_configuration.ok_or_else(lacks)?;
    Ok(Some(switches!(block)))
}

/// Sends S3 Control requests to one address.
#[derive(Debug)]
struct FixedEndpoint(String);

impl aws_sdk_s3control::config::endpoint::ResolveEndpoint for FixedEndpoint {
    fn resolve_endpoint<'a>(
        &'a self,
        _params: &'a aws_sdk_s3control::config::endpoint::Params,
    ) -> aws_sdk_s3control::config::endpoint::EndpointFuture<'a> {
        aws_sdk_s3control::config::endpoint::EndpointFuture::ready(Ok(Endpoint::builder().url(self.0.clone()).build()))
    }
}
