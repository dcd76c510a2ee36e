//! Functions: who they are behind an ARN, and what they are for.

use std::collections::BTreeSet;

use crate::iam::Role;
use crate::symbols::{ids, mentions, names};
use crate::view::{GATEWAY, Item, LAMBDA_ARN, TARGET, View};

/// A function of the template as an ARN names it.
pub(crate) struct Named<'v, 'a> {
    pub(crate) function: &'v Item<'a>,
    /// The alias or version; none for what is newest.
    pub(crate) qualifier: Option<String>,
}

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
        self.behind.contains(function.id)
    }

    pub(crate) fn invoked_by_gateways(&self) -> BTreeSet<&'a str> {
        let targets = self.of_kind(TARGET).filter_map(target_arn);
        let interceptors = self.interceptors().into_iter().map(|(_, _, arn)| arn);
        let named = targets.chain(interceptors);
        named
            .filter_map(|arn| Some(self.function_in(&arn)?.function.id))
            .collect()
    }

    /// Whether CloudFormation invokes the function, as a custom resource.
    pub(crate) fn is_custom_resource(&self, function: &Item<'_>) -> bool {
        self.custom.contains(function.id)
    }

    pub(crate) fn invoked_by_cloudformation(&self) -> BTreeSet<&'a str> {
        let custom = self.items.iter().filter(|item| is_custom(item.kind));
        custom
            .filter_map(|item| item.text(&["ServiceToken"]))
            .filter_map(|token| Some(self.function_in(&token)?.function.id))
            .collect()
    }

    /// Whether a role may invoke a function, by its own policies or by the function's.
    pub(crate) fn may_invoke(&self, role: &Role<'a>, arn: &str) -> bool {
        let own = self.grants(role).allow(self, "lambda:InvokeFunction", arn);
        let named = self.function_in(arn);
        let id = role.id();
        own || self.permitted.iter().any(|(function, who)| {
            let same = named
                .as_ref()
                .is_some_and(|one| one.function.id == *function);
            same && names(who, &id)
        })
    }

    /// Functions and whom their resource policies let invoke them.
    pub(crate) fn permissions(&self) -> Vec<(&'a str, String)> {
        let permissions = self.of_kind("AWS::Lambda::Permission");
        permissions
            .filter_map(|permission| {
                let function = self.function_in(&permission.text(&["FunctionName"])?)?;
                Some((function.function.id, permission.text(&["Principal"])?))
            })
            .collect()
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
                let after = || self.graph.reaches(custom.id, id) || mentions(custom.properties, id);
                self.graph.reaches(waiting, custom.id) && after()
            })
    }
}

pub(crate) fn is_custom(kind: &str) -> bool {
    kind.starts_with("Custom::") || kind == "AWS::CloudFormation::CustomResource"
}
