//! Parameters: what the caller gives, the defaults, and whether they fit what the template says.
//!
//! From the CloudFormation guide, "Parameters section syntax". `Ref` of a `Number` gives its text:
//! "when you use the parameter elsewhere in your template, the parameter value becomes a literal
//! string". `AllowedPattern` is checked if it is a regular expression without look-around and
//! back-references, and passed over otherwise. The existence of things in an account (key pairs,
//! subnets) is not checked.

use std::collections::BTreeMap;

use regex_lite::Regex;
use serde_json::Value;

use crate::error::{Errors, Path, Place};
use crate::near::did_you_mean;
use crate::template::Template;
use crate::yaml::Node;

/// The value of every parameter; `None` for a default in SSM Parameter Store, which is not known
/// here and an error only where it is used.
pub(crate) type Parameters = BTreeMap<String, Option<Value>>;

pub(crate) fn values(
    template: &Template,
    given: &BTreeMap<String, String>,
) -> Result<Parameters, Errors> {
    let declared = template.section("Parameters");
    let mut errors = Errors::default();
    let mut values = Parameters::new();
    for (name, node) in declared {
        let path = Path::root("Parameters");
        let path = path.key(name);
        let declaration = Declaration { name, node, path };
        if let Some(value) = errors.take(declaration.value(given.get(name))) {
            values.insert(name.clone(), value);
        }
    }
    for name in given.keys().filter(|name| !declared.contains_key(*name)) {
        let names: Vec<_> = declared.keys().map(String::as_str).collect();
        let near = did_you_mean(name, names.iter().copied());
        let known = match names.as_slice() {
            [] => "the template has none".to_owned(),
            names => format!("known: `{}`", names.join("`, `")),
        };
        let message = format!("unknown parameter `{name}`{near} ({known})");
        let place = template.place_of(&["Parameters"]);
        errors.take::<()>(Err(Path::root("Parameters").error(place, message)));
    }
    errors.unless_empty(values)
}

/// A parameter as the template declares it.
#[derive(Debug, Clone, Copy)]
pub struct Parameter<'t> {
    name: &'t str,
    node: &'t Node,
}

impl<'t> Parameter<'t> {
    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'t str {
        self.name
    }

    /// Where its declaration stands.
    #[must_use]
    pub fn place(&self) -> Place {
        self.node.place
    }

    /// An entry that is plain text, such as `Type`, `Default`, `Description` or `MaxLength`.
    #[must_use]
    pub fn text(&self, key: &str) -> Option<&'t str> {
        self.node.get(key)?.text()
    }

    /// Whether `NoEcho` hides its value.
    #[must_use]
    pub fn is_secret(&self) -> bool {
        self.text("NoEcho")
            .is_some_and(|text| text.eq_ignore_ascii_case("true"))
    }

    /// `AllowedValues`; nothing if it takes any.
    #[must_use]
    pub fn allowed_values(&self) -> Vec<&'t str> {
        let items = self.node.get("AllowedValues").and_then(Node::list);
        items
            .unwrap_or_default()
            .iter()
            .filter_map(Node::text)
            .collect()
    }

    /// Whether the declaration is sound and takes `value`, the text of a list with its commas.
    #[must_use]
    pub fn admits(&self, value: &str) -> bool {
        let path = Path::root("Parameters");
        let path = path.key(self.name);
        let Parameter { name, node } = *self;
        let declaration = Declaration { name, node, path };
        declaration.value(Some(&value.to_owned())).is_ok()
    }
}

impl Template {
    /// The parameters, by name.
    pub fn parameters(&self) -> impl Iterator<Item = Parameter<'_>> {
        let declared = self.section("Parameters").iter();
        declared.map(|(name, node)| Parameter { name, node })
    }
}

struct Declaration<'a> {
    name: &'a str,
    node: &'a Node,
    path: Path<'a>,
}

impl Declaration<'_> {
    fn value(&self, given: Option<&String>) -> Result<Option<Value>, Errors> {
        let kind = self.text("Type")?.unwrap_or_default();
        let stored = kind.strip_prefix("AWS::SSM::Parameter::Value<");
        let held = stored
            .and_then(|kind| kind.strip_suffix('>'))
            .unwrap_or(kind);
        let list = held == "CommaDelimitedList" || held.starts_with("List<");
        let number = held == "Number" || held == "List<Number>";
        if !(list || number || held == "String" || held.starts_with("AWS::")) {
            let near = did_you_mean(
                kind,
                ["String", "Number", "CommaDelimitedList", "List<Number>"],
            );
            let message = format!(
                "`{kind}` is no type of a parameter{near}: expected `String`, `Number`, \
                 `CommaDelimitedList`, `List<Number>` or a type that begins with `AWS::`"
            );
            return Err(self.error("Type", message));
        }
        let default = self.text("Default")?;
        let text = match (given, default) {
            (Some(given), _) => given,
            (None, Some(_)) if stored.is_some() => return Ok(None),
            (None, Some(default)) => default,
            (None, None) => {
                let name = self.name;
                let message = format!(
                    "the parameter `{name}` has no default: give it a value with `--parameter {name}=VALUE`"
                );
                return Err(self.path.error(self.node.place, message));
            }
        };
        // A list with nothing in it is one empty text, as CloudFormation has it.
        let parts: Vec<&str> = match list {
            true => text.split(',').map(str::trim).collect(),
            false => vec![text],
        };
        let secret = self
            .text("NoEcho")?
            .is_some_and(|text| text.eq_ignore_ascii_case("true"));
        for part in &parts {
            if let Err(want) = self.fits(part, number)? {
                let what = match secret {
                    true => "the value".to_owned(),
                    false => format!("`{part}`"),
                };
                let note = self.text("ConstraintDescription")?;
                let note = note.map(|note| format!(": {note}")).unwrap_or_default();
                let message = format!(
                    "{what} does not fit the parameter `{}`: {want}{note}",
                    self.name
                );
                return Err(self.path.error(self.node.place, message));
            }
        }
        Ok(Some(match list {
            true => parts.into(),
            false => text.into(),
        }))
    }

    /// Whether one value fits; if not, what was expected.
    fn fits(&self, value: &str, number: bool) -> Result<Result<(), String>, Errors> {
        if number && parsed(value).is_none() {
            return Ok(Err("expected a number".to_owned()));
        }
        if let Some(allowed) = self.entry("AllowedValues") {
            let Some(items) = allowed.list() else {
                return Err(self.error("AllowedValues", "expected a list"));
            };
            let texts: Vec<_> = items.iter().filter_map(Node::text).collect();
            if !texts.contains(&value) {
                return Ok(Err(format!("expected one of `{}`", texts.join("`, `"))));
            }
        }
        let length = value.chars().count() as f64;
        let size = if number {
            parsed(value).unwrap_or_default()
        } else {
            length
        };
        let bounds = if number {
            ["MinValue", "MaxValue"]
        } else {
            ["MinLength", "MaxLength"]
        };
        for (bound, sign) in bounds.into_iter().zip([1.0, -1.0]) {
            let Some(text) = self.text(bound)? else {
                continue;
            };
            let Some(limit) = parsed(text) else {
                return Err(self.error(bound, "expected a number"));
            };
            if (size - limit) * sign < 0.0 {
                return Ok(Err(format!("`{bound}` is {text}")));
            }
        }
        if let Some(pattern) = self.text("AllowedPattern")? {
            let whole = Regex::new(&format!("^(?:{pattern})$"));
            if whole.is_ok_and(|whole| !whole.is_match(value)) {
                return Ok(Err(format!(
                    "expected what the pattern `{pattern}` matches"
                )));
            }
        }
        Ok(Ok(()))
    }

    fn entry(&self, key: &str) -> Option<&Node> {
        self.node.get(key)
    }

    fn text(&self, key: &str) -> Result<Option<&str>, Errors> {
        match self.entry(key).map(Node::text) {
            Some(None) => {
                Err(self.error(key, "expected plain text: a parameter takes no functions"))
            }
            text => Ok(text.flatten()),
        }
    }

    fn error(&self, key: &str, message: impl Into<String>) -> Errors {
        let place: Place = self.entry(key).map_or(self.node.place, |node| node.place);
        self.path.key(key).error(place, message)
    }
}

fn parsed(text: &str) -> Option<f64> {
    text.trim()
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite())
}
