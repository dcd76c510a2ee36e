//! What [`tools!`](crate::tools) asserts while it compiles, each with a text that says what to do.

use garde::Validate;
use schemars::JsonSchema;
use serde::{Serialize, de::DeserializeOwned};

use crate::{Target, Tool};

/// What a tool's type derives; beside rustc's own words, it says what to write.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a tool's input",
    label = "lacks Deserialize, JsonSchema or Validate",
    note = "write `#[derive(Deserialize, JsonSchema, Validate)]`, and on each field a garde rule, \
            `#[garde(dive)]` or `#[garde(skip)]`"
)]
pub trait Input {}

#[diagnostic::do_not_recommend]
impl<T: DeserializeOwned + JsonSchema + Validate<Context = ()>> Input for T {}

/// What the type of a tool's answer derives, as above.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a tool's output",
    label = "lacks Serialize or JsonSchema",
    note = "write `#[derive(Serialize, JsonSchema)]`"
)]
pub trait Output {}

#[diagnostic::do_not_recommend]
impl<T: Serialize + JsonSchema> Output for T {}

/// The most characters of `TargetName___ToolName` that Amazon Bedrock's Converse API takes
/// (`ToolSpecification.name`).
const LONGEST_PREFIXED_NAME: usize = 64;
/// AWS's quota of tools in one target.
const MOST_TOOLS: usize = 1_000;
const SEPARATOR: usize = "___".len();

/// Fails the build when the target's name is none, or two of its tools have one.
#[doc(hidden)]
pub const fn assert_target<T: Target>() {
    assert!(
        is_target_name(T::NAME.as_bytes()),
        "the target's name does not fit: write 1 to 100 letters and digits; a hyphen may follow \
         each, an underscore may not"
    );
    assert_distinct(T::TOOLS);
}

/// Fails the build when the tool's name or description cannot be deployed in the target.
#[doc(hidden)]
pub const fn assert_tool<T: Target, I: Input + Tool<Output: Output>>() {
    assert!(
        is_tool_name(I::NAME.as_bytes()),
        "the tool's NAME does not fit: write letters, digits, `_` and `-`, at least one"
    );
    assert!(
        T::NAME.len() + SEPARATOR + I::NAME.len() <= LONGEST_PREFIXED_NAME,
        "the tool's NAME is too long: `TargetName___ToolName` may have 64 characters, so shorten \
         the NAME or the target's name"
    );
    assert!(
        !I::DESCRIPTION.trim_ascii().is_empty(),
        "the tool's DESCRIPTION is empty: say what the tool does and when to use it; by this the \
         model chooses"
    );
}

/// `([0-9a-zA-Z][-]?){1,100}`, the pattern of `AWS::BedrockAgentCore::GatewayTarget`'s `Name`.
#[expect(clippy::indexing_slicing, reason = "both places are below the length")]
const fn is_target_name(name: &[u8]) -> bool {
    let mut alphanumeric = 0;
    let mut i = 0;
    while i < name.len() {
        if name[i].is_ascii_alphanumeric() {
            alphanumeric += 1;
        } else if name[i] != b'-' || i == 0 || name[i - 1] == b'-' {
            return false;
        }
        i += 1;
    }
    1 <= alphanumeric && alphanumeric <= 100
}

#[expect(clippy::indexing_slicing, reason = "the place is below the length")]
const fn is_tool_name(name: &[u8]) -> bool {
    let mut i = 0;
    while i < name.len() {
        if !name[i].is_ascii_alphanumeric() && name[i] != b'_' && name[i] != b'-' {
            return false;
        }
        i += 1;
    }
    !name.is_empty()
}

/// By a hash table: to compare each with each would take the compiler seconds for a full target.
#[expect(clippy::indexing_slicing, reason = "each place is below its length")]
const fn assert_distinct(names: &[&str]) {
    assert!(
        names.len() <= MOST_TOOLS,
        "the target has too many tools: AWS takes 1,000, so move some to another target"
    );
    let mut seen = [""; 2 * MOST_TOOLS];
    let mut i = 0;
    while i < names.len() {
        let mut slot = hash(names[i].as_bytes()) % seen.len();
        while !seen[slot].is_empty() {
            assert!(
                !same(seen[slot].as_bytes(), names[i].as_bytes()),
                "two tools of this target have the same NAME: give one of them another, or list \
                 the tool once"
            );
            slot = (slot + 1) % seen.len();
        }
        seen[slot] = names[i];
        i += 1;
    }
}

/// FNV-1a, cut to 32 bits.
#[expect(clippy::indexing_slicing, reason = "the place is below the length")]
const fn hash(name: &[u8]) -> usize {
    let mut hash: u32 = 0x811c_9dc5;
    let mut i = 0;
    while i < name.len() {
        hash = (hash ^ name[i] as u32).wrapping_mul(0x0100_0193);
        i += 1;
    }
    hash as usize
}

#[expect(clippy::indexing_slicing, reason = "the place is below both lengths")]
const fn same(a: &[u8], b: &[u8]) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() {
        if a[i] != b[i] {
            return false;
        }
        i += 1;
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_is_named_with_letters_digits_and_single_hyphens() {
        for fits in ["T", "ReportTools", "a-b-", "9", "a-".repeat(100).as_str()] {
            assert!(is_target_name(fits.as_bytes()), "{fits}");
        }
        for odd in [
            "",
            "-a",
            "a--b",
            "a_b",
            "a b",
            "é",
            "a".repeat(101).as_str(),
        ] {
            assert!(!is_target_name(odd.as_bytes()), "{odd}");
        }
    }

    #[test]
    fn a_target_holds_a_thousand_tools() {
        let names: Vec<String> = (0..=MOST_TOOLS).map(|n| format!("tool_{n}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        assert_distinct(&names[1..]);
        let told = |names: Vec<&'static str>| {
            let refused = std::panic::catch_unwind(|| assert_distinct(&names)).unwrap_err();
            refused.downcast_ref::<&str>().copied().unwrap_or("")
        };
        assert!(told(vec!["a"; MOST_TOOLS + 1]).starts_with("the target has too many tools"));
        assert!(told(vec!["a", "b", "a"]).starts_with("two tools of this target"));
    }

    #[test]
    fn a_tool_is_named_with_letters_digits_underscores_and_hyphens() {
        for fits in ["t", "markdown_to_email", "a___b", "-9_"] {
            assert!(is_tool_name(fits.as_bytes()), "{fits}");
        }
        for odd in ["", "a b", "a.b", "é"] {
            assert!(!is_tool_name(odd.as_bytes()), "{odd}");
        }
    }
}
