//! How long a target of 1,000 tools takes, and how many times as long as one of 10.
//!
//! `cargo run --release -p toolschema --example thousand`
//!
//! 100 times the tools should take about 100 times as long: what is far above is not linear.
#![expect(clippy::print_stdout, reason = "that is what it is for")]

use std::error::Error;
use std::time::{Duration, Instant};

use schemars::json_schema;
use tools::Definition;
use toolschema::targets::{Target, lower_all};
use toolschema::{golden, template};

const FEW: usize = 10;
const MANY: usize = 1_000;

fn main() -> Result<(), Box<dyn Error>> {
    let few = Target {
        name: "Many",
        definitions: || definitions(FEW),
    };
    let many = Target {
        name: "Many",
        definitions: || definitions(MANY),
    };
    // Once before anything is timed.
    run(few)?;
    let (few_write, few_check) = run(few)?;
    let (write, check) = run(many)?;
    println!("{MANY} tools: written in {write:.0?}, checked in {check:.0?}");
    println!(
        "against {FEW} tools: {:.0} times, {:.0} times",
        write.div_duration_f64(few_write),
        check.div_duration_f64(few_check)
    );
    Ok(())
}

/// How long it takes to write all files anew, and to check them.
fn run(target: Target) -> Result<(Duration, Duration), Box<dyn Error>> {
    let folder = tempfile::tempdir()?;
    let bare = "# toolschema:begin Many\n# toolschema:end Many\n";
    let pass = |is: &str| -> Result<(String, usize), Box<dyn Error>> {
        let (targets, findings) = lower_all(&[target], true);
        let should = template::up_to_date("template.yaml", is, &targets)
            .map_err(|problems| format!("{problems:?}"))?;
        let differences = golden::differences(folder.path(), &targets)?;
        golden::write(&differences)?;
        template::diff("template.yaml", is, &should);
        if findings.is_empty() {
            Ok((should, differences.len()))
        } else {
            Err(format!("{findings:?}").into())
        }
    };
    let start = Instant::now();
    let (written, _) = pass(bare)?;
    let write = start.elapsed();
    let start = Instant::now();
    let (again, differing) = pass(&written)?;
    if again != written || differing != 0 {
        return Err("what was written is not up to date".into());
    }
    Ok((write, start.elapsed()))
}

/// Tools as a type makes them, about 900 bytes each, so that 1,000 fit into the quota.
fn definitions(count: usize) -> Vec<Definition> {
    let definition = |i| Definition {
        name: format!("look_up_record_{i}").leak(),
        description: format!("Looks up record {i}. Use this when somebody asks for it.").leak(),
        input: json_schema!({
            "type": "object",
            "properties": {
                "customer": {"type": "string", "description": "Whose record", "minLength": 1},
                "kind": {"$ref": "#/$defs/Kind", "description": "Which of the records"},
                "at_most": {"type": ["integer", "null"], "description": "How many", "maximum": 9},
                "range": {"anyOf": [{"$ref": "#/$defs/Range"}, {"type": "null"}], "description": "Over which days"},
            },
            "required": ["customer", "kind"],
            "$defs": {
                "Kind": {"type": "string", "enum": ["order", "invoice", "payment"]},
                "Range": {
                    "type": "object",
                    "properties": {
                        "from": {"type": "string", "format": "date", "description": "The first"},
                        "to": {"type": "string", "format": "date", "description": "The last"},
                    },
                    "required": ["from", "to"],
                },
            },
        }),
        output: json_schema!({
            "type": "object",
            "properties": {"record": {"type": "string", "description": "The record as text"}},
            "required": ["record"],
        }),
    };
    (0..count).map(definition).collect()
}
