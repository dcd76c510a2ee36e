//! What a Runtime's execution role must let it do (AgentCore developer guide, "IAM permissions for
//! AgentCore Runtime").

use crate::finding::Finding;
use crate::iam::Statement;
use crate::symbols::mentions;
use crate::view::{GATEWAY, Item, RUNTIME, View};

const INVOKE: &str = "bedrock:InvokeModel";
const CALL: &str = "bedrock-agentcore:InvokeGateway";

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for runtime in view.of_kind(RUNTIME) {
        let role = runtime.text(&["RoleArn"]).unwrap_or_default();
        let Some(role) = view.role_in(&role) else {
            continue;
        };
        let grants = view.grants(&role);
        let mut report = |what: &str, lacking: Vec<String>| {
            if !lacking.is_empty() {
                findings.push(view.error(
                    "runtime-role",
                    &role.item(),
                    &[],
                    format!(
                        "the Runtime `{}` cannot {what}: its role lacks {}",
                        runtime.id,
                        lacking.join(", ")
                    ),
                    "allow this, on as little as it takes",
                ));
            }
        };
        for (what, actions, resource) in needs(view, runtime) {
            let lacking = actions.iter().filter(|action| match &resource {
                Some(resource) => !grants.allow(view, action, resource),
                None => !grants.mention(action),
            });
            report(what, lacking.map(|action| (*action).to_owned()).collect());
        }
        let models = |statement: &Statement<'_>| {
            let resources = statement.resources();
            resources
                .iter()
                .any(|one| one == "*" || one.contains(":foundation-model/"))
        };
        if grants.on(INVOKE).next().is_some() && !grants.on(INVOKE).any(models) {
            report(
                "invoke a model, not through an inference profile either",
                vec![format!("{INVOKE} on a foundation model")],
            );
        }
        let signed =
            |gateway: &&Item<'_>| gateway.text(&["AuthorizerType"]).as_deref() == Some("AWS_IAM");
        for gateway in view.of_kind(GATEWAY).filter(signed) {
            let arn = view.arn("bedrock-agentcore", &format!("gateway/${{{}}}", gateway.id));
            let used = mentions(runtime.properties, gateway.id);
            if used && !grants.allow(view, CALL, &arn) {
                report("call the Gateway that it is told of", vec![CALL.to_owned()]);
            }
        }
        for statement in grants.on("bedrock-agentcore:GetWorkloadAccessTokenForUserId") {
            findings.push(
                view.error(
                    "runtime-role",
                    &statement.item,
                    &statement.path(),
                    "allows GetWorkloadAccessTokenForUserId, which believes whatever user it is told",
                    "allow GetWorkloadAccessTokenForJWT, which reads the user from a verified token",
                )
                .warning(),
            );
        }
    }
    findings
}

/// What for, which actions, and on which resource, if one is known.
type Need = (&'static str, &'static [&'static str], Option<String>);

fn needs(view: &View<'_>, runtime: &Item<'_>) -> Vec<Need> {
    let environment = &view.scenario.environment;
    let arn = |service: &str, rest: String| {
        let region = &environment.region;
        Some(format!(
            "arn:{}:{service}:{region}:{}:{rest}",
            environment.partition, environment.account_id
        ))
    };
    let id = format!("${{{}}}", runtime.id);
    let mut needs: Vec<Need> = vec![
        (
            "invoke a model",
            &[
                "bedrock:InvokeModel",
                "bedrock:InvokeModelWithResponseStream",
            ],
            None,
        ),
        (
            "write its logs",
            &[
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:PutLogEvents",
            ],
            arn(
                "logs",
                format!("log-group:/aws/bedrock-agentcore/runtimes/{id}-DEFAULT:log-stream:x"),
            ),
        ),
        (
            "look for its log streams",
            &["logs:DescribeLogStreams"],
            arn(
                "logs",
                format!("log-group:/aws/bedrock-agentcore/runtimes/{id}-DEFAULT:log-stream:x"),
            ),
        ),
        (
            "send its traces",
            &["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
            Some("*".to_owned()),
        ),
        (
            "publish its metrics",
            &["cloudwatch:PutMetricData"],
            Some("*".to_owned()),
        ),
        (
            "get workload tokens",
            &[
                "bedrock-agentcore:GetWorkloadAccessToken",
                "bedrock-agentcore:GetWorkloadAccessTokenForJWT",
            ],
            arn(
                "bedrock-agentcore",
                "workload-identity-directory/default".to_owned(),
            ),
        ),
        (
            "get workload tokens",
            &[
                "bedrock-agentcore:GetWorkloadAccessToken",
                "bedrock-agentcore:GetWorkloadAccessTokenForJWT",
            ],
            arn(
                "bedrock-agentcore",
                format!("workload-identity-directory/default/workload-identity/{id}"),
            ),
        ),
    ];
    let image = runtime.text(&[
        "AgentRuntimeArtifact",
        "ContainerConfiguration",
        "ContainerUri",
    ]);
    if let Some(image) = image.filter(|image| image.contains(".dkr.ecr.")) {
        needs.push((
            "log in to the registry of its image",
            &["ecr:GetAuthorizationToken"],
            Some("*".to_owned()),
        ));
        needs.push((
            "pull its image",
            &["ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer"],
            repository(&environment.partition, &image),
        ));
    }
    needs
}

/// `ACCOUNT.dkr.ecr.REGION.amazonaws.com/REPOSITORY`, then `:TAG` or `@DIGEST`.
fn repository(partition: &str, image: &str) -> Option<String> {
    let (registry, rest) = image.split_once('/')?;
    let mut parts = registry.split('.');
    let (account, region) = (parts.next()?, parts.nth(2)?);
    let name = rest.split([':', '@']).next()?;
    Some(format!(
        "arn:{partition}:ecr:{region}:{account}:repository/{name}"
    ))
}
