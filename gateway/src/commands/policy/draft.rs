//! `gateway policy draft`: a sentence becomes Cedar, by the service (NL2Cedar), as a draft.
//!
//! A model writes it, so a person has to review it: it is validated here, written to a file, and
//! attached to nothing.

use std::{error::Error, fs::OpenOptions, io::Write};

use policy::{EnforcementMode, Engine, Mode, Statement};

use super::Loaded;
use crate::cli::Draft;

type BoxError = Box<dyn Error + Send + Sync>;

/// Asks for a draft, validates it against the template's tools and writes it to a file.
///
/// # Errors
/// The service refused or gave nothing, or the file is there already. A draft with findings is
/// written, and is no error.
pub(super) async fn run(options: Draft) -> Result<(), BoxError> {
    let loaded = Loaded::read(options.declared.clone())?;
    let drafts = service::generate(&options).await?;
    if drafts.is_empty() {
        let tool = loaded.tools.first().map_or("Target___tool", String::as_str);
        say!("the service made no policy of this. A starting point to write one by hand:\n");
        say!("{}", starting_point(tool, &options.gateway_arn));
        return Err(
            "no draft was generated: say who may do what with which tool, in English".into(),
        );
    }
    let mut file = OpenOptions::new();
    let mut file = file
        .write(true)
        .create_new(true)
        .open(&options.out)
        .map_err(|error| {
            format!(
                "cannot write `{}`: {error}; name another file with --out",
                options.out.display()
            )
        })?;
    writeln!(
        file,
        "// A DRAFT that a model wrote. Review it; it is attached to nothing.\n// Asked for: {}",
        options.text.replace('\n', " ")
    )?;
    for draft in &drafts {
        writeln!(file, "\n{}", draft.trim())?;
        say!("{}\n", draft.trim());
    }
    let findings = findings(&loaded, &drafts, &options.gateway_arn);
    for finding in &findings {
        say!("{finding}");
    }
    let verdict = if findings.is_empty() {
        "no findings"
    } else {
        "see the findings above"
    };
    say!(
        "written to {} as a draft for review ({verdict}); nothing was attached",
        options.out.display()
    );
    Ok(())
}

/// What the service would find in each draft. The template's tools belong to the local gateway,
/// so its ARN stands in for the deployed one.
fn findings(loaded: &Loaded, drafts: &[String], gateway_arn: &str) -> Vec<String> {
    let numbered = drafts.iter().enumerate();
    let statements = numbered.map(|(index, draft)| Statement {
        id: format!("Draft{}", index + 1),
        cedar: draft.trim().replace(gateway_arn, &loaded.gateway),
        mode: EnforcementMode::Active,
    });
    match Engine::new(
        &loaded.gateway,
        &loaded.schemas,
        statements.collect(),
        Mode::LogOnly,
    ) {
        Ok(engine) => engine.warnings().iter().map(ToString::to_string).collect(),
        Err(findings) => findings.iter().map(ToString::to_string).collect(),
    }
}

fn starting_point(tool: &str, gateway_arn: &str) -> String {
    format!(
        "permit(\n  principal is AgentCore::OAuthUser,\n  action == AgentCore::Action::\"{tool}\",\n  \
         resource == AgentCore::Gateway::\"{gateway_arn}\"\n) when {{\n  principal.hasTag(\"scope\") && \
         principal.getTag(\"scope\") like \"* tools/manager\"\n}};"
    )
}

#[cfg(not(feature = "aws"))]
mod service {
    use super::{BoxError, Draft};

    pub(super) async fn generate(_: &Draft) -> Result<Vec<String>, BoxError> {
        Err("this `gateway` cannot call AWS: build it with `cargo build --bin gateway --features gateway/aws`".into())
    }
}

#[cfg(feature = "aws")]
mod service {
    use std::time::Duration;

    use aws_sdk_bedrockagentcorecontrol::{
        Client,
        error::DisplayErrorContext,
        types::{Content, PolicyDefinition, PolicyGenerationStatus, Resource},
    };

    use super::{BoxError, Draft};

    const INTERVAL: Duration = Duration::from_secs(2);
    /// Five minutes; a generation takes seconds.
    const ATTEMPTS: u32 = 150;

    /// StartPolicyGeneration, GetPolicyGeneration until it is done, ListPolicyGenerationAssets.
    pub(super) async fn generate(options: &Draft) -> Result<Vec<String>, BoxError> {
        let engine = &options.engine;
        let config = aws_config::load_defaults(aws_config::BehaviorVersion::latest()).await;
        let client = Client::new(&config);
        let refused = |error: &dyn std::error::Error| -> BoxError {
            format!("AWS refused: {}", DisplayErrorContext(error)).into()
        };
        let name = format!("draft_{}", uuid::Uuid::new_v4().simple());
        let started = client
            .start_policy_generation()
            .policy_engine_id(engine)
            .resource(Resource::Arn(options.gateway_arn.clone()))
            .content(Content::RawText(options.text.clone()))
            .name(name.chars().take(40).collect::<String>());
        let started = started.send().await.map_err(|error| refused(&error))?;
        let id = started.policy_generation_id();
        for attempt in 0.. {
            let get = client
                .get_policy_generation()
                .policy_engine_id(engine)
                .policy_generation_id(id);
            let state = get.send().await.map_err(|error| refused(&error))?;
            match state.status() {
                PolicyGenerationStatus::Generated => break,
                PolicyGenerationStatus::Generating if attempt < ATTEMPTS => {
                    tokio::time::sleep(INTERVAL).await;
                }
                status => {
                    let reasons = state.status_reasons().join("; ");
                    return Err(format!("the generation ended as `{status}`: {reasons}").into());
                }
            }
        }
        let assets = client
            .list_policy_generation_assets()
            .policy_engine_id(engine)
            .policy_generation_id(id);
        let mut assets = assets.into_paginator().items().send();
        let mut drafts = Vec::new();
        while let Some(asset) = assets.next().await {
            let asset = asset.map_err(|error| refused(&error))?;
            match asset.definition() {
                Some(PolicyDefinition::Cedar(cedar)) => drafts.push(cedar.statement().to_owned()),
                Some(PolicyDefinition::Policy(policy)) => {
                    drafts.push(policy.statement().to_owned())
                }
                _ => {}
            }
        }
        Ok(drafts)
    }
}
