//! YAML read into a tree that keeps places and intrinsic functions.
//!
//! The parser's events are read one by one, not through a loader, so that a bound on depth and
//! size holds before anything is built.

use std::collections::{BTreeMap, HashMap};

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput, Tag};
use serde_json::{Number, Value};

use crate::error::{Errors, Place};
use crate::surrogates::joined;

/// The largest template that CloudFormation takes, from S3 (CloudFormation quotas).
const MAX_BYTES: usize = 1024 * 1024;
/// Far beyond a template that a person wrote, well within a thread's stack.
const MAX_DEPTH: usize = 100;
/// Values in the document once its aliases are written out.
const MAX_VALUES: usize = 200_000;

/// Stands for the entries of what is no map.
pub(crate) static NO_ENTRIES: BTreeMap<String, Node> = BTreeMap::new();

/// A value in the template and where it begins.
#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) place: Place,
    /// The line after the value's last, from 1.
    pub(crate) end: usize,
    pub(crate) kind: Kind,
}

#[derive(Debug, Clone)]
pub(crate) enum Kind {
    /// `plain` is false for what is text whatever it looks like: quoted, folded, `!!str`.
    Scalar {
        text: String,
        plain: bool,
    },
    List(Vec<Node>),
    Map(BTreeMap<String, Node>),
    /// An intrinsic function in short form (`!Sub`) or long form, by its long name.
    Call {
        name: String,
        argument: Box<Node>,
    },
}

impl Node {
    /// A scalar as JSON, by YAML 1.1 as CloudFormation reads it, with these differences: dates
    /// stay text, and so does a number that JSON writes otherwise (`0755`, an account id that
    /// begins with 0, one too large).
    pub(crate) fn scalar(text: &str, plain: bool) -> Value {
        let other = || Value::String(text.to_owned());
        if !plain {
            return other();
        }
        match text {
            "" | "~" | "null" | "Null" | "NULL" => Value::Null,
            "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => true.into(),
            "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
                false.into()
            }
            _ => match serde_json::from_str::<Number>(text) {
                Ok(number) if number.is_f64() && !text.contains(['.', 'e', 'E']) => other(),
                Ok(number) => Value::Number(number),
                Err(_) => other(),
            },
        }
    }

    pub(crate) fn is_map(&self) -> bool {
        matches!(self.kind, Kind::Map(_))
    }

    pub(crate) fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, plain } if Node::scalar(text, *plain).is_null())
    }

    /// The text of a scalar, as written.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.kind {
            Kind::Scalar { text, .. } => Some(text),
            _ => None,
        }
    }

    /// The entries of a map; none for anything else.
    pub(crate) fn entries(&self) -> &BTreeMap<String, Node> {
        match &self.kind {
            Kind::Map(entries) => entries,
            _ => &NO_ENTRIES,
        }
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.entries().get(key)
    }

    pub(crate) fn list(&self) -> Option<&[Node]> {
        match &self.kind {
            Kind::List(items) => Some(items),
            _ => None,
        }
    }
}

/// Reads the one document in `source`.
pub(crate) fn read(source: &str) -> Result<Node, Errors> {
    if source.len() > MAX_BYTES {
        let message = format!("the template is larger than {MAX_BYTES} bytes");
        return Err(fault(Place::START, message));
    }
    let source = joined(source);
    let mut reader = Reader {
        parser: Parser::new_from_str(&source),
        anchors: HashMap::new(),
        values: 0,
        end: 0,
    };
    let mut root = None;
    loop {
        match reader.next()? {
            (Event::StreamEnd, place) => {
                return root.ok_or_else(|| fault(place, "the template is empty"));
            }
            (Event::StreamStart | Event::DocumentEnd | Event::Nothing, _) => {}
            (Event::DocumentStart(_), place) if root.is_some() => {
                let message = "a second document begins here: a template is a single document";
                return Err(fault(place, message));
            }
            (Event::DocumentStart(_), _) => {
                let (event, place) = reader.next()?;
                root = Some(reader.node(event, place, 0)?);
            }
            (_, place) => return Err(fault(place, "expected a document")),
        }
    }
}

struct Reader<'s> {
    parser: Parser<'s, StrInput<'s>>,
    anchors: HashMap<usize, Node>,
    values: usize,
    /// The line after the last event, from 1: a block ends before the line of what follows it.
    end: usize,
}

impl<'s> Reader<'s> {
    fn next(&mut self) -> Result<(Event<'s>, Place), Errors> {
        match self.parser.next_event() {
            Some(Ok((event, Span { start, end, .. }))) => {
                self.end = end.line() + usize::from(end.index() > start.index());
                Ok((event, place(start.line(), start.col())))
            }
            Some(Err(error)) => {
                let at = place(error.marker().line(), error.marker().col());
                Err(fault(at, format!("not YAML: {}", error.info())))
            }
            None => Err(fault(Place::START, "not YAML: it ends too early")),
        }
    }

    fn node(&mut self, event: Event<'s>, place: Place, depth: usize) -> Result<Node, Errors> {
        self.count(place, depth)?;
        let (kind, anchor, tag) = match event {
            Event::Scalar(text, style, anchor, tag) => {
                let text = text.into_owned();
                let plain = style == ScalarStyle::Plain && !is_string(tag.as_deref());
                (Kind::Scalar { text, plain }, anchor, tag)
            }
            Event::SequenceStart(anchor, tag) => (Kind::List(self.items(depth)?), anchor, tag),
            Event::MappingStart(anchor, tag) => {
                let mut entries = self.entries(depth)?;
                let call = entries
                    .first_key_value()
                    .is_some_and(|(key, _)| is_call(key));
                let kind = match entries.pop_first() {
                    Some((name, argument)) if call && entries.is_empty() => Kind::Call {
                        name,
                        argument: Box::new(argument),
                    },
                    first => {
                        entries.extend(first);
                        Kind::Map(entries)
                    }
                };
                (kind, anchor, tag)
            }
            Event::Alias(anchor) => {
                // An anchor is known once its value is complete, so it cannot hold itself.
                let Some(node) = self.anchors.get(&anchor).cloned() else {
                    return Err(fault(
                        place,
                        "an alias stands for a value that is not complete here",
                    ));
                };
                self.count_all(&node, depth)?;
                return Ok(node);
            }
            _ => return Err(fault(place, "expected a value")),
        };
        let end = self.end.max(place.line + 1);
        let mut node = Node { place, end, kind };
        if let Some(name) = function(tag.as_deref(), place)? {
            let argument = Box::new(node);
            node = Node {
                place,
                end,
                kind: Kind::Call { name, argument },
            };
        }
        if anchor > 0 {
            self.count_all(&node, depth)?;
            self.anchors.insert(anchor, node.clone());
        }
        Ok(node)
    }

    fn items(&mut self, depth: usize) -> Result<Vec<Node>, Errors> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(items),
                (event, place) => items.push(self.node(event, place, depth + 1)?),
            }
        }
    }

    fn entries(&mut self, depth: usize) -> Result<BTreeMap<String, Node>, Errors> {
        let mut entries = BTreeMap::new();
        loop {
            let (key, at) = match self.next()? {
                (Event::MappingEnd, _) => return Ok(entries),
                (Event::Scalar(key, _, _, None), at) => (key.into_owned(), at),
                (_, at) => return Err(fault(at, "a key must be plain text")),
            };
            if key == "<<" {
                let message = "CloudFormation takes no merge key `<<`: write the entries out";
                return Err(fault(at, message));
            }
            let (event, place) = self.next()?;
            let value = self.node(event, place, depth + 1)?;
            if entries.contains_key(&key) {
                return Err(fault(at, format!("the key `{key}` is there twice")));
            }
            entries.insert(key, value);
        }
    }

    fn count(&mut self, place: Place, depth: usize) -> Result<(), Errors> {
        self.values += 1;
        if depth > MAX_DEPTH {
            return Err(fault(
                place,
                format!("nested more than {MAX_DEPTH} levels deep"),
            ));
        }
        if self.values > MAX_VALUES {
            return Err(fault(
                place,
                format!("the template holds more than {MAX_VALUES} values"),
            ));
        }
        Ok(())
    }

    /// Counts a copy of a whole tree, and refuses it before it lies too deep.
    fn count_all(&mut self, node: &Node, depth: usize) -> Result<(), Errors> {
        self.count(node.place, depth)?;
        match &node.kind {
            Kind::Scalar { .. } => Ok(()),
            Kind::List(items) => items.iter().try_for_each(|n| self.count_all(n, depth + 1)),
            Kind::Map(map) => map.values().try_for_each(|n| self.count_all(n, depth + 1)),
            Kind::Call { argument, .. } => self.count_all(argument, depth + 1),
        }
    }
}

/// Whether the only key of a map makes it a function in long form. `Condition` does so only where
/// a condition is expected: elsewhere it is a key like another.
fn is_call(key: &str) -> bool {
    key == "Ref" || (key.starts_with("Fn::") && !key.starts_with("Fn::ForEach::"))
}

/// The function that a tag stands for, or nothing for a tag of YAML's own.
fn function(tag: Option<&Tag>, place: Place) -> Result<Option<String>, Errors> {
    const SHORT: [&str; 21] = [
        "And",
        "Base64",
        "Cidr",
        "Contains",
        "EachMemberEquals",
        "EachMemberIn",
        "Equals",
        "FindInMap",
        "GetAtt",
        "GetAZs",
        "If",
        "ImportValue",
        "Join",
        "Length",
        "Not",
        "Or",
        "Select",
        "Split",
        "Sub",
        "ToJsonString",
        "Transform",
    ];
    let Some(tag) = tag else { return Ok(None) };
    let core = ["bool", "float", "int", "map", "null", "seq", "str"];
    match tag.suffix.as_str() {
        name if tag.is_yaml_core_schema() && core.contains(&name) => Ok(None),
        "!" if tag.handle.is_empty() => Ok(None),
        name @ ("Ref" | "Condition") if tag.handle == "!" => Ok(Some(name.to_owned())),
        name if tag.handle == "!" && SHORT.contains(&name) => Ok(Some(format!("Fn::{name}"))),
        name => {
            let near =
                crate::near::did_you_mean(name, SHORT.into_iter().chain(["Ref", "Condition"]));
            let handle = if tag.is_yaml_core_schema() {
                "!!"
            } else {
                tag.handle.as_str()
            };
            Err(fault(
                place,
                format!("the tag `{handle}{name}` is no intrinsic function{near}"),
            ))
        }
    }
}

fn is_string(tag: Option<&Tag>) -> bool {
    tag.is_some_and(|tag| {
        (tag.is_yaml_core_schema() && tag.suffix == "str")
            || (tag.handle.is_empty() && tag.suffix == "!")
    })
}

fn place(line: usize, column: usize) -> Place {
    Place {
        line,
        column: column + 1,
    }
}

fn fault(place: Place, message: impl Into<String>) -> Errors {
    Errors::at(place, String::new(), message)
}
