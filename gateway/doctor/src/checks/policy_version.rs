//! Policy documents without a version.

use crate::finding::Finding;
use crate::view::View;

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for item in view
        .items
        .iter()
        .filter(|item| item.kind.starts_with("AWS::IAM::"))
    {
        let inline = (0..item.list(&["Policies"]).len()).map(|index| index.to_string());
        let inline =
            inline.map(|index| vec!["Policies".to_owned(), index, "PolicyDocument".to_owned()]);
        let own = ["AssumeRolePolicyDocument", "PolicyDocument"].map(|name| vec![name.to_owned()]);
        for path in inline.chain(own) {
            let path: Vec<&str> = path.iter().map(String::as_str).collect();
            let Some(document) = item.get(&path) else {
                continue;
            };
            if document
                .get("Version")
                .and_then(crate::view::text)
                .as_deref()
                != Some("2012-10-17")
            {
                findings.push(
                    view.error(
                        "policy-version",
                        item,
                        &path,
                        "without the version 2012-10-17 IAM takes it by the rules of 2008, where `${...}` is plain text",
                        "add `Version: \"2012-10-17\"`",
                    )
                    .warning(),
                );
            }
        }
    }
    findings
}
