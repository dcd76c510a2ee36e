//! "Did you mean": a name close to one that is not there.

/// ``; did you mean `X`?`` if one of `names` is close to `wanted`, or nothing.
pub(crate) fn did_you_mean<'a>(
    wanted: &str,
    names: impl IntoIterator<Item = impl Into<&'a str>>,
) -> String {
    names
        .into_iter()
        .map(Into::into)
        .find(|name| close(wanted, name))
        .map(|name| format!("; did you mean `{name}`?"))
        .unwrap_or_default()
}

/// Whether two names differ only in case, or within one stretch of at most two characters (a
/// letter left out, put in, changed, or two swapped). Linear, since a template may be hostile.
fn close(a: &str, b: &str) -> bool {
    if a.eq_ignore_ascii_case(b) {
        return true;
    }
    let same =
        |pairs: &mut dyn Iterator<Item = (u8, u8)>| pairs.take_while(|(x, y)| x == y).count();
    let front = same(&mut a.bytes().zip(b.bytes()));
    let back = same(&mut a.bytes().rev().zip(b.bytes().rev()));
    let longest = a.len().max(b.len());
    longest > 3 && front + back + 2 >= longest
}

#[cfg(test)]
mod tests {
    use super::did_you_mean;

    #[test]
    fn a_slip_of_the_finger_is_close_and_another_word_is_not() {
        let names = ["Gateway", "ReportTools"];
        for slip in ["Gatway", "Gateways", "Gatewya", "gateway", "Gatevay"] {
            assert_eq!(did_you_mean(slip, names), "; did you mean `Gateway`?");
        }
        assert_eq!(did_you_mean("Pool", names), "");
        assert_eq!(did_you_mean("", names), "");
    }
}
