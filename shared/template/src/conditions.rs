//! The `Conditions` section: `Fn::Equals`, `Fn::And`, `Fn::Or`, `Fn::Not` and `Condition`.

use serde_json::Value;

use crate::error::{Errors, Path};
use crate::evaluate::{Evaluation, scalar_text};
use crate::near::did_you_mean;
use crate::transforms::is_macro;
use crate::yaml::{Kind, Node};

impl<'a> Evaluation<'a> {
    /// Evaluates every condition of the template, so that from here on all are known.
    pub(crate) fn evaluate_conditions(&self) -> Result<(), Errors> {
        let mut errors = Errors::default();
        let declared = self.template.section("Conditions").iter();
        for (name, node) in declared.filter(|(name, _)| !is_macro(name)) {
            errors.take(self.named_condition(name, node, &Path::root("Conditions")));
        }
        errors.unless_empty(())
    }

    /// The condition `name`, as asked for by `node`. One that failed before fails without a
    /// second message: the first ends the resolution whatever follows from it.
    pub(crate) fn named_condition(
        &self,
        name: &str,
        node: &Node,
        path: &Path<'_>,
    ) -> Result<bool, Errors> {
        if let Some(known) = self.conditions.borrow().get(name) {
            return known.ok_or_else(Errors::default);
        }
        let declared = self.template.section("Conditions");
        let Some((name, condition)) = declared.get_key_value(name) else {
            let near = did_you_mean(name, declared.keys().map(String::as_str));
            return Err(path.error(node.place, format!("unknown condition `{name}`{near}")));
        };
        if self.pending.borrow().contains(&name.as_str()) {
            let message = format!("the condition `{name}` refers back to itself");
            return Err(path.error(node.place, message));
        }
        self.pending.borrow_mut().push(name);
        let result = self.condition(condition, &Path::root("Conditions").key(name));
        self.pending.borrow_mut().pop();
        self.conditions
            .borrow_mut()
            .insert(name, result.as_ref().ok().copied());
        result
    }

    fn condition(&self, node: &Node, path: &Path<'_>) -> Result<bool, Errors> {
        let _level = self.enter(node, path)?;
        let (name, argument) = match &node.kind {
            Kind::Call { name, argument } => (name.as_str(), &**argument),
            Kind::Map(entries) if entries.len() == 1 => match entries.get("Condition") {
                Some(argument) => ("Condition", argument),
                None => return Err(no_condition(node, path)),
            },
            _ => return Err(no_condition(node, path)),
        };
        match (name, argument.text(), argument.list()) {
            ("Condition", Some(name), _) => self.named_condition(name, argument, path),
            ("Fn::Equals", _, Some([left, right])) => {
                let left = self.required(left, path);
                let right = self.required(right, path);
                Ok(same(&left?, &right?))
            }
            ("Fn::Not", _, Some([one])) => self.condition(one, path).map(|value| !value),
            ("Fn::And" | "Fn::Or", _, Some(list)) if (2..=10).contains(&list.len()) => {
                let mut errors = Errors::default();
                let mut values = Vec::new();
                for one in list {
                    values.extend(errors.take(self.condition(one, path)));
                }
                errors.unless_empty(match name {
                    "Fn::And" => !values.contains(&false),
                    _ => values.contains(&true),
                })
            }
            _ => {
                let want = match name {
                    "Condition" => "the name of a condition",
                    "Fn::Equals" => "a list of two values",
                    "Fn::Not" => "a list of one condition",
                    "Fn::And" | "Fn::Or" => "a list of two to ten conditions",
                    _ => return Err(no_condition(node, path)),
                };
                Err(path.error(argument.place, format!("`{name}` takes {want}")))
            }
        }
    }
}

fn no_condition(node: &Node, path: &Path<'_>) -> Errors {
    let message =
        "expected a condition: `Fn::Equals`, `Fn::And`, `Fn::Or`, `Fn::Not` or `Condition`";
    path.error(node.place, message)
}

/// CloudFormation compares text: `!Equals [!Ref Flag, true]` holds for the parameter `"true"`.
fn same(left: &Value, right: &Value) -> bool {
    match (scalar_text(left), scalar_text(right)) {
        (Some(left), Some(right)) => left == right,
        _ => left == right,
    }
}
