//! Tool schemas that are not as the Rust types say.

use toolschema::{region, targets, template};

use crate::finding::Finding;
use crate::view::View;

pub(super) fn check(view: &View<'_>) -> Vec<Finding> {
    let (file, text) = (view.once.file, view.once.text);
    if !view.is_first() || region::find(text).is_ok_and(|regions| regions.is_empty()) {
        return Vec::new();
    }
    let found =
        |what: String, remedy: String| view.error_at("tool-schema", &["Resources"], what, remedy);
    let (lowered, _) = targets::lower_all(targets::ALL, false);
    match template::up_to_date(file, text, &lowered) {
        Ok(should) if should == text => Vec::new(),
        Ok(should) => {
            let differs = text
                .lines()
                .zip(should.lines())
                .take_while(|(is, should)| is == should);
            let mut finding = found(
                "the tools' schemas are not as the Rust types say".to_owned(),
                "run `toolschema write`".to_owned(),
            );
            finding.place.line = differs.count() + 1;
            finding.place.column = 1;
            vec![finding]
        }
        Err(problems) => problems
            .into_iter()
            .map(|p| found(p.rule, p.remedy))
            .collect(),
    }
}
