//! Functions that see every call before or after the tools.

use crate::finding::Finding;
use crate::view::View;

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (gateway, index, arn) in view.interceptors() {
        let index = index.to_string();
        let path = ["InterceptorConfigurations", &index];
        let role = gateway.text(&["RoleArn"]).unwrap_or_default();
        if let Some(role) = view.role_in(&role)
            && !view.may_invoke(&role, &arn)
        {
            findings.push(view.error(
                "interceptor-permission",
                gateway,
                &path,
                format!(
                    "the Gateway's role `{}` may not invoke the interceptor, so every call fails",
                    role.id()
                ),
                "allow lambda:InvokeFunction on exactly the ARN that stands here",
            ));
        }
        match view.function_in(&arn) {
            Some(named) if named.qualifier.is_none() => findings.push(
                view.error(
                    "interceptor-alias",
                    gateway,
                    &path,
                    format!("names `{}` without an alias: a new version takes effect before the rest of a deploy", named.function.id),
                    "publish an alias (`AutoPublishAlias: live`) and name that",
                )
                .warning(),
            ),
            _ => {}
        }
    }
    findings
}
