//! The tools of all targets under the names that clients see.

use std::{collections::HashMap, sync::Arc};

use jsonschema::Validator;
use serde_json::Value;

use super::{Gateway, Target};

/// A template whose tools cannot be served.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum CatalogError {
    /// The same `Target___tool` twice.
    #[error("two tools are named `{0}`: give targets and their tools distinct names")]
    Doubled(String),
    /// An input schema that is no JSON Schema.
    #[error("the input schema of `{name}` is no JSON Schema: {reason}")]
    Schema {
        /// The tool, with its prefix.
        name: String,
        /// What the validator says.
        reason: String,
    },
}

/// One tool, ready to be listed and called.
pub(super) struct Entry {
    pub(super) listed: rmcp::model::Tool,
    pub(super) validator: Validator,
    pub(super) target: Arc<Target>,
}

/// All tools, in the template's order.
pub(super) struct Catalog {
    entries: Vec<Entry>,
    by_name: HashMap<String, usize>,
}

impl Catalog {
    pub(super) fn new(gateway: &Gateway) -> Result<Self, CatalogError> {
        let mut catalog = Self {
            entries: Vec::new(),
            by_name: HashMap::new(),
        };
        for target in &gateway.targets {
            let target = Arc::new(target.clone());
            for tool in &target.tools {
                catalog.add(&target, tool)?;
            }
        }
        Ok(catalog)
    }

    fn add(&mut self, target: &Arc<Target>, tool: &super::Tool) -> Result<(), CatalogError> {
        let name = target.qualified(tool);
        let schema = Value::Object(tool.input_schema.clone());
        let validator = jsonschema::validator_for(&schema).map_err(|error| {
            let reason = error.to_string();
            let name = name.clone();
            CatalogError::Schema { name, reason }
        })?;
        let mut listed = rmcp::model::Tool::new(
            name.clone(),
            tool.description.clone(),
            Arc::new(tool.input_schema.clone()),
        );
        listed.output_schema = tool.output_schema.clone().map(Arc::new);
        let index = self.entries.len();
        if self.by_name.insert(name.clone(), index).is_some() {
            return Err(CatalogError::Doubled(name));
        }
        self.entries.push(Entry {
            listed,
            validator,
            target: Arc::clone(target),
        });
        Ok(())
    }

    pub(super) fn get(&self, name: &str) -> Option<&Entry> {
        self.entries.get(*self.by_name.get(name)?)
    }

    /// The page of the `visible` tools that starts at `cursor`, and the next page's cursor; nothing
    /// for a cursor that was never given out. A cursor counts visible tools only, so that it tells
    /// nothing of the others.
    pub(super) fn page(
        &self,
        cursor: Option<&str>,
        size: usize,
        visible: impl Fn(&str) -> bool,
    ) -> Option<(Vec<rmcp::model::Tool>, Option<String>)> {
        let visible: Vec<&Entry> = self
            .entries
            .iter()
            .filter(|entry| visible(&entry.listed.name))
            .collect();
        let start = match cursor {
            None => 0,
            Some(cursor) => cursor
                .parse()
                .ok()
                .filter(|start| (1..visible.len()).contains(start))?,
        };
        let end = start.saturating_add(size.max(1));
        let page = visible.iter().skip(start).take(size.max(1));
        let next = (end < visible.len()).then(|| end.to_string());
        Some((page.map(|entry| entry.listed.clone()).collect(), next))
    }
}
