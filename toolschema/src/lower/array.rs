//! Lists, sets, fixed arrays and tuples.

use serde_json::{Map, Value};

use super::Lowering;
use crate::definition::{SchemaDefinition, Shape};

impl Lowering<'_> {
    pub(super) fn array(
        &mut self,
        keywords: &Map<String, Value>,
        path: &str,
    ) -> Option<SchemaDefinition> {
        let items = match keywords.get("prefixItems").and_then(Value::as_array) {
            Some(places) if !places.is_empty() => self.places(places, path)?,
            _ => {
                let any = Value::Bool(true);
                let items = keywords.get("items").unwrap_or(&any);
                self.lower(items, &format!("{path}[]"))?.definition
            }
        };
        Some(SchemaDefinition::of(Shape::Array(Box::new(items))))
    }

    /// A tuple whose places are all alike is a list; its length is in the remarks.
    fn places(&mut self, places: &[Value], path: &str) -> Option<SchemaDefinition> {
        let lowered: Vec<_> = places
            .iter()
            .enumerate()
            .map(|(i, place)| self.lower(place, &format!("{path}[{i}]")))
            .collect();
        let lowered: Vec<_> = lowered.into_iter().collect::<Option<_>>()?;
        let mut places = lowered.into_iter().map(|place| place.definition);
        let first = places.next()?;
        if places.all(|place| place == first) {
            return Some(first);
        }
        self.refuse(
            path,
            "is a tuple whose places hold different things, and the dialect's lists hold one",
            "use a struct with named fields",
        )
    }
}
