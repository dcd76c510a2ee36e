//! `toolschema write`, `check` and `lint`: the types on one side, files on the other.

use std::path::{Path, PathBuf};

use clap::Args;
use toolschema::contract::Effect;
use toolschema::golden::{self, Difference};
use toolschema::targets::{self, Lowered};
use toolschema::{Finding, declared, file, region, template};

use crate::{Failure, counted, has_errors, report, say};

#[derive(Args)]
pub(crate) struct Files {
    #[command(flatten)]
    template: Template,
    /// The folder of the golden files, one per tool: DIR/TARGET/TOOL.json
    #[arg(long, value_name = "DIR", default_value = GOLDEN)]
    golden: PathBuf,
}

#[derive(Args)]
pub(crate) struct Lint {
    #[command(flatten)]
    template: Template,
    /// Ends with 1 on warnings too
    #[arg(long)]
    deny_warnings: bool,
}

#[derive(Args)]
struct Template {
    /// The file with the markers `# toolschema:begin TARGET` and `# toolschema:end TARGET`
    #[arg(long = "template", value_name = "FILE", default_value = TEMPLATE)]
    path: PathBuf,
    /// Output schemas too; what the Gateway makes of them is not documented
    #[arg(long)]
    output_schemas: bool,
}

const TEMPLATE: &str = "template.yaml";
const GOLDEN: &str = "toolschema/golden";

pub(crate) fn write(files: &Files) -> Result<(), Failure> {
    let Some(work) = Work::of(files)? else {
        return say(&up_to_date(files));
    };
    if work.is != work.should {
        let path = &files.template.path;
        file::replace(path, &work.should)?;
        say(&format!("wrote {}\n", path.display()))?;
    }
    golden::write(&work.differences)?;
    for difference in &work.differences {
        say(&format!("wrote {difference}\n"))?;
    }
    Ok(())
}

pub(crate) fn check(files: &Files) -> Result<(), Failure> {
    let Some(work) = Work::of(files)? else {
        return say(&up_to_date(files));
    };
    let mut differ = Vec::new();
    if work.is != work.should {
        let name = files.template.path.display().to_string();
        say(&template::diff(&name, &work.is, &work.should))?;
        differ.push(name);
    }
    for difference in &work.differences {
        say(&format!("{difference}\n"))?;
    }
    if !work.differences.is_empty() {
        let changes = || work.differences.iter().flat_map(|d| &d.changes);
        let of = |effect| changes().filter(|change| change.effect == effect).count();
        differ.push(format!(
            "{} (changes: {} breaking, {} harmless)",
            counted(work.differences.len(), "golden file"),
            of(Effect::Breaking),
            of(Effect::Harmless),
        ));
    }
    let arguments = files.arguments();
    Err(Failure::Differs(format!(
        "not as the types say: {}. Run `toolschema write{arguments}`",
        differ.join(" and ")
    )))
}

pub(crate) fn lint(options: &Lint) -> Result<(), Failure> {
    let found = Found::of(&options.template)?;
    if has_errors(&found.findings) || (options.deny_warnings && !found.findings.is_empty()) {
        return Err(Failure::Differs(report(found.findings)));
    }
    if found.findings.is_empty() {
        let tools = found.targets.iter().map(|target| target.tools.len()).sum();
        return say(&format!("{}: no findings\n", counted(tools, "tool")));
    }
    eprintln!("{}", report(found.findings));
    Ok(())
}

/// The types and what is wrong with them and with the template.
struct Found {
    targets: Vec<Lowered>,
    findings: Vec<Finding>,
    /// The template's text as it is.
    is: String,
    /// And as it should be; empty if its markers are wrong.
    should: String,
}

impl Found {
    fn of(options: &Template) -> Result<Self, Failure> {
        let file = options.path.display().to_string();
        let is = file::read(&options.path)?;
        let (targets, mut findings) = targets::lower_all(targets::ALL, options.output_schemas);
        if let Ok(regions) = region::find(&is) {
            findings.extend(declared::findings(&file, &is, &regions));
        }
        let should = template::up_to_date(&file, &is, &targets).unwrap_or_else(|problems| {
            findings.extend(problems);
            String::new()
        });
        Ok(Self {
            targets,
            findings,
            is,
            should,
        })
    }
}

/// What `write` would do.
struct Work {
    is: String,
    should: String,
    differences: Vec<Difference>,
}

impl Work {
    /// `None` if there is nothing to do. Warnings are told, errors end it.
    fn of(files: &Files) -> Result<Option<Self>, Failure> {
        let found = Found::of(&files.template)?;
        if has_errors(&found.findings) {
            return Err(Failure::Differs(report(found.findings)));
        }
        if !found.findings.is_empty() {
            eprintln!("{}\n", report(found.findings));
        }
        let differences = golden::differences(&files.golden, &found.targets)?;
        let Found { is, should, .. } = found;
        let work = Self {
            is,
            should,
            differences,
        };
        Ok((work.is != work.should || !work.differences.is_empty()).then_some(work))
    }
}

impl Files {
    /// The arguments that name the same files again.
    fn arguments(&self) -> String {
        let mut arguments = String::new();
        for (flag, path, default) in [
            ("template", &self.template.path, TEMPLATE),
            ("golden", &self.golden, GOLDEN),
        ] {
            if path != Path::new(default) {
                arguments.push_str(&format!(" --{flag} {}", path.display()));
            }
        }
        if self.template.output_schemas {
            arguments.push_str(" --output-schemas");
        }
        arguments
    }
}

fn up_to_date(files: &Files) -> String {
    let (template, golden) = (files.template.path.display(), files.golden.display());
    format!("{template} and {golden} are up to date\n")
}
