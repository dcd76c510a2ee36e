//! What the environment says: how long things may take, and where the control plane answers.

use std::{sync::Arc, time::Duration};

use aws_credential_types::Credentials;

use crate::url::{InvalidUrl, Url};

/// How long things may take. The defaults are what is deployed; the variables are for tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// `WAIT_SECONDS`: the whole wait, settling included; 600.
    pub wait: Duration,
    /// `INTERVAL_SECONDS`: between two rounds of tries; 30.
    pub interval: Duration,
    /// `TRY_SECONDS`: one HTTP request and its answer; 10.
    pub attempt: Duration,
    /// `RESERVE_SECONDS`: kept free before the invocation's deadline to answer CloudFormation; 30.
    pub reserve: Duration,
}

/// How AgentCore's control plane is reached.
#[derive(Debug)]
pub struct ControlPlane {
    /// Where it answers, without a slash at the end.
    pub(crate) endpoint: String,
    pub(crate) region: String,
    pub(crate) credentials: Credentials,
}

/// A variable that is missing or wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidSettings {
    /// Not a length of time.
    #[error("the function's variable `{0}` must be a number of seconds, above 0 and up to 900")]
    Seconds(&'static str),
    /// Not an address.
    #[error("the function's variable `{0}` {1}")]
    Endpoint(&'static str, InvalidUrl),
    /// What Lambda sets is missing.
    #[error("the function's variable `{0}` is not set: Lambda sets it; elsewhere, set it by hand")]
    Missing(&'static str),
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            wait: Duration::from_secs(600),
            interval: Duration::from_secs(30),
            attempt: Duration::from_secs(10),
            reserve: Duration::from_secs(30),
        }
    }
}

impl Timing {
    /// Reads the variables; one that is empty counts as not set.
    ///
    /// # Errors
    /// Names the first variable that is no number of seconds.
    pub fn read(var: impl Fn(&str) -> Option<String>) -> Result<Self, InvalidSettings> {
        let seconds = |name, default| match set(&var, name) {
            None => Ok(default),
            Some(text) => match text.trim().parse::<f64>() {
                // NaN is in no range.
                Ok(number) if (0.001..=900.0).contains(&number) => {
                    Ok(Duration::from_secs_f64(number))
                }
                _ => Err(InvalidSettings::Seconds(name)),
            },
        };
        let default = Self::default();
        Ok(Self {
            wait: seconds("WAIT_SECONDS", default.wait)?,
            interval: seconds("INTERVAL_SECONDS", default.interval)?,
            attempt: seconds("TRY_SECONDS", default.attempt)?,
            reserve: seconds("RESERVE_SECONDS", default.reserve)?,
        })
    }
}

impl ControlPlane {
    /// Reads where the control plane answers and the credentials, as the AWS SDKs do (SDKs and
    /// Tools reference guide, "Service-specific endpoints").
    ///
    /// # Errors
    /// Names the first variable that is missing or wrong.
    pub fn read(var: impl Fn(&str) -> Option<String>) -> Result<Arc<Self>, InvalidSettings> {
        let needed = |name| set(&var, name).ok_or(InvalidSettings::Missing(name));
        let region = needed("AWS_REGION")?;
        let own = [
            "AWS_ENDPOINT_URL_BEDROCK_AGENTCORE_CONTROL",
            "AWS_ENDPOINT_URL",
        ]
        .into_iter()
        .find_map(|name| Some((name, set(&var, name)?)));
        let endpoint = match own {
            Some((name, url)) => {
                Url::parse(&url).map_err(|why| InvalidSettings::Endpoint(name, why))?;
                url.trim_end_matches('/').to_owned()
            }
            None => {
                let china = if region.starts_with("cn-") { ".cn" } else { "" };
                format!("https://bedrock-agentcore-control.{region}.amazonaws.com{china}")
            }
        };
        let credentials = Credentials::new(
            needed("AWS_ACCESS_KEY_ID")?,
            needed("AWS_SECRET_ACCESS_KEY")?,
            set(&var, "AWS_SESSION_TOKEN"),
            None,
            "environment",
        );
        Ok(Arc::new(Self {
            endpoint,
            region,
            credentials,
        }))
    }
}

fn set(var: &impl Fn(&str) -> Option<String>, name: &str) -> Option<String> {
    var(name).filter(|value| !value.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vars<'a>(all: &'a [(&str, &str)]) -> impl Fn(&str) -> Option<String> + 'a {
        |name| {
            let found = all.iter().find(|(n, _)| *n == name);
            found.map(|(_, value)| (*value).to_owned())
        }
    }

    #[test]
    fn what_is_deployed_waits_ten_minutes_half_a_minute_apart() {
        let timing = Timing::read(vars(&[("WAIT_SECONDS", " ")])).unwrap();
        assert_eq!(timing, Timing::default());
        let seconds = [timing.wait, timing.interval, timing.attempt, timing.reserve];
        assert_eq!(seconds.map(|time| time.as_secs()), [600, 30, 10, 30]);
    }

    #[test]
    fn seconds_that_are_none_are_named() {
        for value in ["0", "-1", "NaN", "inf", "901", "1 s"] {
            let error = Timing::read(vars(&[("INTERVAL_SECONDS", value)])).unwrap_err();
            assert_eq!(error, InvalidSettings::Seconds("INTERVAL_SECONDS"));
        }
    }

    const LAMBDA: [(&str, &str); 3] = [
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ACCESS_KEY_ID", "AKIDEXAMPLE"),
        ("AWS_SECRET_ACCESS_KEY", "hush"),
    ];

    fn endpoint(more: &[(&str, &str)]) -> Result<String, InvalidSettings> {
        let all = [more, &LAMBDA].concat();
        ControlPlane::read(vars(&all)).map(|plane| plane.endpoint.clone())
    }

    #[test]
    fn the_endpoint_is_the_service_s_own_then_any_then_the_region_s() {
        let any = ("AWS_ENDPOINT_URL", "http://127.0.0.1:1/");
        let own = (
            "AWS_ENDPOINT_URL_BEDROCK_AGENTCORE_CONTROL",
            "https://own.example",
        );
        assert_eq!(endpoint(&[any, own]).unwrap(), "https://own.example");
        assert_eq!(endpoint(&[any]).unwrap(), "http://127.0.0.1:1");
        assert_eq!(
            endpoint(&[]).unwrap(),
            "https://bedrock-agentcore-control.eu-west-1.amazonaws.com"
        );
        assert_eq!(
            endpoint(&[("AWS_REGION", "cn-north-1")]).unwrap(),
            "https://bedrock-agentcore-control.cn-north-1.amazonaws.com.cn"
        );
        assert!(endpoint(&[("AWS_ENDPOINT_URL", "http://elsewhere:1")]).is_err());
        assert_eq!(
            endpoint(&[("AWS_ACCESS_KEY_ID", "")]),
            Err(InvalidSettings::Missing("AWS_ACCESS_KEY_ID"))
        );
    }
}
