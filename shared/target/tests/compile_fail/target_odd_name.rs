// expect: the target's name does not fit: write 1 to 100 letters and digits; a hyphen may follow each, an underscore may not
// expect: assert_target::<Target>

use fixture::*;

tools! { struct Target = "Report_Tools" { Echo } }

fn main() {}
