//! Lambda, ECS, Systems Manager, Secrets Manager, and the services that watch an account.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::{Reading, Resource};

/// A Lambda function.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LambdaFunction {
    /// Its name.
    pub name: String,
    /// The names of its environment variables that hold a secret in plain text, as [`crate::secrets`] tells.
    pub plaintext_secrets: Reading<Vec<String>>,
}

/// An ECS task definition that some service uses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskDefinition {
    /// `family:revision`
    pub id: String,
    /// `container VARIABLE`, for each that holds a secret in plain text.
    pub plaintext_secrets: Vec<String>,
}

/// A parameter of Parameter Store. Its value is never read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SsmParameter {
    /// Its name.
    pub name: String,
    /// `String`, `StringList` or `SecureString`.
    pub kind: String,
}

/// A secret of Secrets Manager. Its value is never read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Secret {
    /// Its name.
    pub name: String,
    /// The AWS service that keeps it, such as `rds`.
    pub owning_service: Option<String>,
    /// It rotates by itself.
    pub rotates: bool,
    /// When its value was last changed, or when it was made.
    pub changed: Option<Timestamp>,
}

/// A machine that Systems Manager knows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManagedInstance {
    /// `i-…` or `mi-…`
    pub id: String,
    /// Its agent answers: `PingStatus` is `Online`.
    pub online: bool,
}

/// What Patch Manager last found on a machine.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PatchState {
    /// `i-…`
    pub instance_id: String,
    /// Patches that the baseline asks for and that are not there or could not be installed.
    pub missing_or_failed: i32,
    /// When it last looked.
    pub looked_at: Option<Timestamp>,
}

/// What Amazon Inspector scans: each `ENABLED`, `ENABLING`, `DISABLED`, `SUSPENDED`, …
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InspectorStatus {
    /// EC2 instances.
    pub ec2: String,
    /// Container images.
    pub ecr: String,
    /// Lambda functions.
    pub lambda: Option<String>,
}

/// A recorder of AWS Config.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigRecorder {
    /// Its name.
    pub name: String,
    /// It records now.
    pub recording: bool,
    /// Its last delivery failed.
    pub fails: bool,
    /// It records every kind of resource, or all but some.
    pub records_all: bool,
}

/// An analyzer of IAM Access Analyzer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Analyzer {
    /// Its name.
    pub name: String,
    /// `ACCOUNT`, `ORGANIZATION`, `ACCOUNT_UNUSED_ACCESS`, …
    pub kind: String,
    /// It is active.
    pub active: bool,
}

macro_rules! resource {
    ($($kind:ty { $name:ident }),*) => {
        $(impl Resource for $kind { fn name(&self) -> &str { &self.$name } })*
    };
}
resource!(
    LambdaFunction { name },
    TaskDefinition { id },
    SsmParameter { name },
    Secret { name },
    ManagedInstance { id }
);
