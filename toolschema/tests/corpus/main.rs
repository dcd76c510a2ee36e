//! Types that use what serde and schemars offer, and whether the lowered schema takes what they
//! take. The judge of schemas is an independent validator.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests may, and the types are here for their schemas"
)]

mod types;
mod values;

use jsonschema::Validator;
use schemars::{JsonSchema, generate::SchemaSettings};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tools::Definition;
use toolschema::contract::Contract;
use toolschema::lower;
use toolschema::render::{self, Spelling};
use types::*;
use values::{Values, lacking, mistyped};

/// A type on one side, its schemas on the other.
struct Pair {
    name: &'static str,
    raw: Value,
    lowered: Value,
    lowered_validator: Validator,
    contract: Validator,
    takes: fn(&Value) -> bool,
}

fn pair<T: JsonSchema + DeserializeOwned>() -> Pair {
    let settings = SchemaSettings::draft2020_12().for_deserialize();
    let schema = settings.into_generator().into_root_schema_for::<T>();
    let definition = Definition {
        name: "t",
        description: "Does it",
        output: schema.clone(),
        input: schema,
    };
    let input = lower::tool("T", &definition, false).unwrap().input;
    let lowered = render::schema(&input, Spelling::Camel);
    let contract = Contract::of(&definition).value;
    Pair {
        name: std::any::type_name::<T>(),
        lowered_validator: jsonschema::validator_for(&lowered).unwrap(),
        lowered,
        contract: jsonschema::validator_for(&contract["inputSchema"]).unwrap(),
        raw: definition.input.to_value(),
        takes: |value| T::deserialize(value).is_ok(),
    }
}

fn corpus() -> Vec<Pair> {
    vec![
        pair::<Scalars>(),
        pair::<Names>(),
        pair::<Optional>(),
        pair::<Lists>(),
        pair::<Maps>(),
        pair::<Nested>(),
        pair::<Choices>(),
        pair::<Internal>(),
        pair::<Adjacent>(),
        pair::<Variants>(),
        pair::<Flattened>(),
        pair::<Closed>(),
        pair::<Constrained>(),
        pair::<Replaced>(),
    ]
}

#[test]
fn what_a_type_takes_its_schema_takes() {
    for pair in corpus() {
        let mut values = Values::new(&pair.raw);
        for _ in 0..200 {
            let value = values.next();
            let name = pair.name;
            assert!((pair.takes)(&value), "{name} does not take {value}");
            if let Err(error) = pair.lowered_validator.validate(&value) {
                panic!("the schema of {name} does not take {value}: {error}");
            }
            if let Err(error) = pair.contract.validate(&value) {
                panic!("the golden file of {name} does not take {value}: {error}");
            }
        }
    }
}

#[test]
fn what_lacks_a_required_field_or_has_a_wrong_type_neither_takes() {
    for pair in corpus() {
        let mut values = Values::new(&pair.raw);
        let mut tried = 0;
        for _ in 0..50 {
            let value = values.next();
            let wrong = lacking(&pair.lowered, &value);
            for wrong in wrong.into_iter().chain(mistyped(&pair.lowered, &value)) {
                let name = pair.name;
                assert!(!(pair.takes)(&wrong), "{name} takes {wrong}");
                assert!(
                    !pair.lowered_validator.is_valid(&wrong),
                    "the schema of {name} takes {wrong}"
                );
                tried += 1;
            }
        }
        assert!(tried > 100, "only {tried} wrong values for {}", pair.name);
    }
}

/// The only cases in which a type takes what its schema does not tell the model of.
#[test]
fn nulls_aliases_and_misfits_in_a_flattened_option_are_taken_by_the_type_alone() {
    let pair = pair::<Lenient>();
    let value = json!({"needed": "a", "new_name": "b", "x": 1, "y": 2});
    assert!((pair.takes)(&value) && pair.lowered_validator.is_valid(&value));
    for lenient in [
        json!({"needed": "a", "new_name": "b", "text_option": null}),
        json!({"needed": "a", "old_name": "b"}),
        json!({"needed": "a", "new_name": "b", "x": "no number", "y": 2}),
    ] {
        assert!((pair.takes)(&lenient), "{lenient}");
        assert!(!pair.lowered_validator.is_valid(&lenient), "{lenient}");
    }
}
