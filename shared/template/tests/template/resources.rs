//! Conditions, globals, and resources that cannot be resolved beside those that can.

use crate::common::{properties, resolve, resolve_with};
use serde_json::json;
use template::{Environment, Place, Template};

#[test]
fn what_has_a_false_condition_is_absent() {
    let template = "
Parameters: {Stage: {Type: String, Default: test}}
Conditions: {Prod: !Equals [!Ref Stage, prod]}
Resources:
  Always: {Type: X::Y::Z, Properties: {V: !If [Prod, !Ref Maybe, none]}}
  Maybe: {Type: X::Y::Z, Condition: Prod}
  Broken: {Type: X::Y::Z, Properties: {V: !Ref Maybe}}
Outputs:
  Id: {Value: !Ref Always}
  Other: {Value: !Ref Maybe, Condition: Prod}
";
    let test = resolve(template).unwrap();
    assert_eq!(
        test.resources.keys().collect::<Vec<_>>(),
        ["Always", "Broken"]
    );
    assert_eq!(
        test.resources["Always"].properties,
        Ok(json!({"V": "none"}))
    );
    assert_eq!(test.outputs.keys().collect::<Vec<_>>(), ["Id"]);
    assert_eq!(test.outputs["Id"], Ok(json!("id-of-Always")));
    assert_eq!(
        test.resources["Broken"]
            .properties
            .clone()
            .unwrap_err()
            .to_string(),
        "7:43: Resources.Broken.Properties.V: `Ref: Maybe`: the resource is left out, its condition is false"
    );
    let prod = resolve_with(template, &[("Stage", "prod")]).unwrap();
    assert_eq!(
        prod.resources["Always"].properties,
        Ok(json!({"V": "id-of-Maybe"}))
    );
    assert_eq!(prod.outputs.len(), 2);
}

#[test]
fn a_resource_that_cannot_be_resolved_does_not_stop_the_others() {
    let template = "
Resources:
  Strange: {Type: AWS::EC2::Subnet, Properties: {Zone: !Select [0, !GetAZs ''], Vpc: !GetAtt Vpc.Id}}
  Vpc: {Type: AWS::EC2::VPC}
  R: {Type: AWS::Serverless::Function, Metadata: {BuildMethod: rust-cargolambda}}
Outputs:
  Zone: {Value: !GetAtt Strange.Zone}
";
    let resolved = resolve(template).unwrap();
    let errors = resolved.resources["Strange"]
        .properties
        .clone()
        .unwrap_err();
    assert_eq!(errors.iter().count(), 2);
    assert_eq!(resolved.resources["R"].properties, Ok(json!({})));
    assert_eq!(
        resolved.resources["R"].metadata,
        Ok(json!({"BuildMethod": "rust-cargolambda"}))
    );
    assert_eq!(resolved.resources["R"].kind, "AWS::Serverless::Function");
    assert!(resolved.outputs["Zone"].is_err());
}

#[test]
fn conditions_that_cannot_be_evaluated_are_told_once_each() {
    let template = "
Conditions:
  A: !Not [!Condition B]
  B: !Not [!Condition A]
  C: !Condition B
  D: !Equals [!Ref R, x]
  E: !Equals [a]
  F: {Ref: R}
  G: !And [!Condition Nope]
  H: !Or [!Condition Nope, !Condition E]
  I: text
Resources: {R: {Type: X::Y::Z}}
";
    let expected = [
        "t.yaml:4:23: Conditions.B: the condition `A` refers back to itself",
        "t.yaml:6:15: Conditions.D: `Ref: R`: the condition `D` cannot depend on a resource",
        "t.yaml:7:14: Conditions.E: `Fn::Equals` takes a list of two values",
        "t.yaml:8:6: Conditions.F: expected a condition: `Fn::Equals`, `Fn::And`, `Fn::Or`, `Fn::Not` or `Condition`",
        "t.yaml:9:11: Conditions.G: `Fn::And` takes a list of two to ten conditions",
        "t.yaml:10:22: Conditions.H: unknown condition `Nope`",
        "t.yaml:11:6: Conditions.I: expected a condition: `Fn::Equals`, `Fn::And`, `Fn::Or`, `Fn::Not` or `Condition`",
    ];
    let errors = resolve(template).unwrap_err();
    for (line, (error, expected)) in errors.lines().zip(expected).enumerate() {
        let (place, message) = expected.split_once(": ").unwrap();
        assert!(error.ends_with(message), "{error}\n{expected}");
        let line_of = |place: &str| place.split(':').nth(1).map(str::to_owned);
        assert_eq!(line_of(error), line_of(place), "error {line}");
    }
    assert_eq!(errors.lines().count(), expected.len(), "{errors}");
}

#[test]
fn globals_are_merged_as_sam_says() {
    let template = "
Globals:
  Function:
    Timeout: 30
    Runtime: provided.al2023
    Layers: [a]
    Environment: {Variables: {LEVEL: info, REGION: !Ref AWS::Region}}
    Tags: {a: b}
Resources:
  R:
    Type: AWS::Serverless::Function
    Properties:
      Timeout: 5
      Layers: [b]
      Environment: {Variables: {LEVEL: debug, NAME: x}}
      Tags: !Ref AWS::NoValue
  Bare: {Type: AWS::Serverless::Function}
  Free: {Type: AWS::Serverless::Function, IgnoreGlobals: '*'}
  Some: {Type: AWS::Serverless::Function, IgnoreGlobals: [Layers, Environment, Tags]}
  Other: {Type: AWS::Lambda::Function}
";
    assert_eq!(
        properties(template).unwrap(),
        json!({
            "Timeout": 5,
            "Runtime": "provided.al2023",
            "Layers": ["a", "b"],
            "Environment": {"Variables": {"LEVEL": "debug", "REGION": "us-east-1", "NAME": "x"}},
        })
    );
    let resolved = resolve(template).unwrap();
    let of = |id: &str| resolved.resources[id].properties.clone().unwrap();
    assert_eq!(of("Bare")["Timeout"], 30);
    assert_eq!(of("Free"), json!({}));
    assert_eq!(
        of("Some"),
        json!({"Timeout": 30, "Runtime": "provided.al2023"})
    );
    assert_eq!(of("Other"), json!({}));
}

#[test]
fn a_place_is_found_by_its_path() {
    let template = Template::parse(
        "Resources:\n  R:\n    Type: X::Y::Z\n    Properties:\n      List:\n        - a\n        - Name: b\n",
    )
    .unwrap();
    let at = |path: &[&str]| template.place_of(path);
    let list = ["Resources", "R", "Properties", "List"];
    assert_eq!(
        at(&[&list[..], &["1", "Name"]].concat()),
        Place {
            line: 7,
            column: 17
        }
    );
    assert_eq!(
        at(&[&list[..], &["0"]].concat()),
        Place {
            line: 6,
            column: 11
        }
    );
    assert_eq!(
        at(&["Resources", "R", "Properties", "Gone", "x"]),
        Place { line: 5, column: 7 }
    );
    assert_eq!(at(&[]), Place { line: 1, column: 1 });
}

#[test]
fn the_debug_form_holds_no_values() {
    let template = "
Parameters: {Key: {Type: String, NoEcho: true}}
Resources: {R: {Type: X::Y::Z, Properties: {V: !Ref Key}}}
";
    let environment = Environment {
        parameters: [("Key".to_owned(), "hunter2".to_owned())].into(),
        ..Environment::default()
    };
    let resolved = Template::parse(template)
        .unwrap()
        .resolve(&environment, &|_| None)
        .unwrap();
    assert_eq!(
        resolved.resources["R"].properties,
        Ok(json!({"V": "hunter2"}))
    );
    let debug = format!("{resolved:?} {:?}", resolved.resources);
    assert!(
        debug.contains("X::Y::Z") && !debug.contains("hunter2"),
        "{debug}"
    );
}
