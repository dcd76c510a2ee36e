//! What a Runtime's execution role must let it do (AgentCore developer guide, "IAM permissions for
//! AgentCore Runtime").

use crate::finding::{Finding, Level};
use crate::iam::Statement;
use crate::symbols::mentions;
use crate::view::{GATEWAY, Item, RUNTIME, View};

const INVOKE: &str = "bedrock:InvokeModel";
const TOKEN: &str = "bedrock-agentcore:GetWorkloadAccessToken";
const TOKEN_FOR_JWT: &str = "bedrock-agentcore:GetWorkloadAccessTokenForJWT";
const CALL: &str = "bedrock-agentcore:InvokeGateway";

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for runtime in view.of_kind(RUNTIME) {
        let role = runtime.text(&["RoleArn"]).unwrap_or_default();
        let Some(role) = view.role_in(&role) else {
            continue;
        };
        let grants = view.grants(&role);
        let mut report = |what: &str, lacking: Vec<String>, level: Level| {
            if !lacking.is_empty() {
                let mut finding = view.error(
                    "runtime-role",
                    &role.item(),
                    &[],
                    format!(
                        "the Runtime `{}` cannot {what}: its role lacks {}",
                        runtime.id,
                        lacking.join(", ")
                    ),
                    "allow this, on as little as it takes",
                );
                finding.level = level;
                findings.push(finding);
            }
        };
        let lacking = |(_, actions, resource): &Need| -> Vec<String> {
            let lacking = actions.iter().filter(|action| match resource {
                Some(resource) => !grants.allow(view, action, resource),
                None => !grants.mention(action),
            });
            lacking.map(|action| (*action).to_owned()).collect()
        };
        for need in needs(view, runtime) {
            report(need.0, lacking(&need), Level::Error);
        }
        // An agent may have its models elsewhere, or none, as an MCP server does: a role that grants
        // neither is taken as meant so.
        let agent = [
            INVOKE,
            "bedrock:InvokeModelWithResponseStream",
            TOKEN,
            TOKEN_FOR_JWT,
        ];
        if agent.iter().any(|action| grants.mention(action)) {
            for need in agents_needs(view, runtime) {
                report(need.0, lacking(&need), Level::Warning);
            }
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
                Level::Error,
            );
        }
        let signed =
            |gateway: &&Item<'_>| gateway.text(&["AuthorizerType"]).as_deref() == Some("AWS_IAM");
        for gateway in view.of_kind(GATEWAY).filter(signed) {
            let arn = view.arn("bedrock-agentcore", &format!("gateway/${{{}}}", gateway.id));
            let used = mentions(runtime.properties, gateway.id);
            if used && !grants.allow(view, CALL, &arn) {
                report(
                    "call the Gateway that it is told of",
                    vec![CALL.to_owned()],
                    Level::Error,
                );
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

/// What an agent needs if it calls Bedrock's models and works for its caller.
fn agents_needs(view: &View<'_>, runtime: &Item<'_>) -> Vec<Need> {
    let mut needs: Vec<Need> = Vec::new();
    if runtime.text(&["ProtocolConfiguration"]).as_deref() != Some("MCP") {
        let actions = &[INVOKE, "bedrock:InvokeModelWithResponseStream"];
        needs.push(("invoke a model, if the agent does", actions, None));
    }
    let directory = "workload-identity-directory/default";
    let own = format!("{directory}/workload-identity/${{{}}}", runtime.id);
    for resource in [directory, &own] {
        needs.push((
            "get workload tokens, if the agent does",
            &[TOKEN, TOKEN_FOR_JWT],
            Some(view.arn("bedrock-agentcore", resource)),
        ));
    }
    needs
}

/// What any container needs.
fn needs(view: &View<'_>, runtime: &Item<'_>) -> Vec<Need> {
    let logs = format!(
        "log-group:/aws/bedrock-agentcore/runtimes/${{{}}}-DEFAULT:log-stream:x",
        runtime.id
    );
    let logs = Some(view.arn("logs", &logs));
    let mut needs: Vec<Need> = vec![
        (
            "write its logs",
            &[
                "logs:CreateLogGroup",
                "logs:CreateLogStream",
                "logs:PutLogEvents",
            ],
            logs.clone(),
        ),
        (
            "look for its log streams",
            &["logs:DescribeLogStreams"],
            logs,
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
            repository(&view.scenario.environment.partition, &image),
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
