//! What SAM makes and a template may refer to without declaring it (SAM guide, "Generated
//! CloudFormation resources").

use crate::evaluate::{Evaluation, FUNCTION, kind_of};
use crate::yaml::Node;

/// Beside a resource `Name` of the first type: `Name` with the suffix, of the second.
const BESIDE: [(&str, &str, &str); 3] = [
    (FUNCTION, "Role", "AWS::IAM::Role"),
    (FUNCTION, "Url", "AWS::Lambda::Url"),
    ("AWS::Serverless::StateMachine", "Role", "AWS::IAM::Role"),
];

/// An API, made once for the events of all functions that name none.
struct Api {
    /// Declared in SAM.
    kind: &'static str,
    /// The id of the one that is not declared.
    implicit: &'static str,
    /// In CloudFormation.
    made: &'static str,
    stage: &'static str,
}

const APIS: [Api; 2] = [
    Api {
        kind: "AWS::Serverless::Api",
        implicit: "ServerlessRestApi",
        made: "AWS::ApiGateway::RestApi",
        stage: "AWS::ApiGateway::Stage",
    },
    Api {
        kind: "AWS::Serverless::HttpApi",
        implicit: "ServerlessHttpApi",
        made: "AWS::ApiGatewayV2::Api",
        stage: "AWS::ApiGatewayV2::Stage",
    },
];

impl Evaluation<'_> {
    /// What SAM makes under this id: its type, and the resource that it belongs to.
    pub(crate) fn generated(&self, id: &str) -> Option<(Option<&Node>, &'static str)> {
        let declared = self.template.section("Resources");
        let of_kind = |id: &str, kind: &str| declared.get(id).filter(|node| kind_of(node) == kind);
        let beside = BESIDE.iter().find_map(|(owner, suffix, kind)| {
            let owner = of_kind(id.strip_suffix(suffix)?, owner)?;
            Some((Some(owner), *kind))
        });
        let alias = || {
            id.match_indices("Alias").find_map(|(at, suffix)| {
                let (name, alias) = (id.get(..at)?, id.get(at + suffix.len()..)?);
                let function = of_kind(name, FUNCTION)?;
                let same = self.alias(function)?.text() == Some(alias);
                same.then_some((Some(function), "AWS::Lambda::Alias"))
            })
        };
        let has_functions = || declared.values().any(|node| kind_of(node) == FUNCTION);
        let api = || {
            let api = APIS.iter().find(|api| api.implicit == id)?;
            has_functions().then_some((None, api.made))
        };
        // `ApiProdStage`, `ApiStage` if a function gives the stage's name,
        // `HttpApiApiGatewayDefaultStage`: the name of the API stands first.
        let stage = || {
            let name = id.strip_suffix("Stage")?;
            APIS.iter().find_map(|api| {
                let of_api = |(id, node): &(&String, &Node)| {
                    kind_of(node) == api.kind && name.starts_with(*id)
                };
                match declared.iter().find(of_api) {
                    Some((_, node)) => Some((Some(node), api.stage)),
                    None => (name.starts_with(api.implicit) && has_functions())
                        .then_some((None, api.stage)),
                }
            })
        };
        beside.or_else(alias).or_else(api).or_else(stage)
    }

    /// A function's `AutoPublishAlias`, its own or from `Globals`.
    pub(crate) fn alias<'n>(&'n self, function: &'n Node) -> Option<&'n Node> {
        let globals = self.template.section("Globals").get("Function");
        let own = function.get("Properties");
        own.and_then(|node| node.get("AutoPublishAlias"))
            .or_else(|| globals?.get("AutoPublishAlias"))
    }
}
