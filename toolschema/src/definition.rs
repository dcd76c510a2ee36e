//! A tool definition in the small dialect that AgentCore Gateway takes.

/// A tool as the Gateway knows it (AgentCore control-plane API, `ToolDefinition`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToolDefinition {
    /// The name without the target's prefix.
    pub name: String,
    /// What the tool does and when to use it.
    pub description: String,
    /// What the tool takes; always an object.
    pub input: SchemaDefinition,
    /// What the tool answers; only where output schemas were asked for.
    pub output: Option<SchemaDefinition>,
}

/// A schema of the dialect (AgentCore control-plane API, `SchemaDefinition`), with its description
/// still in parts so that it can be told who wrote them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaDefinition {
    /// What the author of the type wrote about it; may be empty.
    pub doc: String,
    /// What the dialect cannot say and takes a sentence, such as the variants of an enum.
    pub sentences: Vec<String>,
    /// What the dialect cannot say and takes a word or two, such as a range or a default.
    pub remarks: Vec<String>,
    /// The type, and what hangs on it.
    pub shape: Shape,
}

/// The types of the dialect. There is no null: an optional field is one that is not required.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Shape {
    /// Text.
    String,
    /// Any number.
    Number,
    /// A whole number.
    Integer,
    /// True or false.
    Boolean,
    /// A list whose items are all alike.
    Array(Box<SchemaDefinition>),
    /// An object; one without properties takes any.
    Object(Fields),
}

/// The fields of an object.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    /// Name and schema, in the order of declaration; no name stands twice.
    pub properties: Vec<(String, SchemaDefinition)>,
    /// Names of properties that must be given, in the order of declaration.
    pub required: Vec<String>,
}

impl Fields {
    /// The property of this name.
    pub fn get(&self, name: &str) -> Option<&SchemaDefinition> {
        self.properties
            .iter()
            .find_map(|(key, schema)| (key == name).then_some(schema))
    }

    /// Whether the property of this name must be given.
    pub fn requires(&self, name: &str) -> bool {
        self.required.iter().any(|key| key == name)
    }
}

impl SchemaDefinition {
    /// A schema that says nothing but its type.
    pub fn of(shape: Shape) -> Self {
        Self {
            doc: String::new(),
            sentences: Vec::new(),
            remarks: Vec::new(),
            shape,
        }
    }

    /// What the model reads: the doc comment, the sentences, and the remarks once at the end.
    ///
    /// `None` where there is nothing to say.
    pub fn description(&self) -> Option<String> {
        let mut text = self.doc.clone();
        for sentence in &self.sentences {
            if !text.is_empty() {
                if !text.ends_with(['.', '!', '?', ':']) {
                    text.push('.');
                }
                text.push(' ');
            }
            text.push_str(sentence);
        }
        let remarks = self.remarks.join("; ");
        match (text.is_empty(), remarks.is_empty()) {
            (true, true) => None,
            (true, false) => Some(remarks),
            (false, true) => Some(text),
            (false, false) => Some(with_remarks(text, &remarks)),
        }
    }
}

/// In brackets, unless the text ends in a way that leaves no place for brackets.
fn with_remarks(mut text: String, remarks: &str) -> String {
    if !text.contains('\n') && !text.ends_with(['.', '!', '?', ':', ')']) {
        return format!("{text} ({remarks})");
    }
    if text.ends_with(')') {
        text.push('.');
    }
    // Not on the line of a list's last item.
    text.push_str(if text.contains('\n') { "\n\n" } else { " " });
    let mut letters = remarks.chars();
    text.extend(letters.next().map(|first| first.to_ascii_uppercase()));
    text.push_str(letters.as_str());
    text.push('.');
    text
}

impl Shape {
    /// The value of `type`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Number => "number",
            Self::Integer => "integer",
            Self::Boolean => "boolean",
            Self::Array(_) => "array",
            Self::Object(_) => "object",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(doc: &str) -> String {
        let mut schema = SchemaDefinition::of(Shape::String);
        schema.doc = doc.to_owned();
        schema.remarks = vec!["not empty".to_owned(), "default `a`".to_owned()];
        schema.description().unwrap()
    }

    #[test]
    fn remarks_follow_the_text_as_its_end_allows() {
        assert_eq!(described(""), "not empty; default `a`");
        assert_eq!(described("A title"), "A title (not empty; default `a`)");
        assert_eq!(described("A title."), "A title. Not empty; default `a`.");
        assert_eq!(
            described("A (long) title (in Markdown)"),
            "A (long) title (in Markdown). Not empty; default `a`."
        );
        assert_eq!(
            described("Either\n- a\n- b"),
            "Either\n- a\n- b\n\nNot empty; default `a`."
        );
    }
}
