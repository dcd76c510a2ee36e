//! What the host must know of one function.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

/// One function, as a template declares it.
#[derive(Debug, Clone)]
pub struct FunctionConfig {
    /// The name callers use.
    pub name: String,
    /// The compiled binary; started without arguments.
    pub binary: PathBuf,
    /// How long one invocation may take.
    pub timeout: Duration,
    /// What the function is told of its memory, in MB. It is not enforced.
    pub memory_mb: u32,
    /// The function's own environment variables. Those that Lambda itself sets are ignored.
    pub environment: BTreeMap<String, String>,
    /// `_HANDLER`; `bootstrap` for a Rust function.
    pub handler: String,
    /// `LoggingConfig.LogFormat`: `JSON` or `Text`.
    pub log_format: Option<String>,
    /// The region it is told it runs in.
    pub region: String,
    /// The account its ARN names, 12 digits.
    pub account: String,
}

impl FunctionConfig {
    /// A function with Lambda's defaults: 3 seconds, 128 MB, `us-east-1`.
    pub fn new(name: impl Into<String>, binary: impl Into<PathBuf>) -> Self {
        Self {
            name: name.into(),
            binary: binary.into(),
            timeout: Duration::from_secs(3),
            memory_mb: 128,
            environment: BTreeMap::new(),
            handler: "bootstrap".to_owned(),
            log_format: None,
            region: "us-east-1".to_owned(),
            account: "123456789012".to_owned(),
        }
    }

    /// `arn:aws:lambda:REGION:ACCOUNT:function:NAME`.
    pub fn arn(&self) -> String {
        format!(
            "arn:aws:lambda:{}:{}:function:{}",
            self.region, self.account, self.name
        )
    }
}
