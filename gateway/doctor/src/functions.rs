//! Functions: who they are behind an ARN, and what they are for.

use crate::iam::Role;
use crate::symbols::{ids, mentions, names};
use crate::view::{GATEWAY, Item, TARGET, View};

/// A function of the template as an ARN names it.
pub(crate) struct Named<'v, 'a> {
    pub(crate) function: &'v Item<'a>,
    /// The alias or version; none for what is newest.
    pub(crate) qualifier: Option<String>,
}

const LAMBDA_ARN: [&str; 4] = ["TargetConfiguration", "Mcp", "Lambda", "LambdaArn"];

/// A target's function as the template names it.
pub(crate) fn target_arn(target: &Item<'_>) -> Option<String> {
    target.text(&LAMBDA_ARN)
}

impl<'a> View<'a> {
    /// The function of the template that a name or an ARN stands for.
    pub(crate) fn function_in(&self, text: &str) -> Option<Named<'_, 'a>> {
        let text = self.expanded(text);
        let function = ids(&text)
            .filter_map(|id| self.item(id))
            .find(|item| item.is_function())?;
        let (_, rest) = text.split_once(&format!("${{{}}}", function.id))?;
        let qualifier = rest.strip_prefix(':').filter(|text| !text.is_empty());
        Some(Named {
            function,
            qualifier: qualifier.map(str::to_owned),
        })
    }

    /// The gateways' interceptors: the gateway, the index among its own, and the ARN.
    pub(crate) fn interceptors(&self) -> Vec<(&Item<'a>, usize, String)> {
        let of = |gateway| {
            let list: &Item<'a> = gateway;
            let list = list.list(&["InterceptorConfigurations"]).iter().enumerate();
            list.filter_map(move |(index, one)| {
                let arn = crate::view::get(one, &["Interceptor", "Lambda", "Arn"])?;
                Some((gateway, index, crate::view::text(arn)?))
            })
        };
        self.of_kind(GATEWAY).flat_map(of).collect()
    }

    /// Whether a Gateway invokes the function, as a target or an interceptor.
    pub(crate) fn is_behind_gateway(&self, function: &Item<'_>) -> bool {
        let targets = self.of_kind(TARGET).filter_map(target_arn);
        let interceptors = self.interceptors().into_iter().map(|(_, _, arn)| arn);
        targets.chain(interceptors).any(|arn| {
            self.function_in(&arn)
                .is_some_and(|named| named.function.id == function.id)
        })
    }

    /// Whether CloudFormation invokes the function, as a custom resource.
    pub(crate) fn is_custom_resource(&self, function: &Item<'_>) -> bool {
        let mut tokens = self
            .items
            .iter()
            .filter(|item| is_custom(item.kind))
            .filter_map(|item| item.text(&["ServiceToken"]));
        tokens.any(|token| {
            self.function_in(&token)
                .is_some_and(|named| named.function.id == function.id)
        })
    }

    /// Whether a role may invoke a function, by its own policies or by the function's.
    pub(crate) fn may_invoke(&self, role: &Role<'a>, arn: &str) -> bool {
        let own = self.grants(role).allow(self, "lambda:InvokeFunction", arn);
        let named = self.function_in(arn);
        own || self.of_kind("AWS::Lambda::Permission").any(|permission| {
            let text = |key| permission.text(&[key]).unwrap_or_default();
            let function = self.function_in(&text("FunctionName"));
            let same = function.zip(named.as_ref());
            names(&text("Principal"), &role.id())
                && same.is_some_and(|(one, other)| one.function.id == other.function.id)
        })
    }

    /// The gateway that a target or another resource belongs to.
    pub(crate) fn gateway_of(&self, item: &Item<'_>) -> Option<&Item<'a>> {
        let text = item.text(&["GatewayIdentifier"])?;
        self.named_in(GATEWAY, &text)
    }

    /// The role of the template that a function runs as.
    pub(crate) fn role_of(&self, function: &Item<'a>) -> Option<Role<'a>> {
        match function.text(&["Role"]) {
            Some(role) => self.role_in(&role),
            None if function.kind == "AWS::Serverless::Function" => {
                Some(Role::Generated(*function))
            }
            None => None,
        }
    }

    /// Whether a resource waits for a custom resource that itself is made after `id`, or names it.
    pub(crate) fn waits_for(&self, waiting: &str, id: &str) -> bool {
        self.items
            .iter()
            .filter(|item| is_custom(item.kind) && item.id != waiting)
            .any(|custom| {
                let after = self.graph.reaches(custom.id, id) || mentions(custom.properties, id);
                after && self.graph.reaches(waiting, custom.id)
            })
    }
}

pub(crate) fn is_custom(kind: &str) -> bool {
    kind.starts_with("Custom::") || kind == "AWS::CloudFormation::CustomResource"
}
