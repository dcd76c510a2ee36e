//! Templates with one value replaced by another, whatever it was.

/// What a value is replaced by.
const OTHERS: [&str; 5] = ["null", "[x]", "text", "5", "{k: v}"];

/// Every value of the text replaced by each of the others in turn.
pub(crate) fn of(text: &str) -> impl Iterator<Item = String> {
    let values = values(text);
    values.into_iter().flat_map(move |(start, end)| {
        OTHERS.map(|other| {
            let (before, after) = (&text[..start], &text[end..]);
            format!("{before} {other}{after}")
        })
    })
}

/// Where values begin and end: of keys and items in block style with all that is indented below
/// them, and inside of brackets. Quotes are not minded, so that some mutants are no YAML.
fn values(text: &str) -> Vec<(usize, usize)> {
    let mut values = Vec::new();
    let mut at = 0;
    let lines: Vec<(usize, &str)> = text
        .split_inclusive('\n')
        .map(|line| {
            at += line.len();
            (at - line.len(), line)
        })
        .collect();
    for (index, (offset, line)) in lines.iter().enumerate() {
        let mut indent = line.len() - line.trim_start().len();
        let mut rest = line.trim();
        while let Some(item) = rest.strip_prefix("- ") {
            values.push((offset + indent + 1, block_end(&lines, index, indent, false)));
            indent += 2;
            rest = item;
        }
        if let Some(colon) = rest
            .find(": ")
            .or_else(|| rest.strip_suffix(':').map(str::len))
            && !rest.starts_with(['#', '{', '['])
        {
            let list = rest.ends_with(':');
            values.push((
                offset + indent + colon + 1,
                block_end(&lines, index, indent, list),
            ));
        }
    }
    values.extend(flow(text));
    values
}

/// The end of what belongs to a line: the next one that is not indented more. A list may stand
/// as deep as its key.
fn block_end(lines: &[(usize, &str)], index: usize, indent: usize, list: bool) -> usize {
    let (offset, line) = lines[index];
    let mut end = offset + line.trim_end().len();
    for (offset, line) in &lines[index + 1..] {
        let deep = line.len() - line.trim_start().len();
        let item = list && deep == indent && line.trim_start().starts_with("- ");
        if !line.trim().is_empty() && deep <= indent && !item {
            break;
        }
        end = offset + line.trim_end().len();
    }
    end
}

/// Values after `[`, `{`, `,` and `:` inside of brackets.
fn flow(text: &str) -> Vec<(usize, usize)> {
    let mut values = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    for (at, c) in text.char_indices() {
        match c {
            '[' | '{' => open.push(at + 1),
            ',' | ']' | '}' => {
                if let Some(start) = open.last_mut()
                    && at > *start
                {
                    values.push((*start, at));
                    *start = at + 1;
                }
                if c != ',' {
                    open.pop();
                }
            }
            ':' => {
                if let Some(start) = open.last_mut() {
                    *start = at + 1;
                }
            }
            _ => {}
        }
    }
    values
}
