//! The environment variables of a function's process, which starts with none of ours.
//!
//! Three layers, a later one wins: what Lambda offers as a default, what the template declares,
//! and what a function may not choose: Lambda's reserved variables ("Defined runtime
//! environment variables" in the Lambda guide) and what keeps it away from the real AWS.

use std::collections::BTreeMap;
use std::path::Path;

use super::FunctionConfig;

/// Stands in every credential: well-formed for a signature, good for nothing.
const DUMMY: &str = "local-only";

/// What a process is told besides its function's configuration.
#[derive(Debug, Clone, Copy)]
pub(super) struct Surroundings<'a> {
    /// `http://127.0.0.1:PORT/SECRET`.
    pub(super) runtime_api: &'a str,
    /// Where every AWS SDK sends its requests.
    pub(super) aws_endpoint: &'a str,
    pub(super) home: &'a Path,
    pub(super) log_stream: &'a str,
}

/// Whether the host decides over a variable, so that a template's value for it is ignored.
pub(super) fn is_reserved(name: &str) -> bool {
    const NAMES: [&str; 14] = [
        "_HANDLER",
        "_X_AMZN_TRACE_ID",
        "AWS_ACCESS_KEY_ID",
        "AWS_CONFIG_FILE",
        "AWS_DEFAULT_REGION",
        "AWS_EC2_METADATA_DISABLED",
        "AWS_EXECUTION_ENV",
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
        "AWS_PROFILE",
        "AWS_REGION",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
        "AWS_SHARED_CREDENTIALS_FILE",
        "LAMBDA_TASK_ROOT",
    ];
    // `AWS_ENDPOINT_URL_SES` and its kind would win over `AWS_ENDPOINT_URL`; the container
    // variables name places to fetch credentials from.
    const PREFIXES: [&str; 3] = ["AWS_LAMBDA_", "AWS_ENDPOINT_URL", "AWS_CONTAINER_"];
    NAMES.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

/// Everything that a process of `function` gets.
pub(super) fn variables(
    function: &FunctionConfig,
    around: Surroundings<'_>,
) -> BTreeMap<String, String> {
    let text = |path: &Path| path.to_string_lossy().into_owned();
    let mut all = BTreeMap::new();
    let mut set = |name: &str, value: String| all.insert(name.to_owned(), value);

    set("HOME", text(around.home));
    set("LANG", "en_US.UTF-8".to_owned());
    set("PATH", "/usr/local/bin:/usr/bin:/bin".to_owned());
    set("TZ", ":UTC".to_owned());

    for (name, value) in &function.environment {
        if !is_reserved(name) {
            set(name, value.clone());
        }
    }

    set("_HANDLER", function.handler.clone());
    set("AWS_DEFAULT_REGION", function.region.clone());
    set(
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
        function.memory_mb.to_string(),
    );
    set("AWS_LAMBDA_FUNCTION_NAME", function.name.clone());
    set("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST".to_owned());
    set("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand".to_owned());
    set(
        "AWS_LAMBDA_LOG_GROUP_NAME",
        format!("/aws/lambda/{}", function.name),
    );
    set("AWS_LAMBDA_LOG_STREAM_NAME", around.log_stream.to_owned());
    set("AWS_LAMBDA_RUNTIME_API", around.runtime_api.to_owned());
    set("AWS_REGION", function.region.clone());
    set(
        "LAMBDA_TASK_ROOT",
        function.binary.parent().map(text).unwrap_or_default(),
    );
    if let Some(format) = &function.log_format {
        set("AWS_LAMBDA_LOG_FORMAT", format.clone());
    }

    for credential in [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
    ] {
        set(credential, DUMMY.to_owned());
    }
    set("AWS_CONFIG_FILE", "/dev/null".to_owned());
    set("AWS_SHARED_CREDENTIALS_FILE", "/dev/null".to_owned());
    set("AWS_EC2_METADATA_DISABLED", "true".to_owned());
    set("AWS_ENDPOINT_URL", around.aws_endpoint.to_owned());
    all
}
