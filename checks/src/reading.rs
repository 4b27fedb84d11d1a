//! What was read, or the reason why it could not be.

use serde::{Deserialize, Serialize};

use crate::{FactKind, Operation, Untrusted};

/// A fact that was read, was not asked for, or could not be read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reading<T> {
    /// No chosen rule asked for it.
    #[default]
    NotRead,
    /// What AWS said, complete.
    Read(T),
    /// Why it could not be read.
    Unreadable(Unreadable),
}

impl<T> Reading<T> {
    /// The value, or the reason why there is none. `kind` names the fact for one that nobody asked for.
    pub fn get(&self, kind: FactKind) -> Result<&T, Unreadable> {
        match self {
            Self::NotRead => Err(Unreadable::not_read(kind)),
            Self::Read(value) => Ok(value),
            Self::Unreadable(reason) => Err(reason.clone()),
        }
    }

    /// Whether it was asked for in vain.
    pub fn is_unreadable(&self) -> bool {
        matches!(self, Self::Unreadable(_))
    }

    /// Whether nobody asked for it.
    pub fn is_not_read(&self) -> bool {
        matches!(self, Self::NotRead)
    }
}

impl<T> From<Result<T, Unreadable>> for Reading<T> {
    fn from(result: Result<T, Unreadable>) -> Self {
        match result {
            Ok(value) => Self::Read(value),
            Err(reason) => Self::Unreadable(reason),
        }
    }
}

/// Why something could not be read.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unreadable {
    /// The IAM action that the request needs: `s3:GetLifecycleConfiguration`.
    pub action: String,
    /// The API operation: `GetBucketLifecycleConfiguration`.
    pub operation: String,
    /// The region asked; none for a global service.
    pub region: Option<Untrusted>,
    /// The resource asked about, where the request names one.
    pub resource: Option<Untrusted>,
    /// What went wrong.
    pub cause: Cause,
    /// What AWS or the network said.
    pub message: Untrusted,
}

impl Unreadable {
    /// A request that failed.
    pub fn new(operation: Operation, region: Option<&str>, cause: Cause, message: impl Into<String>) -> Self {
        Self {
            action: operation.permission.to_owned(),
            operation: operation.name.to_owned(),
            region: region.map(|region| region.to_owned().into()),
            resource: None,
            cause,
            message: message.into().into(),
        }
    }

    /// The same, about one resource.
    #[must_use]
    pub fn about(mut self, resource: impl Into<String>) -> Self {
        self.resource = Some(resource.into().into());
        self
    }

    /// A fact that was not asked for: a recording made for other rules, or a rule that reads what it does
    /// not declare.
    pub fn not_read(kind: FactKind) -> Self {
        let operation = kind.operations()[0];
        Self::new(operation, None, Cause::NotRead, format!("{} were not read", kind.noun()))
    }

    /// An answer that lacks what AWS documents to be there.
    pub fn malformed(operation: Operation, region: Option<&str>, message: impl Into<String>) -> Self {
        Self::new(operation, region, Cause::Malformed, message)
    }

    /// What to do about it, in one line.
    pub fn reason(&self) -> Untrusted {
        let place = self.region.as_ref().map(|region| format!(" in {}", region.raw())).unwrap_or_default();
        let said = Some(self.message.raw()).filter(|said| !said.is_empty());
        let said = said.map(|said| format!(" ({said})")).unwrap_or_default();
        let (action, operation) = (&self.action, &self.operation);
        let reason = match self.cause {
            Cause::Denied => format!("needs {action}{place}: {operation} was denied{said}"),
            Cause::DeniedByOrganization => {
                format!("needs {action}{place}: a service control policy denies {operation}; ask who keeps it{said}")
            }
            Cause::NotEnabled => {
                format!(
                    "{action}{place}: {operation} needs a region or service that is not enabled for the account{said}"
                )
            }
            Cause::Suspended => {
                format!(
                    "{action}{place}: {operation} was refused: AWS has suspended the account; ask AWS Support{said}"
                )
            }
            Cause::Throttled => format!("{action}{place}: {operation} was throttled; try again later{said}"),
            Cause::TimedOut => format!("{action}{place}: {operation} timed out{said}"),
            Cause::Unreachable => format!("{action}{place}: {operation} did not reach AWS{said}"),
            Cause::Malformed => format!("{action}{place}: {operation} answered what AWS does not document{said}"),
            Cause::Expired => {
                format!("{action}{place}: the credentials expired before {operation}; renew them and run again{said}")
            }
            Cause::Fault => format!("{action}{place}: {operation} answered an error{said}"),
            Cause::AnotherAccount => format!("{action}{place}: only the account that owns it can read it{said}"),
            Cause::Interrupted => format!("{action}{place}: interrupted before {operation} was answered"),
            Cause::NotRead => format!("{action}{place}: not in this recording; record again with the rule chosen"),
        };
        reason.into()
    }
}

/// What went wrong with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The caller lacks the permission.
    Denied,
    /// A service control policy of the organization forbids it, whatever the caller's own policies say.
    DeniedByOrganization,
    /// The account has not enabled the region or the service.
    NotEnabled,
    /// AWS has suspended the account.
    Suspended,
    /// AWS limited the rate, retries included.
    Throttled,
    /// No answer in time.
    TimedOut,
    /// No connection.
    Unreachable,
    /// An answer that cannot be understood or lacks what is documented.
    Malformed,
    /// The credentials ended on the way.
    Expired,
    /// It belongs to another account, which alone sees it.
    AnotherAccount,
    /// The user ended the run.
    Interrupted,
    /// Any other error that AWS answered.
    Fault,
    /// Nobody asked.
    NotRead,
}
