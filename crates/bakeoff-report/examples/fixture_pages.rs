//! Writes every document of every fixture into a folder, to be looked at: `cargo run -p bakeoff-report --example
//! fixture_pages -- FOLDER`.

#[path = "../tests/documents/cases.rs"]
mod cases;
#[path = "../tests/documents/conclusions.rs"]
mod conclusions;
#[path = "../tests/documents/evidence.rs"]
mod evidence;
#[path = "../tests/documents/fixture.rs"]
mod fixture;
#[path = "../tests/documents/histograms.rs"]
mod histograms;
#[path = "../tests/documents/launches.rs"]
mod launches;
#[path = "../tests/documents/lottery.rs"]
mod lottery;
#[path = "../tests/documents/values.rs"]
mod values;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).unwrap_or_else(|| ".".to_owned());
    std::fs::create_dir_all(&folder)?;
    for (name, fixture) in cases::all() {
        for format in bakeoff_report::FORMATS {
            let text = (format.render)(&fixture.document())?;
            std::fs::write(format!("{folder}/{name}.{}", format.extension), text)?;
        }
    }
    Ok(())
}
