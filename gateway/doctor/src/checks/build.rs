//! Functions that `sam build` cannot build, or that would not start.

use crate::finding::Finding;
use crate::view::{Item, View, get, text};

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for function in view.functions() {
        if function.text(&["PackageType"]).as_deref() == Some("Image") {
            continue;
        }
        let serverless = function.kind == "AWS::Serverless::Function";
        if serverless
            && ["CodeUri", "InlineCode"]
                .iter()
                .all(|code| function.get(&[code]).is_none())
        {
            let remedy = "add `CodeUri`: the folder that is built, such as `.`";
            findings.push(view.error("function-build", function, &[], "has no code", remedy));
        }
        let runtime = function.text(&["Runtime"]).unwrap_or_default();
        let handler = function.text(&["Handler"]).unwrap_or_default();
        let metadata = function.resource.metadata.as_ref().ok();
        let of = |path: &[&str]| metadata.and_then(|all| get(all, path)).and_then(text);
        let method = of(&["BuildMethod"]);
        let provided = runtime.starts_with("provided");
        if provided && handler != "bootstrap" {
            findings.push(
                view.error(
                    "function-build",
                    function,
                    &["Handler"],
                    format!("a function on `{runtime}` runs the file `bootstrap`, the handler is `{handler}`"),
                    "write `Handler: bootstrap`",
                )
                .warning(),
            );
        }
        if ["provided", "provided.al2"].contains(&runtime.as_str()) {
            findings.push(
                view.error(
                    "function-build",
                    function,
                    &["Runtime"],
                    format!("`{runtime}` stands on Amazon Linux that is no longer kept up"),
                    "take `provided.al2023`",
                )
                .warning(),
            );
        }
        if provided && function.list(&["Architectures"]).is_empty() {
            findings.push(
                view.error(
                    "function-architecture",
                    function,
                    &[],
                    "does not say for which processor it is built; without it that is x86_64",
                    "add `Architectures: [arm64]` or `[x86_64]`",
                )
                .warning(),
            );
        }
        if method.as_deref() == Some("rust-cargolambda") {
            if !provided {
                findings.push(view.error(
                    "function-build",
                    function,
                    &["Runtime"],
                    format!("a Rust binary does not run on `{runtime}`"),
                    "take `provided.al2023`",
                ));
            }
            binary(
                view,
                function,
                of(&["BuildProperties", "Binary"]),
                &mut findings,
            );
        } else if provided && method.is_none() && is_source(function) {
            findings.push(
                view.error(
                    "function-build",
                    function,
                    &[],
                    "`sam build` is not told how to build it",
                    "add Metadata with a BuildMethod, such as `rust-cargolambda` or `makefile`",
                )
                .warning(),
            );
        }
    }
    findings
}

/// Whether the code is a folder to build from, and no archive that is there already.
fn is_source(function: &Item<'_>) -> bool {
    let uri = function.text(&["CodeUri"]);
    function.kind == "AWS::Serverless::Function"
        && uri.is_some_and(|uri| !uri.ends_with(".zip") && !uri.starts_with("s3://"))
}

fn binary(view: &View<'_>, function: &Item<'_>, name: Option<String>, findings: &mut Vec<Finding>) {
    let code = function.text(&["CodeUri"]).unwrap_or_default();
    let Some(known) = view.once.binaries_at(&code) else {
        return;
    };
    let list: Vec<_> = known.iter().map(String::as_str).collect();
    let what = match name {
        Some(name) if known.contains(&name) => return,
        Some(name) => format!("the cargo workspace has no binary `{name}`"),
        None if known.len() == 1 => return,
        None => "the cargo workspace has several binaries, and none is named".to_owned(),
    };
    findings.push(view.error_at(
        "function-build",
        &[
            "Resources",
            function.id,
            "Metadata",
            "BuildProperties",
            "Binary",
        ],
        what,
        format!(
            "name one of `{}` in Metadata.BuildProperties.Binary",
            list.join("`, `")
        ),
    ));
}
