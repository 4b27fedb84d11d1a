//! Text that came from outside: AWS, the network, whoever named a resource.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

/// Untrusted text. It does not display itself: each report makes it harmless for its own format, and one that forgets
/// does not compile.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Untrusted(Cow<'static, str>);

impl Untrusted {
    /// The text as it came, for formats that escape by themselves, such as JSON.
    pub fn raw(&self) -> &str {
        &self.0
    }
}

impl<T: Into<Cow<'static, str>>> From<T> for Untrusted {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}
