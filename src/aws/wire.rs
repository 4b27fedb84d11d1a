//! How every request is sent: limited, bounded in time, counted, and its failure told apart.

use std::any::{Any, TypeId};
use std::collections::{HashMap, HashSet};
use std::error::Error;
use std::future::Future;
use std::hash::Hash;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use aws_config::SdkConfig;
use aws_credential_types::provider::error::CredentialsError;
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_smithy_types::retry::RetryConfig;
use golive_checks::{Cause, Operation, Unreadable};
use tokio::sync::{OnceCell, watch};
use tokio::time::Instant;

use super::limit::{Limit, Pace};

/// How often a request is sent that is throttled each time: half a minute of pauses.
const THROTTLED_ATTEMPTS: u32 = 9;
/// How often one is sent that meets a fault which may pass.
const FAULTY_ATTEMPTS: u32 = 4;
/// The pause before another attempt is random, up to the first of these doubled each time, at most the second.
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// Characters kept of what AWS or the network says about a failure.
const MESSAGE_LENGTH: usize = 240;

/// How far reading is, for whoever shows it.
#[derive(Debug, Default)]
pub struct Stage {
    /// Requests answered, retries not counted.
    pub requests: AtomicU64,
    /// Facts read.
    pub facts: AtomicU64,
    /// Facts to read.
    pub planned: AtomicU64,
}

/// The way to AWS for one account.
#[derive(Debug)]
pub struct Wire {
    config: SdkConfig,
    /// The account's id.
    pub account_id: String,
    /// The account's partition.
    pub partition: String,
    /// The region in which global services are asked.
    pub home_region: String,
    /// How far reading is.
    pub stage: Arc<Stage>,
    deadline: Instant,
    stop: watch::Sender<bool>,
    pace: Pace,
    limits: Mutex<HashMap<(&'static str, String), Arc<Limit>>>,
    clients: Mutex<HashMap<(TypeId, String), Box<dyn Any + Send>>>,
}

/// A request that failed, and AWS's error code where it gave one.
#[derive(Debug)]
pub struct Failure {
    /// `NoSuchEntity`
    pub code: Option<String>,
    /// The reason for reports.
    pub unreadable: Unreadable,
}

impl Failure {
    fn new(unreadable: Unreadable) -> Self {
        Self { code: None, unreadable }
    }

    /// Whether AWS answered one of these error codes: some are answers, such as `NoSuchBucketPolicy`.
    pub fn is(&self, codes: &[&str]) -> bool {
        self.code.as_deref().is_some_and(|code| codes.contains(&code))
    }
}

impl From<Failure> for Unreadable {
    fn from(failure: Failure) -> Self {
        failure.unreadable
    }
}

/// The result of an SDK call.
pub type Answer<T, E> = Result<T, SdkError<E, HttpResponse>>;

impl Wire {
    /// A way to AWS that gives up `timeout` from now.
    pub fn new(config: &SdkConfig, home_region: &str, pace: Pace, timeout: Duration) -> Self {
        Self {
            // A throttle has to reach the limit of its service and region, so the SDK does not try again by itself.
            config: config.to_builder().retry_config(RetryConfig::disabled()).build(),
            account_id: String::new(),
            partition: String::new(),
            home_region: home_region.to_owned(),
            stage: Arc::default(),
            deadline: Instant::now() + timeout,
            stop: watch::Sender::new(false),
            pace,
            limits: Mutex::default(),
            clients: Mutex::default(),
        }
    }

    /// The client of a service in a region, made by `new` for the first who wants it.
    pub fn client<C: Clone + Send + 'static>(&self, region: &str, new: fn(&SdkConfig) -> C) -> C {
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        let known = clients.entry((TypeId::of::<C>(), region.to_owned())).or_insert_with(|| {
            let region = aws_config::Region::new(region.to_owned());
            Box::new(new(&self.config.to_builder().region(region).build()))
        });
        known.downcast_ref::<C>().cloned().unwrap_or_else(|| unreachable!("the key is the client's type"))
    }

    /// Sends one request when its service and region have room for it, and again where that may help.
    ///
    /// `region` is none for a global service.
    pub async fn call<T, E, F>(
        &self,
        operation: Operation,
        region: Option<&str>,
        send: impl Fn() -> F,
    ) -> Result<T, Failure>
    where
        E: Error + ProvideErrorMetadata + Send + Sync + 'static,
        F: Future<Output = Answer<T, E>>,
    {
        let given_up = |cause, message: &str| Err(Failure::new(Unreadable::new(operation, region, cause, message)));
        let answer = tokio::select! {
            biased;
            () = self.stopped() => return given_up(Cause::Interrupted, ""),
            () = tokio::time::sleep_until(self.deadline) => {
                return given_up(Cause::TimedOut, "the whole run's --timeout passed");
            }
            answer = self.attempts(operation, region, send) => answer,
        };
        self.stage.requests.fetch_add(1, Ordering::Relaxed);
        answer.inspect_err(|failure| {
            tracing::debug!(operation = operation.name, region, reason = ?failure.unreadable.message, "not answered");
        })
    }

    async fn attempts<T, E, F>(
        &self,
        operation: Operation,
        region: Option<&str>,
        send: impl Fn() -> F,
    ) -> Result<T, Failure>
    where
        E: Error + ProvideErrorMetadata + Send + Sync + 'static,
        F: Future<Output = Answer<T, E>>,
    {
        let limit = self.limit(operation.service, region);
        let (mut throttled, mut faulty) = (0, 0);
        loop {
            let permit = limit.admit().await;
            tracing::debug!(operation = operation.name, service = operation.service, region, "asking");
            // On the heap: the SDK's futures are large, and those that wait for leave have none yet.
            let error = match Box::pin(send()).await {
                Ok(answer) => {
                    permit.answered();
                    return Ok(answer);
                }
                Err(error) => error,
            };
            let failure = failure(operation, region, &error);
            let attempts = if failure.unreadable.cause == Cause::Throttled {
                permit.throttled();
                throttled += 1;
                if throttled == THROTTLED_ATTEMPTS {
                    return Err(failure);
                }
                throttled
            } else {
                if matches!(error, SdkError::ServiceError(_)) {
                    permit.answered();
                }
                faulty += 1;
                if faulty == FAULTY_ATTEMPTS || !may_pass(&error) {
                    return Err(failure);
                }
                faulty
            };
            drop(permit);
            let longest = (FIRST_PAUSE * 2_u32.pow(attempts - 1)).min(LONGEST_PAUSE);
            tokio::time::sleep(longest.mul_f64(fastrand::f64())).await;
        }
    }

    /// Reads every page of a list.
    ///
    /// `send` asks for the page of a token, `split` takes a page apart into its entries and the next token,
    /// and `convert` makes a fact of an entry or names what the entry lacks. A page without a list, a token
    /// that comes again and an entry that cannot be converted make the whole list unreadable: half a list is
    /// no list.
    pub async fn list<O, E, R, T, F>(
        &self,
        operation: Operation,
        region: Option<&str>,
        send: impl Fn(Option<String>) -> F,
        split: impl Fn(O) -> (Option<Vec<R>>, Option<String>),
        convert: impl Fn(R) -> Result<T, &'static str>,
    ) -> Result<Vec<T>, Failure>
    where
        E: Error + ProvideErrorMetadata + Send + Sync + 'static,
        F: Future<Output = Answer<O, E>>,
    {
        let malformed = |message: &str| Failure::new(Unreadable::malformed(operation, region, message));
        let mut listed = Vec::new();
        let mut token = None;
        let mut tokens = HashSet::new();
        loop {
            let (entries, next) = split(self.call(operation, region, || send(token.clone())).await?);
            for entry in entries.ok_or_else(|| malformed("the answer has no list"))? {
                listed.push(convert(entry).map_err(|lacks| malformed(&format!("an entry lacks {lacks}")))?);
            }
            let Some(next) = next.filter(|next| !next.is_empty()) else { return Ok(listed) };
            if !tokens.insert(next.clone()) {
                return Err(malformed("the answer repeats a page token"));
            }
            token = Some(next);
        }
    }

    /// Ends the reading: what is not answered yet is interrupted.
    pub fn stop(&self) {
        self.stop.send_replace(true);
    }

    /// Waits for `time`, or less where the reading ends.
    pub async fn pause(&self, time: Duration) {
        tokio::select! {
            () = self.stopped() => {}
            () = tokio::time::sleep(time) => {}
        }
    }

    async fn stopped(&self) {
        // The sender lives as long as `self`, so that this waits for nothing but the end.
        let _ = self.stop.subscribe().wait_for(|stopped| *stopped).await;
    }

    fn limit(&self, service: &'static str, region: Option<&str>) -> Arc<Limit> {
        let mut limits = self.limits.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (service, region.unwrap_or_default().to_owned());
        Arc::clone(limits.entry(key).or_insert_with(|| Arc::new(Limit::new(self.pace))))
    }
}

/// Values that are asked for once, however many ask at the same time.
#[derive(Debug)]
pub struct Once<K, V>(Mutex<HashMap<K, Arc<OnceCell<V>>>>);

impl<K, V> Default for Once<K, V> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash + Clone, V: Clone> Once<K, V> {
    /// The value for `key`: `ask` is awaited by the first who wants it.
    pub async fn get(&self, key: &K, ask: impl Future<Output = V>) -> V {
        let cell = {
            let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            Arc::clone(cells.entry(key.clone()).or_default())
        };
        cell.get_or_init(|| ask).await.clone()
    }
}

/// Tells a failed call apart.
pub fn failure<E>(operation: Operation, region: Option<&str>, error: &SdkError<E, HttpResponse>) -> Failure
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    let (cause, code, message) = match error {
        SdkError::ServiceError(context) => {
            let (code, message) = (context.err().code(), context.err().message().unwrap_or_default());
            let status = context.raw().status();
            let message = match code {
                Some(code) if message.is_empty() => code.to_owned(),
                Some(code) => format!("{code}: {message}"),
                None if status.is_success() => root_cause(context.err()),
                None => format!("HTTP status {}", status.as_u16()),
            };
            let cause = match code {
                Some("AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation")
                    if message.contains("service control policy") =>
                {
                    Cause::DeniedByOrganization
                }
                Some(code) => cause_of(code, status.as_u16()),
                None if status.is_success() => Cause::Malformed,
                None => cause_of("", status.as_u16()),
            };
            (cause, code.map(str::to_owned), message)
        }
        SdkError::TimeoutError(_) => (Cause::TimedOut, None, String::new()),
        SdkError::ResponseError(_) => (Cause::Malformed, None, root_cause(error)),
        SdkError::DispatchFailure(context) if context.is_timeout() => (Cause::TimedOut, None, root_cause(error)),
        _ => match credentials_error(error) {
            Some(problem) => (Cause::Expired, None, root_cause(problem)),
            None => (Cause::Unreachable, None, root_cause(error)),
        },
    };
    let message: String = message.chars().take(MESSAGE_LENGTH).collect();
    Failure { code, unreadable: Unreadable::new(operation, region, cause, message) }
}

/// Whether a failure other than a throttle may be gone at the next attempt, as the AWS SDKs' "Retry behavior" has it.
fn may_pass<E>(error: &SdkError<E, HttpResponse>) -> bool
where
    E: Error + ProvideErrorMetadata + Send + Sync + 'static,
{
    const CODES: &[&str] = &["InternalError", "InternalFailure", "RequestTimeout", "RequestTimeoutException"];
    match error {
        SdkError::ServiceError(context) => {
            let code = context.err().code();
            matches!(context.raw().status().as_u16(), 500 | 502 | 503 | 504) || code.is_some_and(|c| CODES.contains(&c))
        }
        SdkError::TimeoutError(_) | SdkError::ResponseError(_) => true,
        SdkError::DispatchFailure(context) => context.is_timeout() || context.is_io(),
        _ => false,
    }
}

fn cause_of(code: &str, status: u16) -> Cause {
    const DENIED: &[&str] = &[
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "Forbidden",
        "UnauthorizedAccess",
        "UnauthorizedOperation",
    ];
    // STS knows the credentials, so a service that does not is in a region that the account has not enabled.
    const NOT_ENABLED: &[&str] = &[
        "AuthFailure",
        "InvalidClientTokenId",
        "OptInRequired",
        "SubscriptionRequiredException",
        "UnrecognizedClientException",
    ];
    const SUSPENDED: &[&str] = &["AccountProblem", "AccountSuspended", "AllAccessDisabled"];
    const THROTTLED: &[&str] = &[
        "BandwidthLimitExceeded",
        "EC2ThrottledException",
        "PriorRequestNotComplete",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttled",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    ];
    const EXPIRED: &[&str] = &["ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"];
    if DENIED.contains(&code) {
        Cause::Denied
    } else if NOT_ENABLED.contains(&code) {
        Cause::NotEnabled
    } else if SUSPENDED.contains(&code) {
        Cause::Suspended
    } else if THROTTLED.contains(&code) || status == 429 {
        Cause::Throttled
    } else if EXPIRED.contains(&code) {
        Cause::Expired
    } else if code.is_empty() && status == 403 {
        Cause::Denied
    } else {
        Cause::Fault
    }
}

/// The credentials problem behind a failed call, if that is what it is.
pub fn credentials_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a CredentialsError> {
    sources(error).find_map(|source| source.downcast_ref())
}

/// The innermost message of an error: the SDK's outer ones say only "dispatch failure".
pub fn root_cause(error: &(dyn Error + 'static)) -> String {
    let message = sources(error).last().map(ToString::to_string).unwrap_or_default();
    message.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn sources<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}
