//! Printing that does not mind when nobody reads on: `gateway policy export | head` is no reason
//! to panic, and `gateway up` outlives its terminal's pipe.

/// A line to stdout.
macro_rules! say {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stdout(), $($text)*);
    }};
}

/// A line to stderr.
macro_rules! note {
    ($($text:tt)*) => {{
        use std::io::Write as _;
        let _ = writeln!(std::io::stderr(), $($text)*);
    }};
}
