//! How the run measured: commands that repeat it, trials in time, quality checks, noise, plan, host, versions, brief,
//! and what the run does not show. It is complete rather than short: a sceptic reads it.

use super::palette::{Named, Palette};
use super::timeline::Timeline;
use crate::document::Document;
use crate::field::{FieldRow, entrants};
use crate::findings::gate_count;
use crate::{commands, wording};
use askama::Template;
use bakeoff_core::entrant::Entrant;
use bakeoff_core::evidence::{Advice, ContenderRecord, Gate, Next};
use bakeoff_core::metric::{METRICS, Metric};
use bakeoff_core::plan::{BudgetRule, Plan, Probes};
use bakeoff_core::range::Range;
use bakeoff_core::words;
use bakeoff_core::words::number::{self, Quantity};

#[derive(Template)]
#[template(path = "measured.html")]
pub(super) struct Measured {
    repeat: String,
    decide: String,
    brief_path: String,
    brief_text: String,
    plan: Vec<(&'static str, String)>,
    host: Vec<(&'static str, String)>,
    timeline: Option<Timeline>,
    advice: Vec<AdviceRow>,
    noise: Option<NoiseRows>,
    /// Whether the run has launches that live through several trials.
    has_launches: bool,
    gate_heads: Vec<&'static str>,
    gates: Vec<GateRow>,
    contenders: Vec<ContenderRow>,
    limits: Vec<String>,
}

impl askama::filters::HtmlSafe for Measured {}

/// The schedule's advice after a round, in runs of earlier versions after a block.
struct AdviceRow {
    after: String,
    next: &'static str,
    loss: String,
    worth: String,
    price: String,
    reason: String,
}

/// How far the twins lie apart.
struct NoiseRows {
    title: String,
    /// Whether launches and blocks predict how far that is.
    has_prediction: bool,
    rows: Vec<NoiseRow>,
}

struct NoiseRow {
    metric: &'static str,
    title: &'static str,
    ratio: String,
    interval: String,
    /// Empty without a prediction.
    predicted: String,
    /// Empty where the twins lie within it.
    widened: String,
}

struct GateRow {
    named: Named,
    launches: usize,
    trials: usize,
    cells: Vec<GateCell>,
}

struct GateCell {
    class: &'static str,
    text: String,
    title: String,
}

struct ContenderRow {
    named: Named,
    model: String,
    server: String,
    homepage: String,
    remarks: String,
    not_served: String,
    versions: Vec<(String, String)>,
}

impl Measured {
    pub(super) fn of(document: &Document<'_>, field: &[FieldRow<'_>], palette: &Palette) -> Self {
        let run = document.run;
        let entrants = entrants(document, field);
        Measured {
            repeat: commands::repeat(document),
            decide: commands::decide(document),
            brief_path: run.brief_path.clone(),
            brief_text: run.brief_text.clone(),
            plan: plan(document),
            advice: run
                .advice
                .iter()
                .map(|advice| advice_row(document, advice))
                .collect(),
            host: host(document),
            timeline: Timeline::of(document, field, palette),
            noise: noise(document),
            has_launches: !run.launches.is_empty(),
            gate_heads: Gate::ALL.iter().map(|gate| gate.words()).collect(),
            gates: entrants
                .iter()
                .map(|entrant| gate_row(document, palette, entrant))
                .collect(),
            contenders: field
                .iter()
                .filter_map(|e| e.record.map(|record| contender(record, palette)))
                .collect(),
            limits: limits(document),
        }
    }
}

/// An advice in a row. Until enough ran, it weighed nothing.
fn advice_row(document: &Document<'_>, advice: &Advice) -> AdviceRow {
    let weighed = advice.blocks > 0 || advice.rounds > 0;
    let part = |value: f64| {
        if weighed {
            number::score_difference(value)
        } else {
            "–".to_owned()
        }
    };
    AdviceRow {
        after: match advice.after_rounds {
            0 => number::count(advice.after_blocks as usize, "block"),
            rounds => number::count(rounds as usize, "round"),
        },
        next: match (advice.next, advice.probes) {
            (Next::Stop, _) => "stop",
            (Next::GoOn, Probes::Due) => "continue",
            (Next::GoOn, Probes::LeftOut) => "continue without probes",
        },
        loss: part(advice.expected_loss),
        worth: match advice.value_per_second() {
            Some(a_second) => format!("{} ({} a second)", part(advice.value), part(a_second)),
            None => "–".to_owned(),
        },
        price: part(advice.price),
        reason: reason(document, advice),
    }
}

/// Why, and who gets no further launch.
fn reason(document: &Document<'_>, advice: &Advice) -> String {
    let why = words::advice::why(advice);
    if advice.dropped.is_empty() {
        return why;
    }
    let titles: Vec<&str> = advice.dropped.iter().map(|name| document.title(name)).collect();
    format!("{why}; no further launch of {}", number::list(&titles))
}

fn plan(document: &Document<'_>) -> Vec<(&'static str, String)> {
    let run = document.run;
    let shape = &run.plan.trial;
    let mut rows = vec![
        ("run", run.id.clone()),
        ("bakeoff", run.version.clone()),
        ("started", wording::minute(&run.started)),
        (
            "finished",
            run.finished.as_deref().map_or("no".to_owned(), wording::minute),
        ),
        ("why it stopped", wording::stop(run.stop.as_ref())),
        ("budget", budget(&run.plan)),
        ("seed", run.plan.seed.to_string()),
        ("load in a trial", number::duration_s(shape.measure_s)),
    ];
    rows.extend(parts(&run.plan));
    if let Some(twin) = &run.plan.twin_of {
        rows.push(("twin of", document.title(twin).to_owned()));
    }
    rows.push(("brief, SHA-256", run.brief_sha256.clone()));
    rows
}

fn budget(plan: &Plan) -> String {
    let budget = number::duration_s(plan.budget_s);
    match plan.budget_rule {
        BudgetRule::Given => budget,
        BudgetRule::FullAnswer => format!("{budget}, for a full answer"),
    }
}

/// What the plan consists of; plans of earlier versions have blocks and no rounds.
fn parts(plan: &Plan) -> Vec<(&'static str, String)> {
    if plan.rounds.is_empty() {
        return vec![
            ("blocks planned", plan.blocks.len().to_string()),
            ("longest warm-up", number::duration_s(plan.trial.warm_max_s)),
        ];
    }
    vec![
        ("rounds planned", plan.rounds.len().to_string()),
        ("blocks of a launch", plan.blocks_of_a_launch().to_string()),
        ("longest warm-up", number::duration_s(plan.launch.warm_max_s)),
        ("longest wake-up", number::duration_s(plan.trial.warm_max_s)),
    ]
}

fn host(document: &Document<'_>) -> Vec<(&'static str, String)> {
    let host = &document.run.host;
    let cores = |cores: &[u32]| cores.iter().map(u32::to_string).collect::<Vec<_>>().join(", ");
    let runtimes: Vec<String> = host
        .runtimes
        .iter()
        .map(|(name, version)| format!("{name} {version}"))
        .collect();
    let rows = [
        ("system", host.os.clone()),
        ("processor", host.cpu.clone()),
        (
            "cores",
            if host.cores > 0 {
                host.cores.to_string()
            } else {
                String::new()
            },
        ),
        ("cores of servers", cores(&host.server_cores)),
        ("cores of generator and database", cores(&host.generator_cores)),
        (
            "memory",
            if host.memory_mb > 0 {
                Quantity::new(host.memory_mb as f64, "MB").in_prose()
            } else {
                String::new()
            },
        ),
        (
            "isolation",
            host.isolation.map(|tier| tier.to_string()).unwrap_or_default(),
        ),
        ("database", host.database.clone()),
        ("runtimes", runtimes.join(", ")),
    ];
    let known = |text: String| {
        if text.is_empty() {
            "not known".to_owned()
        } else {
            text
        }
    };
    rows.into_iter().map(|(what, text)| (what, known(text))).collect()
}

/// The ratios of the twin to its original, metrics in the order of the table.
fn noise(document: &Document<'_>) -> Option<NoiseRows> {
    let floor = document.judgement.verdict.noise_floor.as_ref()?;
    let row = |metric: &&Metric| {
        let ratio = floor.ratios.get(metric.id)?;
        let times = |value: f64| Quantity::new(value, "×").in_table();
        let span = |range: &Range| format!("{} to {}", times(range.low), times(range.high));
        Some(NoiseRow {
            metric: metric.id,
            title: metric.title,
            ratio: times(ratio.value),
            interval: span(ratio),
            predicted: floor.predicted.get(metric.id).map_or_else(String::new, span),
            widened: floor
                .widened
                .get(metric.id)
                .map_or_else(String::new, |factor| times(*factor)),
        })
    };
    let rows: Vec<_> = METRICS.iter().filter_map(|metric| row(&metric)).collect();
    (!rows.is_empty()).then(|| NoiseRows {
        title: document.title(&floor.contender).to_owned(),
        has_prediction: !floor.predicted.is_empty(),
        rows,
    })
}

fn gate_row(document: &Document<'_>, palette: &Palette, entrant: &Entrant) -> GateRow {
    let run = document.run;
    let launches = run.launches.iter().filter(|launch| launch.entrant == *entrant);
    let trials = run.trials.iter().filter(|trial| trial.entrant == *entrant);
    let cell = |gate| {
        let count = gate_count(document, entrant, gate);
        let all = count.passed + count.weak + count.failed;
        let (class, text) = match (all, count.weak, count.failed) {
            (0, ..) => ("unknown", "–".to_owned()),
            (_, 0, 0) => ("passed", format!("{all} of {all}")),
            (_, weak, 0) => ("weak", format!("{} of {all}, {weak} weak", count.passed)),
            (_, 0, failed) => ("failed", format!("{} of {all}, {failed} failed", count.passed)),
            (_, weak, failed) => (
                "failed",
                format!("{} of {all}, {weak} weak, {failed} failed", count.passed),
            ),
        };
        GateCell {
            class,
            text,
            title: count.example.unwrap_or_default(),
        }
    };
    GateRow {
        named: Named::of_entrant(document, palette, entrant),
        launches: launches.count(),
        trials: trials.count(),
        cells: Gate::ALL.into_iter().map(cell).collect(),
    }
}

fn contender(record: &ContenderRecord, palette: &Palette) -> ContenderRow {
    let web = record.homepage.starts_with("https://") || record.homepage.starts_with("http://");
    ContenderRow {
        named: Named::of(palette, &record.name),
        model: record.model.clone(),
        server: record.server.clone(),
        homepage: if web {
            record.homepage.clone()
        } else {
            String::new()
        },
        remarks: record.remarks.clone(),
        not_served: record.not_served.join(", "),
        versions: record
            .versions
            .iter()
            .map(|(name, version)| (name.clone(), version.clone()))
            .collect(),
    }
}

fn limits(document: &Document<'_>) -> Vec<String> {
    let host = &document.run.host;
    let shared = host
        .server_cores
        .iter()
        .any(|core| host.generator_cores.contains(core));
    let machine = if host.cpu.is_empty() {
        "one machine"
    } else {
        host.cpu.as_str()
    };
    let mut limits = vec![
        format!(
            "All contenders ran on {machine}, which is not your machine. Ratios between contenders carry over better than \
             the numbers themselves."
        ),
        "The services are small. The costs of a large code base, its caches and its own queries are not included.".to_owned(),
        "The load came over loopback: no TLS, no packet loss, no distance.".to_owned(),
        "A run of minutes does not show leaks that take days.".to_owned(),
        "No human was timed. The learning curve comes from source code, installation and team.".to_owned(),
        "Counts from registries and documentation are as old as their snapshot; each has its date.".to_owned(),
    ];
    if shared {
        limits.push(
            "Servers and generator shared processors, so throughput and high percentiles include the generator's own work."
                .to_owned(),
        );
    }
    limits
}
