//! The circumstances that a template is looked at in.

use std::collections::{BTreeMap, BTreeSet};

use template::{Environment, Parameter, Template};

use crate::finding::{Finding, Level};
use crate::placeholder::{hostile, plausible};

/// Values of parameters and a stack's name.
pub(crate) struct Scenario {
    /// What is unlike the first scenario: `with NAME=VALUE`. `None` for that itself.
    pub(crate) label: Option<String>,
    pub(crate) environment: Environment,
    /// Whether only the stack is another.
    pub(crate) other_stack: bool,
    /// The values that `NoEcho` hides, without those too short to tell from other text.
    pub(crate) secrets: Vec<String>,
}

/// So long that finding it in a text means something.
const TELLING: usize = 4;

/// CloudFormation takes `[a-zA-Z][-a-zA-Z0-9]*` up to 128 characters for a stack's name.
const STACK_NAMES: [&str; 4] = ["a", "A--b", "My-Stack-", LONGEST];
const LONGEST: &str = "Long-name-of-a-stack-Long-name-of-a-stack-Long-name-of-a-stack-Long-name-of-a-stack-Long-name-of-a-stack-Long-name-of-a-stack-Lo";

/// How many are looked at: a large template takes some hundredths of a second in each.
const MOST: usize = 300;

/// The scenarios, and what is found in making them.
pub(crate) struct All {
    /// The template with the given parameters as it stands first.
    pub(crate) scenarios: Vec<Scenario>,
    /// How many are too many.
    pub(crate) left_out: usize,
    /// One for each parameter that no value is known for.
    pub(crate) findings: Vec<Finding>,
}

/// One parameter with another value.
struct Variation<'p, 't> {
    parameter: &'p Parameter<'t>,
    value: String,
    /// How many other values of the parameter come before.
    rank: usize,
    /// Whether everything that may be left out is there.
    whole: bool,
}

/// All scenarios with `given` parameters.
pub(crate) fn all(template: &Template, given: &BTreeMap<String, String>) -> All {
    let mut findings = Vec::new();
    let mut base = Environment {
        parameters: given.clone(),
        stack_name: "tools".to_owned(),
        ..Environment::default()
    };
    let others: Vec<_> = template
        .parameters()
        .filter(|parameter| !given.contains_key(parameter.name()))
        .collect();
    for parameter in &others {
        let stored = parameter
            .text("Type")
            .is_some_and(|kind| kind.starts_with("AWS::SSM::"));
        if parameter.text("Default").is_some() && !stored {
            continue;
        }
        match plausible(parameter) {
            Some(value) => {
                base.parameters.insert(parameter.name().to_owned(), value);
            }
            None => findings.push(unknown(parameter)),
        }
    }
    let mut variations = Vec::new();
    for parameter in &others {
        let values = variants(parameter, base.parameters.get(parameter.name()));
        let ranked = values.into_iter().enumerate();
        variations.extend(ranked.map(|(rank, value)| Variation {
            parameter,
            value,
            rank,
            whole: false,
        }));
    }
    // What is left out may hide what is wrong: the same with everything there is.
    let mut whole = base.clone();
    let mut added = Vec::new();
    for parameter in &others {
        let empty = parameter.text("Default") == Some("");
        if let (true, Some(value)) = (empty, plausible(parameter)) {
            whole.parameters.insert(parameter.name().to_owned(), value);
            added.push(parameter.name());
        }
    }
    for parameter in others.iter().filter(|_| !added.is_empty()) {
        let choices = parameter.allowed_values().into_iter();
        let other = choices.filter(|value| Some(*value) != parameter.text("Default"));
        let other = other.filter(|_| parameter.text("Type") != Some("Number"));
        variations.extend(other.enumerate().map(|(rank, value)| Variation {
            parameter,
            value: value.to_owned(),
            rank,
            whole: true,
        }));
    }
    let left_out = cap(&mut variations, MOST - 2 - STACK_NAMES.len());
    let label = format!("with {}", added.join(", "));
    let made = |variation: Variation<'_, '_>| {
        let Variation {
            parameter, value, ..
        } = variation;
        let (base, called) = match variation.whole {
            true => (&whole, Some(label.as_str())),
            false => (&base, None),
        };
        Scenario::with(template, base, called, parameter, value)
    };
    let (wholes, plain): (Vec<_>, Vec<_>) = variations.into_iter().partition(|one| one.whole);
    let mut scenarios = vec![Scenario::of(template, None, base.clone())];
    scenarios.extend(plain.into_iter().map(made));
    if !added.is_empty() {
        scenarios.push(Scenario::of(template, Some(label.clone()), whole.clone()));
    }
    scenarios.extend(wholes.into_iter().map(made));
    for name in STACK_NAMES {
        let mut environment = base.clone();
        environment.stack_name = name.to_owned();
        let label = format!("with a stack named {}", quoted(name));
        let mut scenario = Scenario::of(template, Some(label), environment);
        scenario.other_stack = true;
        scenarios.push(scenario);
    }
    All {
        scenarios,
        left_out,
        findings,
    }
}

/// Keeps `most`, the first values of each parameter before the second of any; says how many go.
fn cap(variations: &mut Vec<Variation<'_, '_>>, most: usize) -> usize {
    let mut order: Vec<_> = variations.iter().map(|one| one.rank).enumerate().collect();
    order.sort_by_key(|(_, rank)| *rank);
    let left_out: BTreeSet<usize> = order.iter().skip(most).map(|(at, _)| *at).collect();
    let mut at = 0..;
    variations.retain(|_| at.next().is_some_and(|at| !left_out.contains(&at)));
    left_out.len()
}

impl Scenario {
    /// `base`, which is called `called`, with another value of a parameter.
    fn with(
        template: &Template,
        base: &Environment,
        called: Option<&str>,
        parameter: &Parameter<'_>,
        value: String,
    ) -> Self {
        let name = parameter.name();
        let start = called.map_or_else(|| "with".to_owned(), |called| format!("{called},"));
        let label = match parameter.is_secret() {
            true => format!("{start} another {name}"),
            false => format!("{start} {name}={}", quoted(&value)),
        };
        let mut environment = base.clone();
        environment.parameters.insert(name.to_owned(), value);
        Scenario::of(template, Some(label), environment)
    }

    fn of(template: &Template, label: Option<String>, environment: Environment) -> Self {
        let value = |parameter: Parameter<'_>| {
            let given = environment.parameters.get(parameter.name());
            let value = given.map(String::as_str).or(parameter.text("Default"))?;
            (value.len() >= TELLING).then(|| value.to_owned())
        };
        let secrets = template.parameters().filter(Parameter::is_secret);
        Scenario {
            label,
            other_stack: false,
            secrets: secrets.filter_map(value).collect(),
            environment,
        }
    }
}

/// Every other value that could matter: those allowed, nothing where there is something and
/// something where there is nothing, and hostile ones.
fn variants(parameter: &Parameter<'_>, base: Option<&String>) -> Vec<String> {
    let base = base.map(String::as_str).or(parameter.text("Default"));
    let allowed = parameter.allowed_values();
    let mut values: Vec<String> = allowed.into_iter().map(str::to_owned).collect();
    if values.is_empty() {
        values.extend(plausible(parameter));
        values.extend(parameter.admits("").then(String::new));
        values.extend(hostile(parameter));
    }
    values.retain(|value| Some(value.as_str()) != base);
    values.dedup();
    values
}

/// The value between backticks, cut if it is long.
fn quoted(value: &str) -> String {
    let length = value.chars().count();
    if length <= 40 {
        return format!("`{value}`");
    }
    let start: String = value.chars().take(12).collect();
    format!("`{start}...` ({length} characters)")
}

fn unknown(parameter: &Parameter<'_>) -> Finding {
    let name = parameter.name();
    Finding {
        check: "parameter-unknown",
        level: Level::Warning,
        place: parameter.place(),
        path: format!("Parameters.{name}"),
        what: format!("the parameter `{name}` has no default, and no value is known that it takes"),
        remedy: format!("run the doctor with `--parameter {name}=VALUE`"),
        scenario: None,
    }
}
