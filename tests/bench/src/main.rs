//! What a function of this workspace costs beside a bare lambda_runtime function: start-up, a
//! warm call, and size. Both run in turns in the same minute, so that the ratios hold on a noisy
//! machine; the times themselves are this machine's.

mod environment;

use std::{error::Error, path::Path, time::Duration};

use environment::Environment;

const STARTS: usize = 30;
const CALLS: usize = 2_000;
const EVENT: &str = r#"{"title":"Bench","sections":[{"heading":"One","bullets":["a","b"],"table":{"columns":["x","y"],"rows":[["1","2"]]}}]}"#;
const NAMES: [&str; 2] = ["bare-echo", "report-tools"];

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args()
        .nth(1)
        .ok_or("usage: bench FOLDER_OF_RELEASE_BINARIES")?;
    let [bare, ours] = NAMES.map(|name| Path::new(&folder).join(name));

    let mut init = [Vec::new(), Vec::new()];
    for _ in 0..STARTS {
        for (binary, times) in [&bare, &ours].into_iter().zip(&mut init) {
            times.push(Environment::start(binary)?.init);
        }
    }
    let mut warm = [Vec::new(), Vec::new()];
    let [mut first, mut second] = [Environment::start(&bare)?, Environment::start(&ours)?];
    for _ in 0..CALLS {
        for (environment, times) in [&mut first, &mut second].into_iter().zip(&mut warm) {
            times.push(environment.call(EVENT)?);
        }
    }
    let size = |binary: &Path| Ok::<_, std::io::Error>(binary.metadata()?.len() as f64 / 1e6);

    println!(
        "{:<18}{:>14}{:>14}{:>8}",
        "median", NAMES[0], NAMES[1], "ratio"
    );
    row("init, ms", init.map(median));
    row("warm call, ms", warm.map(median));
    row("size, MB", [size(&bare)?, size(&ours)?]);
    Ok(())
}

fn row(name: &str, [bare, ours]: [f64; 2]) {
    println!("{name:<18}{bare:>14.3}{ours:>14.3}{:>8.2}", ours / bare);
}

/// In milliseconds.
fn median(mut times: Vec<Duration>) -> f64 {
    times.sort_unstable();
    let middle = times.get(times.len() / 2).copied().unwrap_or_default();
    middle.as_secs_f64() * 1e3
}
