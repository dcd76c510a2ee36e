//! Stack for Cedar, which reads and evaluates by recursion.
//!
//! Where the stack runs out, parsing ends the process, and evaluation skips the policy as failed:
//! a long `forbid` would no longer forbid. Debug builds take some 60 kB for each level, so that 40
//! conditions joined by `||` are too much for a thread's usual 2 MB.

use cedar_policy::Policy;
use serde_json::Value;

/// For reading 10,000 characters, however nested.
pub(crate) const FOR_READING: usize = 256 << 20;
/// What evaluation takes whatever the policies, and what Cedar wants to keep free.
const BASE: usize = 384 << 10;
const PER_LEVEL: usize = 96 << 10;

/// How deep the operators of `policy` are nested. To be called with [room for
/// reading](FOR_READING).
pub(crate) fn depth(policy: &Policy) -> usize {
    let Ok(json) = policy.to_json() else {
        return usize::MAX;
    };
    // Conditions are joined to one.
    let conditions = json
        .get("conditions")
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    let mut deepest = 0;
    let mut rest = vec![(&json, 0_usize)];
    while let Some((value, depth)) = rest.pop() {
        deepest = deepest.max(depth);
        match value {
            Value::Object(map) => rest.extend(map.values().map(|value| (value, depth + 1))),
            Value::Array(values) => rest.extend(values.iter().map(|value| (value, depth + 1))),
            _ => {}
        }
    }
    // An operator is two levels of Cedar's JSON.
    deepest / 2 + conditions
}

/// Runs `evaluate` with a stack for policies of the depth `levels`.
pub(crate) fn with_room<T>(levels: usize, evaluate: impl FnOnce() -> T) -> T {
    let needed = BASE + levels * PER_LEVEL;
    stacker::maybe_grow(needed, needed, evaluate)
}
