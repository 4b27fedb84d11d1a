//! Who asks, and where: credentials, endpoint, identity and regions, resolved as the AWS CLI does it.

use std::sync::Arc;
use std::time::Duration;

use aws_config::default_provider::credentials::DefaultCredentialsChain;
use aws_config::environment::EnvironmentVariableRegionProvider;
use aws_config::meta::region::RegionProviderChain;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileFileRegionProvider};
use aws_config::provider_config::ProviderConfig;
use aws_config::retry::RetryConfig;
use aws_config::sts::AssumeRoleProvider;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_runtime::env_config::file::EnvConfigFiles;
use aws_smithy_http_client::proxy::ProxyConfig;
use aws_smithy_http_client::tls::Provider;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::{Builder, Connector};
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_types::os_shim_internal::{Env, Fs};
use golive_checks::{Cause, Unreadable, operations};

use super::limit::Pace;
use super::wire::{self, Wire};
use crate::suggest::suggestion;

/// Where global services are asked when nobody names a region.
const DEFAULT_REGION: &str = "us-east-1";

/// How long a connection may take. The same for all clients, so that they share their connections.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How to reach the account.
#[derive(Clone, Debug)]
pub struct Access {
    /// A profile of the shared configuration. As with the AWS CLI, one named here comes before credentials
    /// in the environment, and one named by `AWS_PROFILE` after them.
    pub profile: Option<String>,
    /// A role to assume.
    pub role_arn: Option<String>,
    /// The external id that the role's trust policy asks for.
    pub external_id: Option<String>,
    /// The regions to audit; all enabled ones when empty.
    pub regions: Vec<String>,
    /// How long reading may take in all.
    pub timeout: Duration,
    /// How fast each service may be asked in each region.
    pub pace: Pace,
}

/// A reachable account.
#[derive(Debug)]
pub struct Session {
    /// The way to it.
    pub wire: Arc<Wire>,
    /// The caller's ARN.
    pub caller: String,
    /// The regions to audit, sorted.
    pub regions: Vec<String>,
    /// Why there may be more regions.
    pub regions_unreadable: Option<Unreadable>,
}

/// Why an audit cannot begin. Every message says what to do.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// The profile is not in the shared configuration.
    #[error("the profile `{name}` is in neither ~/.aws/config nor ~/.aws/credentials{hint}")]
    UnknownProfile { name: String, hint: String },
    /// The shared configuration cannot be read.
    #[error("cannot read the AWS configuration files: {0}; mend the file, or point AWS_CONFIG_FILE to another")]
    Profiles(String),
    /// Nobody gave credentials.
    #[error(
        "no AWS credentials found in the environment, the AWS configuration or this machine's role; run `aws \
         configure` or `aws sso login`, or pass --profile; without an account, try `golive demo`"
    )]
    NoCredentials,
    /// The credentials cannot be obtained.
    #[error("cannot get AWS credentials: {0}; renew them (for SSO: `aws sso login`) and run again")]
    Credentials(String),
    /// The credentials ended.
    #[error("the AWS credentials have expired ({0}); renew them (for SSO: `aws sso login`) and run again")]
    Expired(String),
    /// AWS does not know the credentials.
    #[error("AWS refuses the credentials ({0}); check the access key, the session token and the profile")]
    Refused(String),
    /// STS cannot be reached.
    #[error("cannot reach AWS at {place} ({message}); check the network, proxy, AWS_ENDPOINT_URL and region{hint}")]
    Unreachable { place: String, message: String, hint: String },
    /// Something that is no AWS answered.
    #[error("{place} does not answer as AWS does ({message}); check AWS_ENDPOINT_URL and any proxy")]
    Foreign { place: String, message: String },
    /// The region does not exist.
    #[error("unknown region `{name}`{hint}")]
    UnknownRegion { name: String, hint: String },
    /// The region exists, and this account has not enabled it.
    #[error("the region `{0}` is not enabled for this account; enable it in the account settings or leave it out")]
    DisabledRegion(String),
}

impl Session {
    /// Finds credentials, asks STS who they are and EC2 which regions the account has.
    pub async fn open(access: &Access) -> Result<Self, SetupError> {
        for region in &access.regions {
            well_formed(region)?;
        }
        check_profile(access.profile.as_deref()).await?;
        let home_region = home_region(access).await;
        well_formed(&home_region)?;
        let config = config(access, &home_region).await;
        let mut wire = Wire::new(&config, &home_region, access.pace, access.timeout);
        // Side by side; but who cannot say who he is need not wait for the regions.
        let regions = async { Ok(regions(&wire, &access.regions).await) };
        let ((caller, account_id), regions) = tokio::try_join!(identity(&config, &home_region), regions)?;
        let (regions, regions_unreadable) = regions?;
        wire.partition = caller.split(':').nth(1).unwrap_or("aws").to_owned();
        wire.account_id = account_id;
        Ok(Self { wire: Arc::new(wire), caller, regions, regions_unreadable })
    }
}

/// A name that could be a region's: it becomes part of a host name.
fn well_formed(region: &str) -> Result<(), SetupError> {
    let parts: Vec<&str> = region.split('-').collect();
    let word = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    let good = match parts.split_last() {
        Some((number, words)) => {
            words.len() >= 2
                && words.iter().all(word)
                && !number.is_empty()
                && number.bytes().all(|b| b.is_ascii_digit())
        }
        None => false,
    };
    if good { Ok(()) } else { Err(unknown_region(region, KNOWN_REGIONS.iter().copied())) }
}

fn unknown_region<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> SetupError {
    SetupError::UnknownRegion { name: name.to_owned(), hint: suggestion(name, known) }
}

/// As the AWS CLI does, refuses a profile that does not exist, even where it would not be needed.
async fn check_profile(named: Option<&str>) -> Result<(), SetupError> {
    let from_environment = std::env::var("AWS_PROFILE").ok().filter(|name| !name.is_empty());
    let Some(name) = named.map(str::to_owned).or(from_environment) else { return Ok(()) };
    let profiles = aws_config::profile::load(&Fs::real(), &Env::real(), &EnvConfigFiles::default(), None)
        .await
        .map_err(|error| SetupError::Profiles(wire::root_cause(&error)))?;
    if profiles.get_profile(&name).is_some() || (name == "default" && named.is_none()) {
        return Ok(());
    }
    let hint = match suggestion(&name, profiles.profiles()) {
        hint if hint.is_empty() => "; `aws configure list-profiles` shows those that are".to_owned(),
        hint => hint,
    };
    Err(SetupError::UnknownProfile { name, hint })
}

async fn home_region(access: &Access) -> String {
    let mut profile = ProfileFileRegionProvider::builder();
    if let Some(name) = &access.profile {
        profile = profile.profile_name(name);
    }
    let configured = RegionProviderChain::first_try(EnvironmentVariableRegionProvider::new())
        .or_else(profile.build())
        .region()
        .await;
    // Other partitions do not answer to us-east-1's credentials, so there a region named to audit is the home.
    let elsewhere =
        |region: &&String| ["cn-", "us-gov-", "us-iso", "eu-isoe-", "eusc-"].iter().any(|p| region.starts_with(p));
    match configured {
        Some(region) => region.to_string(),
        None => access.regions.iter().find(elsewhere).cloned().unwrap_or_else(|| DEFAULT_REGION.to_owned()),
    }
}

async fn config(access: &Access, home_region: &str) -> SdkConfig {
    let region = Region::new(home_region.to_owned());
    let mut loader = aws_config::defaults(BehaviorVersion::latest())
        .region(region.clone())
        .http_client(http_client())
        // For those who ask for credentials; `Wire` tries again by itself.
        .retry_config(RetryConfig::standard())
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(CONNECT_TIMEOUT)
                .operation_attempt_timeout(Duration::from_secs(30))
                .build(),
        );
    let provider = ProviderConfig::without_region().with_region(Some(region.clone()));
    loader = match &access.profile {
        Some(name) => {
            let builder = ProfileFileCredentialsProvider::builder().configure(&provider).profile_name(name);
            loader.profile_name(name).credentials_provider(builder.build())
        }
        None => {
            // Off EC2 nobody answers the metadata service: one quick attempt, as the AWS CLI does.
            let imds = aws_config::imds::Client::builder()
                .configure(&provider)
                .max_attempts(1)
                .connect_timeout(Duration::from_secs(1))
                .read_timeout(Duration::from_secs(1))
                .build();
            let chain = DefaultCredentialsChain::builder().configure(provider).region(region).imds_client(imds);
            loader.credentials_provider(chain.build().await)
        }
    };
    let config = loader.load().await;
    let Some(role) = &access.role_arn else { return config };
    let mut assume = AssumeRoleProvider::builder(role).session_name("golive").configure(&config);
    if let Some(id) = &access.external_id {
        assume = assume.external_id(id);
    }
    let provider = SharedCredentialsProvider::new(assume.build().await);
    config.into_builder().credentials_provider(provider).build()
}

/// One HTTP client for all: by default the SDK makes one for each client, with connections and root certificates
/// of its own.
fn http_client() -> SharedHttpClient {
    Builder::new().build_with_connector_fn(|settings, components| {
        let mut connector = Connector::builder().proxy_config(ProxyConfig::from_env());
        connector.set_connector_settings(settings.cloned());
        if let Some(components) = components {
            connector.set_sleep_impl(components.sleep_impl());
        }
        connector.tls_provider(Provider::Rustls(CryptoMode::AwsLc)).build()
    })
}

/// The caller's ARN and account id, from STS.
async fn identity(config: &SdkConfig, region: &str) -> Result<(String, String), SetupError> {
    let place = config.endpoint_url().map_or_else(|| format!("sts in {region}"), str::to_owned);
    let quick = aws_sdk_sts::config::Builder::from(config)
        .retry_config(RetryConfig::standard().with_max_attempts(2))
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(CONNECT_TIMEOUT)
                .operation_attempt_timeout(Duration::from_secs(10))
                .build(),
        )
        .build();
    let foreign = |message: &str| SetupError::Foreign { place: place.clone(), message: message.to_owned() };
    match aws_sdk_sts::Client::from_conf(quick).get_caller_identity().send().await {
        Ok(answer) => match (answer.arn, answer.account) {
            (Some(arn), Some(account)) => Ok((arn, account)),
            _ => Err(foreign("the answer names no caller")),
        },
        Err(error) => {
            use aws_credential_types::provider::error::CredentialsError;
            let reason = wire::failure(operations::GET_CALLER_IDENTITY, Some(region), &error).unreadable;
            if let Some(problem) = wire::credentials_error(&error) {
                let message = wire::root_cause(problem);
                return Err(match problem {
                    CredentialsError::CredentialsNotLoaded(_) => SetupError::NoCredentials,
                    // The metadata service of EC2 is asked last, when nobody else had any.
                    _ if message.contains("IMDS") => SetupError::NoCredentials,
                    _ => SetupError::Credentials(message),
                });
            }
            // What is complained of is made harmless where it is printed.
            let message = reason.message.raw().to_owned();
            Err(match reason.cause {
                Cause::Expired => SetupError::Expired(message),
                Cause::Malformed => foreign(&message),
                Cause::Denied
                | Cause::DeniedByOrganization
                | Cause::NotEnabled
                | Cause::Suspended
                | Cause::Throttled => SetupError::Refused(message),
                Cause::Fault if message.starts_with("HTTP status") => foreign(&message),
                Cause::Fault => SetupError::Refused(message),
                Cause::TimedOut | Cause::Unreachable | Cause::Interrupted | Cause::AnotherAccount | Cause::NotRead => {
                    let hint = if KNOWN_REGIONS.contains(&region) {
                        String::new()
                    } else {
                        format!(" `{region}`{}", suggestion(region, KNOWN_REGIONS.iter().copied()))
                    };
                    let message = if message.is_empty() { "no answer in time".into() } else { message };
                    SetupError::Unreachable { place, message, hint }
                }
            })
        }
    }
}

/// The regions to audit: those asked for, or all that the account has enabled.
async fn regions(wire: &Wire, asked: &[String]) -> Result<(Vec<String>, Option<Unreadable>), SetupError> {
    let client = wire.client(&wire.home_region, aws_sdk_ec2::Client::new);
    // All regions, so that one that is off is told from one that does not exist.
    let send = || client.describe_regions().all_regions(true).send();
    let answer = wire.call(operations::DESCRIBE_REGIONS, Some(&wire.home_region), send).await;
    let known = match answer.map(|answer| answer.regions.unwrap_or_default()) {
        Ok(regions) if !regions.is_empty() => regions,
        Ok(_) => {
            let message = "the answer lists no region";
            let reason = Unreadable::malformed(operations::DESCRIBE_REGIONS, Some(&wire.home_region), message);
            return without_list(wire, asked, reason);
        }
        Err(failure) => return without_list(wire, asked, failure.unreadable),
    };
    let name = |region: &aws_sdk_ec2::types::Region| region.region_name.clone().unwrap_or_default();
    let enabled = |region: &&aws_sdk_ec2::types::Region| region.opt_in_status() != Some("not-opted-in");
    let all: Vec<String> = known.iter().map(name).collect();
    let chosen: Vec<String> = known.iter().filter(enabled).map(name).collect();
    let unknown = asked.iter().chain([&wire.home_region]).find(|region| !all.contains(region));
    if let Some(region) = unknown {
        return Err(unknown_region(region, all.iter().map(String::as_str)));
    }
    for region in asked {
        if !chosen.contains(region) {
            return Err(SetupError::DisabledRegion(region.clone()));
        }
    }
    Ok((sorted(if asked.is_empty() { chosen } else { asked.to_vec() }), None))
}

/// Without the list, the regions asked for are taken at their word; otherwise only the home region is known.
fn without_list(
    wire: &Wire,
    asked: &[String],
    reason: Unreadable,
) -> Result<(Vec<String>, Option<Unreadable>), SetupError> {
    let home = &wire.home_region;
    if !matches!(reason.cause, Cause::Denied | Cause::DeniedByOrganization | Cause::Throttled)
        && !KNOWN_REGIONS.contains(&home.as_str())
    {
        return Err(unknown_region(home, KNOWN_REGIONS.iter().copied()));
    }
    if asked.is_empty() {
        return Ok((vec![home.clone()], Some(reason)));
    }
    Ok((sorted(asked.to_vec()), None))
}

/// Each region once, by name.
fn sorted(mut regions: Vec<String>) -> Vec<String> {
    regions.sort();
    regions.dedup();
    regions
}

/// Regions known when this was written, for suggestions only: AWS's own list decides.
const KNOWN_REGIONS: &[&str] = &[
    "af-south-1",
    "ap-east-1",
    "ap-east-2",
    "ap-northeast-1",
    "ap-northeast-2",
    "ap-northeast-3",
    "ap-south-1",
    "ap-south-2",
    "ap-southeast-1",
    "ap-southeast-2",
    "ap-southeast-3",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-central-1",
    "ca-west-1",
    "cn-north-1",
    "cn-northwest-1",
    "eu-central-1",
    "eu-central-2",
    "eu-north-1",
    "eu-south-1",
    "eu-south-2",
    "eu-west-1",
    "eu-west-2",
    "eu-west-3",
    "il-central-1",
    "me-central-1",
    "me-south-1",
    "mx-central-1",
    "sa-east-1",
    "us-east-1",
    "us-east-2",
    "us-gov-east-1",
    "us-gov-west-1",
    "us-west-1",
    "us-west-2",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_is_words_and_a_number() {
        for good in ["eu-west-1", "us-gov-west-1", "ap-southeast-12"] {
            assert!(well_formed(good).is_ok(), "{good}");
        }
        for bad in ["", "eu", "eu-west", "eu-west-1a", "EU-WEST-1", "evil.example/x-y-1", "eu--1", "all"] {
            assert!(well_formed(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_mistyped_region_suggests_the_nearest() {
        let error = well_formed("eu-west1").expect_err("no number of its own");
        assert_eq!(error.to_string(), "unknown region `eu-west1`; did you mean `eu-west-1`?");
    }
}
