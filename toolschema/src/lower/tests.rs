//! A corpus of types, one per feature of serde and schemars, and what becomes of them.
#![allow(
    dead_code,
    missing_docs,
    reason = "the types are here for their schemas only"
)]

mod accepted;
mod generated;
mod hostile;
mod refused;

use schemars::{JsonSchema, generate::SchemaSettings};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::root;
use crate::finding::Finding;
use crate::render::{self, Spelling};

fn lowered(schema: &Value) -> Result<Value, Vec<Finding>> {
    root("T___t", "input", schema).map(|schema| render::schema(&schema, Spelling::Camel))
}

fn input<T: JsonSchema>() -> Result<Value, Vec<Finding>> {
    let settings = SchemaSettings::draft2020_12().for_deserialize();
    let schema = settings.into_generator().into_root_schema_for::<T>();
    lowered(schema.as_value())
}

fn output<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().for_serialize();
    let schema = settings.into_generator().into_root_schema_for::<T>();
    lowered(schema.as_value()).unwrap()
}

/// Path and rule of each finding.
fn findings<T: JsonSchema>() -> Vec<String> {
    let findings = input::<T>().unwrap_err();
    assert!(
        findings
            .iter()
            .all(|f| !f.remedy.is_empty() && f.tool == "T___t")
    );
    findings
        .iter()
        .map(|f| format!("{}: {}", f.path, f.rule))
        .collect()
}

#[derive(Deserialize, Serialize, JsonSchema)]
struct Point {
    /// Across
    x: f64,
    /// Up
    y: f64,
}

/// A shape.
#[derive(Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum Shape {
    /// A round thing.
    Circle {
        /// How wide
        radius: f64,
        /// What it says
        label: Option<String>,
    },
    At(Point),
    Nothing,
    Box {
        /// From edge to edge
        radius: f64,
    },
}
