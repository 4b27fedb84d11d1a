//! That the support itself works: both mocks, the proxy's record, and each of its faults as the AWS SDK sees it.

use std::fs;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::Credentials;
use aws_sdk_s3control::config::endpoint::{EndpointFuture, Params, ResolveEndpoint};
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::endpoint::Endpoint;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

use crate::support::{ACCOUNT, CREDENTIALS, Fault, Match, MiniStack, Moto, Proxy, Response, Routes, Seen, python};

/// Where nobody listens: for requests that are answered before a server is asked.
const NOWHERE: &str = "http://127.0.0.1:1";

/// One operation of each service, as the proxy should name it.
const ONE_OF_EACH: [(&str, &str); 9] = [
    ("ec2", "DescribeVpcs"),
    ("iam", "GetAccountSummary"),
    ("rds", "DescribeDBInstances"),
    ("sns", "ListSubscriptionsByTopic"),
    ("cloudtrail", "DescribeTrails"),
    ("budgets", "DescribeBudgets"),
    ("cloudwatch", "DescribeAlarms"),
    ("s3", "GetBucketLifecycleConfiguration"),
    ("s3control", "GetPublicAccessBlock"),
];

/// How a call ended: the service's error code, or what else went wrong.
type Ending = Result<(), String>;

async fn config(endpoint: &str, retry: RetryConfig) -> SdkConfig {
    aws_config::defaults(BehaviorVersion::latest())
        .region(Region::new("eu-west-1"))
        .endpoint_url(endpoint)
        .credentials_provider(Credentials::new("testing", "testing", None, None, "tests"))
        .retry_config(retry)
        .timeout_config(TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(10)).build())
        .load()
        .await
}

fn ending<O, E: ProvideErrorMetadata, R>(result: Result<O, SdkError<E, R>>) -> Ending {
    match result {
        Ok(_) => Ok(()),
        Err(SdkError::ServiceError(error)) => Err(error.err().code().unwrap_or("no code").to_owned()),
        Err(SdkError::TimeoutError(_)) => Err("timeout".to_owned()),
        Err(SdkError::DispatchFailure(_)) => Err("dispatch failure".to_owned()),
        Err(SdkError::ResponseError(_)) => Err("response error".to_owned()),
        Err(_) => Err("other".to_owned()),
    }
}

/// S3 Control would put the account's id before the host's name.
#[derive(Debug)]
struct Here(String);

impl ResolveEndpoint for Here {
    fn resolve_endpoint<'a>(&'a self, _: &'a Params) -> EndpointFuture<'a> {
        EndpointFuture::ready(Ok(Endpoint::builder().url(self.0.clone()).build()))
    }
}

async fn call(config: &SdkConfig, service: &str) -> Ending {
    match service {
        "ec2" => ending(aws_sdk_ec2::Client::new(config).describe_vpcs().send().await),
        "iam" => ending(aws_sdk_iam::Client::new(config).get_account_summary().send().await),
        "rds" => ending(aws_sdk_rds::Client::new(config).describe_db_instances().send().await),
        "sns" => {
            let client = aws_sdk_sns::Client::new(config);
            ending(client.list_subscriptions_by_topic().topic_arn("arn:aws:sns:eu-west-1:1:alarms").send().await)
        }
        "sts" => ending(aws_sdk_sts::Client::new(config).get_caller_identity().send().await),
        "cloudtrail" => ending(aws_sdk_cloudtrail::Client::new(config).describe_trails().send().await),
        "budgets" => {
            let client = aws_sdk_budgets::Client::new(config);
            ending(client.describe_budgets().account_id(ACCOUNT).send().await)
        }
        "cloudwatch" => ending(aws_sdk_cloudwatch::Client::new(config).describe_alarms().send().await),
        "s3" => {
            let client = aws_sdk_s3::Client::new(config);
            ending(client.get_bucket_lifecycle_configuration().bucket("logs").send().await)
        }
        "s3control" => {
            let endpoint = config.endpoint_url().unwrap().to_owned();
            let here = aws_sdk_s3control::config::Builder::from(config).endpoint_resolver(Here(endpoint)).build();
            let client = aws_sdk_s3control::Client::from_conf(here);
            ending(client.get_public_access_block().account_id(ACCOUNT).send().await)
        }
        service => panic!("no call of {service} is written here"),
    }
}

fn statuses(seen: &[Seen]) -> Vec<Option<u16>> {
    seen.iter().map(|seen| seen.status).collect()
}

#[tokio::test]
async fn both_mocks_answer_through_one_proxy() {
    let (moto, ministack) = (Moto::start(), MiniStack::start());
    let routes = Routes::to(&moto.endpoint()).service("cloudwatch", &ministack.endpoint());
    let proxy = Proxy::start(routes.service("iam", &ministack.endpoint()));
    let config = config(&proxy.endpoint(), RetryConfig::disabled()).await;

    let caller = aws_sdk_sts::Client::new(&config).get_caller_identity().send().await.unwrap();
    assert_eq!(caller.account(), Some(ACCOUNT));
    // moto's account has no root row, and it has no CloudWatch in CBOR.
    let iam = aws_sdk_iam::Client::new(&config);
    iam.generate_credential_report().send().await.unwrap();
    let report = iam.get_credential_report().send().await.unwrap();
    let report = String::from_utf8(report.content().unwrap().as_ref().to_vec()).unwrap();
    assert!(report.contains(&format!("arn:aws:iam::{ACCOUNT}:root")), "{report}");
    assert_eq!(call(&config, "cloudwatch").await, Ok(()));
    assert_eq!(statuses(&proxy.seen()), [Some(200); 4]);
}

#[tokio::test]
async fn ministack_is_the_same_account_and_several_run_at_once() {
    for ministack in [MiniStack::start(), MiniStack::start()] {
        let config = config(&ministack.endpoint(), RetryConfig::disabled()).await;
        let caller = aws_sdk_sts::Client::new(&config).get_caller_identity().send().await.unwrap();
        assert_eq!(caller.account(), Some(ACCOUNT));
    }
}

#[tokio::test]
async fn a_script_seeds_a_mock() {
    let moto = Moto::start();
    let proxy = Proxy::start(Routes::to(&moto.endpoint()));
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("seed.py");
    let text = "import boto3, os\ns3 = boto3.client('s3')\ns3.create_bucket(Bucket=os.environ['BUCKET'])\n\
                s3.put_object(Bucket='logs', Key='a', Body=b'x' * 100_000)\n";
    fs::write(&script, text).unwrap();
    python(&script, &[("AWS_ENDPOINT_URL", &proxy.endpoint()), ("BUCKET", "logs")]);

    let config = config(&proxy.endpoint(), RetryConfig::disabled()).await;
    let client = aws_sdk_s3::Client::new(&config);
    let buckets = client.list_buckets().send().await.unwrap();
    assert_eq!(buckets.buckets()[0].name(), Some("logs"));
    let object = client.head_object().bucket("logs").key("a").send().await.unwrap();
    assert_eq!(object.content_length(), Some(100_000));
    let operations: Vec<_> = proxy.seen().into_iter().map(|seen| seen.operation).collect();
    assert_eq!(operations, ["unknown PUT /logs", "unknown PUT /logs/a", "ListBuckets", "unknown HEAD /logs/a"]);
}

#[test]
#[should_panic(expected = "ZeroDivisionError")]
fn a_script_that_fails_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let script = folder.path().join("seed.py");
    fs::write(&script, "1 / 0").unwrap();
    python(&script, &CREDENTIALS);
}

#[tokio::test]
async fn each_protocol_is_recorded_and_denied() {
    let proxy = Proxy::start(Routes::to(NOWHERE));
    proxy.on(Match::all(), Fault::Deny);
    let config = config(&proxy.endpoint(), RetryConfig::standard()).await;
    let mut codes = Vec::new();
    for (service, operation) in ONE_OF_EACH {
        codes.push(call(&config, service).await.unwrap_err());
        let seen = proxy.seen();
        assert_eq!((seen.len(), seen[0].status), (1, Some(403)), "a denial is not tried again: {seen:?}");
        assert_eq!((&*seen[0].service, &*seen[0].operation), (service, operation));
        assert_eq!(seen[0].region, "eu-west-1");
        proxy.clear();
    }
    let (query, json) = ("AccessDenied", "AccessDeniedException");
    let expected = ["UnauthorizedOperation", query, query, "AuthorizationError", json, json, json, query, query];
    assert_eq!(codes, expected);
}

#[tokio::test]
async fn a_denial_names_the_iam_action() {
    let proxy = Proxy::start(Routes::to(NOWHERE));
    proxy.on(Match::service("s3"), Fault::Deny);
    let client = aws_sdk_s3::Client::new(&config(&proxy.endpoint(), RetryConfig::standard()).await);
    let error = client.get_bucket_encryption().bucket("logs").send().await.unwrap_err().into_service_error();
    let message = error.message().unwrap();
    assert!(message.ends_with("is not authorized to perform: s3:GetEncryptionConfiguration"), "{message}");
}

#[tokio::test]
async fn each_protocol_is_throttled() {
    let proxy = Proxy::start(Routes::to(NOWHERE));
    proxy.on(Match::all(), Fault::Throttle { every: 1 });
    let config =
        config(&proxy.endpoint(), RetryConfig::standard().with_max_attempts(2).with_initial_backoff(Duration::ZERO))
            .await;
    let mut codes = Vec::new();
    for (service, _) in ONE_OF_EACH {
        codes.push(call(&config, service).await.unwrap_err());
        assert_eq!(proxy.seen().len(), 2, "{service} is tried again");
        assert_eq!(proxy.repeated(), [], "and it is right to try again");
        proxy.clear();
    }
    let (query, json) = ("Throttling", "ThrottlingException");
    let expected = ["RequestLimitExceeded", query, query, query, json, json, json, "SlowDown", "SlowDown"];
    assert_eq!(codes, expected);
}

#[tokio::test]
async fn every_second_request_is_throttled_and_the_next_try_succeeds() {
    let moto = Moto::start();
    let proxy = Proxy::start(Routes::to(&moto.endpoint()));
    proxy.on(Match::operation("sts", "GetCallerIdentity"), Fault::Throttle { every: 2 });
    let config = config(&proxy.endpoint(), RetryConfig::standard()).await;
    assert_eq!(call(&config, "sts").await, Ok(()));
    assert_eq!(call(&config, "sts").await, Ok(()));
    assert_eq!(statuses(&proxy.seen()), [Some(200), Some(400), Some(200)]);
    let repeated = proxy.repeated();
    assert_eq!((repeated.len(), &*repeated[0].operation), (1, "GetCallerIdentity"));
}

#[tokio::test]
async fn a_fault_is_for_one_region_and_one_resource() {
    let proxy = Proxy::start(Routes::to(NOWHERE));
    let answer = Response::new(404, "text/xml", "<Error><Code>NoSuchLifecycleConfiguration</Code></Error>");
    proxy.on(Match::all(), Fault::Answer(answer));
    proxy
        .on(Match::operation("s3", "GetBucketLifecycleConfiguration").region("eu-west-1").resource("log"), Fault::Deny);
    proxy.on(Match::service("s3").region("eu-west-2"), Fault::Throttle { every: 1 });
    proxy.on(Match::service("s3").resource("assets"), Fault::Throttle { every: 1 });
    let config = config(&proxy.endpoint(), RetryConfig::disabled()).await;
    assert_eq!(call(&config, "s3").await, Err("AccessDenied".to_owned()));
    let client = aws_sdk_s3::Client::new(&config);
    let other = ending(client.get_bucket_lifecycle_configuration().bucket("other").send().await);
    assert_eq!(other, Err("NoSuchLifecycleConfiguration".to_owned()));
    let parameters: Vec<_> = proxy.seen().into_iter().map(|seen| seen.parameters).collect();
    assert_eq!(parameters, ["/logs/?lifecycle", "/other/?lifecycle"]);
}

#[tokio::test]
async fn answers_are_late_missing_and_broken() {
    let moto = Moto::start();
    let proxy = Proxy::start(Routes::to(&moto.endpoint()));
    let config = config(&proxy.endpoint(), RetryConfig::disabled()).await;
    let quick = TimeoutConfig::builder().operation_attempt_timeout(Duration::from_secs(1)).build();
    let hasty = config.to_builder().timeout_config(quick).build();

    proxy.on(Match::all(), Fault::Delay(Duration::from_millis(300)));
    let started = Instant::now();
    assert_eq!(call(&config, "sts").await, Ok(()));
    assert!(started.elapsed() >= Duration::from_millis(300));

    proxy.on(Match::all(), Fault::Hang);
    assert_eq!(call(&hasty, "sts").await, Err("timeout".to_owned()));
    proxy.on(Match::all(), Fault::Reset);
    assert_eq!(call(&config, "sts").await, Err("dispatch failure".to_owned()));
    proxy.on(Match::all(), Fault::CutBody(20));
    assert_eq!(call(&config, "sts").await, Err("response error".to_owned()));
    proxy.heal();
    assert_eq!(call(&config, "sts").await, Ok(()));

    assert_eq!(statuses(&proxy.seen()), [Some(200), None, None, Some(200), Some(200)]);
    assert_eq!(proxy.repeated().len(), 1, "the late and the last one are the same request");
}

#[test]
fn a_mock_and_a_proxy_end_when_they_are_dropped() {
    let (moto, ministack) = (Moto::start(), MiniStack::start());
    let proxy = Proxy::start(Routes::to(&moto.endpoint()));
    let addresses = [moto.endpoint(), ministack.endpoint(), proxy.endpoint()];
    let listens = |endpoint: &String| TcpStream::connect(endpoint.trim_start_matches("http://")).is_ok();
    assert!(addresses.iter().all(listens));
    drop((moto, ministack, proxy));
    // The kernel closes a killed process's sockets a moment later.
    let started = Instant::now();
    while addresses.iter().any(listens) {
        assert!(started.elapsed() < Duration::from_secs(5), "one of {addresses:?} still listens");
    }
}
