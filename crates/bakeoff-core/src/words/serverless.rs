//! The section "App Engine and Cloud Run" in words: heads, cells and sentences for page and terminal. The numbers come
//! finished from [`crate::serverless::table`].

use super::number::{Quantity, grouped, share, with_interval};
use super::{absence, platform};
use crate::lookup::Lookup;
use crate::metric::metric;
use crate::range::Range;
use crate::serverless::catalogue::catalogue;
use crate::serverless::inputs::{Inputs, NoInput};
use crate::serverless::platform::Platform;
use crate::serverless::simulate::{Method, Simulated};
use crate::serverless::table::{OfTarget, Row, Serverless, Simulation};
use crate::serverless::target::{NoTarget, Target};

/// The section.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    /// What the section is about: the load, and where its day comes from.
    pub intro: String,
    /// The targets, the brief's own first.
    pub targets: Vec<TargetWords>,
    /// What was emulated here.
    pub emulated: String,
    /// What was simulated, and how.
    pub simulated: String,
    /// What no page of a provider states, so that the simulation assumes it.
    pub assumed: Vec<String>,
    /// Pages with the day on which they were read.
    pub sources: Vec<String>,
}

/// A target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TargetWords {
    /// `App Engine, F1`.
    pub title: String,
    /// The instance and the autoscaler.
    pub instance: String,
    /// The price list.
    pub price: String,
    /// Heads of the rows' cells.
    pub heads: Vec<&'static str>,
    /// A row a contender.
    pub rows: Vec<RowWords>,
}

/// A contender on a target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowWords {
    /// Its name.
    pub contender: String,
    /// Why it does not fit, each in a sentence without a full stop; empty where it fits.
    pub unfit: Vec<String>,
    /// Cells under [`TargetWords::heads`]; empty without a simulation.
    pub cells: Vec<String>,
    /// Why there is no simulation; empty where there is one.
    pub missing: String,
    /// What the emulation found; empty where it was not tried.
    pub check: String,
    /// What could not be emulated.
    pub not_emulated: Vec<String>,
    /// What went into the simulation.
    pub inputs: String,
    /// Knob, setting, and the cells of a day.
    pub knobs: Vec<Vec<String>>,
    /// Requests a second, and the cells of a day.
    pub scales: Vec<Vec<String>>,
}

/// Heads of a day's cells.
pub const DAY_HEADS: [&str; 7] = [
    "instances",
    "most",
    "cold starts a day",
    "wait p50",
    "wait p99",
    "refused",
    "month",
];

/// The section of a run.
#[must_use]
pub fn section(serverless: &Serverless, facts: &Lookup<'_>) -> Section {
    let table = catalogue();
    let peak = Quantity::new(serverless.peak_rps, "").as_set();
    let day = if serverless.day_is_assumed {
        "The brief states no day, so its curve is an assumption: quietest at night with a tenth of the highest hour, \
         busiest in the evening (`[load] day` states another)"
    } else {
        "The curve of the day is the brief's"
    };
    let assumed = [
        &table.app_engine.assumed[..],
        &table.cloud_run.assumed,
        &table.both.assumed,
    ];
    Section {
        intro: format!(
            "{peak} requests a second in the highest hour. {day}; its mean is {} of the highest hour.{}",
            share(serverless.day.mean_of_peak()),
            without(serverless)
        ),
        targets: serverless.targets.iter().map(target).collect(),
        emulated: emulated(serverless, facts),
        simulated: simulated(serverless),
        assumed: assumed.concat(),
        sources: sources(serverless),
    }
}

/// Why a target has no table, a sentence each after a space.
fn without(serverless: &Serverless) -> String {
    let sentence = |target: &NoTarget| {
        format!(
            " {} has no table: instances of class {} start and end by basic or manual scaling, which is not simulated; \
             with an F class as `instance_class` there is one.",
            target.platform.title(),
            target.class
        )
    };
    serverless.without.iter().map(sentence).collect()
}

fn emulated(serverless: &Serverless, facts: &Lookup<'_>) -> String {
    let own = &facts.brief.deploy.target;
    let rows = serverless.targets.iter().flat_map(|of| &of.rows);
    if rows.filter(|row| row.check.is_some()).count() == 0 {
        return format!(
            "Emulated: nothing in this run. The start times are those of the run, divided by the share of a processor; \
             `bakeoff run` with `target = \"{own}\"` starts each contender under the quota."
        );
    }
    "Emulated on this machine, not run at the provider: each contender is started under the quota of one instance \
     (processor and memory where the machine allows it), with an odd PORT, a root that cannot be written, and SIGTERM \
     with requests in flight. The providers' warm-up request and their deadline of minutes for a response are not \
     emulated."
        .to_owned()
}

fn simulated(serverless: &Serverless) -> String {
    let in_steps = serverless.targets.iter().any(OfTarget::has_steps);
    let steps = if in_steps {
        ", days with more requests or instances than that in steps of a second with the queue's stationary state"
    } else {
        ""
    };
    format!(
        "Simulated, not run at the provider: instances, waiting and cost follow from the measured CPU time, service \
         time and start time by a model of the autoscaler, request by request{steps}. A wait is the time until an \
         instance takes a request. The intervals come from those of the inputs (beside knobs in proportion to that of \
         the brief's day); how true the model is of the provider was not measured."
    )
}

fn sources(serverless: &Serverless) -> Vec<String> {
    let (table, read) = (catalogue(), &serverless.table);
    let pages = |of: &OfTarget| match of.target.platform {
        Platform::AppEngine => [
            &table.price.app_engine.source,
            &table.app_engine.scaling_source,
            &table.app_engine.instances_source,
            &table.app_engine.runtimes_source,
            &table.app_engine.contract_source,
        ]
        .to_vec(),
        Platform::CloudRun => [
            &table.price.cloud_run.source,
            &table.cloud_run.scaling_source,
            &table.cloud_run.instances_source,
            &table.cloud_run.contract_source,
        ]
        .to_vec(),
    };
    let pages = serverless.targets.iter().flat_map(pages);
    pages.map(|page| format!("{page} (read {read})")).collect()
}

fn target(of: &OfTarget) -> TargetWords {
    let target = &of.target;
    TargetWords {
        title: format!("{}, {}", target.platform.title(), target.size),
        instance: instance(target),
        price: price(target),
        heads: DAY_HEADS.to_vec(),
        rows: of.rows.iter().map(|own| row(own, target)).collect(),
    }
}

fn instance(target: &Target) -> String {
    let policy = &target.policy;
    let mut words = format!(
        "An instance has {} of a processor and {}, and takes {} requests at a time. The autoscaler aims at {} of the \
         processors and {} of the places",
        share(target.vcpu),
        Quantity::new(target.memory_mb, "MB").as_set(),
        target.concurrency,
        share(policy.cpu_target),
        share(policy.concurrency_target),
    );
    if target.vcpu >= 1.0 {
        words = words.replacen(
            &format!("{} of a processor", share(target.vcpu)),
            &format!("{} vCPU", target.vcpu),
            1,
        );
    }
    if target.platform == Platform::AppEngine {
        let most = catalogue().app_engine.max_instances_default;
        words.push_str(&format!(
            ". New projects have at most {most} instances unless `max_instances` says otherwise; here there is no \
             such limit"
        ));
    }
    words + "."
}

fn price(target: &Target) -> String {
    let table = catalogue();
    let free = "what is free each month is taken off";
    if target.own_price {
        return format!("Prices: the brief's own, in {}; {free}.", target.currency);
    }
    format!(
        "Prices: {}, as read on {}, in {}; {free}. Without taxes, traffic out and discounts.",
        table.price.list, table.date, target.currency
    )
}

fn row(row: &Row, target: &Target) -> RowWords {
    let words = RowWords {
        contender: row.contender.clone(),
        unfit: row.unfit.iter().map(platform::unfit).collect(),
        check: row.check.as_ref().map(platform::check).unwrap_or_default(),
        not_emulated: row
            .check
            .as_ref()
            .map(|check| check.not_emulated.clone())
            .unwrap_or_default(),
        ..RowWords::default()
    };
    match &row.simulation {
        Some(simulation) => simulation_words(words, simulation, target),
        None => RowWords {
            missing: row.lacks.as_ref().map(no_input).unwrap_or_default(),
            ..words
        },
    }
}

fn no_input(lack: &NoInput) -> String {
    let title = metric(&lack.metric).map_or(lack.metric.as_str(), |row| row.title);
    let why = lack.missing.as_deref().map(absence::missing);
    format!(
        "no simulation without {}{}",
        title.to_lowercase(),
        why.map(|why| format!(": {why}")).unwrap_or_default()
    )
}

fn simulation_words(words: RowWords, simulation: &Simulation, target: &Target) -> RowWords {
    let mut cells = day_cells(&simulation.day, &simulation.month, &target.currency);
    let instances = simulation.instances;
    cells[0] = with_interval(instances.value, (instances.low, instances.high), |value| {
        Quantity::new(value, "").in_table()
    });
    let beside = |first: Vec<String>, day: &Simulated, month: &Range| {
        [first, day_cells(day, month, &target.currency)].concat()
    };
    let knobs = simulation.knobs.iter().map(|knob| {
        beside(
            vec![knob.knob.clone(), knob.setting.clone()],
            &knob.day,
            &knob.month,
        )
    });
    let scales = simulation.scales.iter().map(|scale| {
        let peak = &scale.peak_rps;
        let rate = with_interval(peak.value, (peak.low, peak.high), |value| {
            Quantity::new(value, "1/s").in_table()
        });
        let exactly = Range {
            value: scale.day.month.net,
            low: scale.day.month.net,
            high: scale.day.month.net,
        };
        let mut cells = beside(vec![rate], &scale.day, &exactly);
        // The instances are given, so what is open is the load that they serve.
        if let Some(month) = cells.last_mut() {
            *month = Quantity::new(exactly.value, &target.currency).in_table();
        }
        cells
    });
    RowWords {
        inputs: inputs(&simulation.inputs, &simulation.day),
        knobs: knobs.collect(),
        scales: scales.collect(),
        cells,
        ..words
    }
}

/// The cells under [`DAY_HEADS`].
fn day_cells(day: &Simulated, month: &Range, currency: &str) -> Vec<String> {
    let outcome = &day.outcome;
    let wait = |seconds: f64| {
        if seconds < 1e-6 {
            "0 ms".to_owned()
        } else {
            Quantity::new(seconds * 1e3, "ms").in_prose()
        }
    };
    vec![
        Quantity::new(outcome.instances_mean, "").in_table(),
        grouped(u64::from(outcome.instances_peak)),
        Quantity::new(outcome.cold_starts_a_day, "").in_table(),
        wait(outcome.wait_p50_s),
        wait(outcome.wait_p99_s),
        share(outcome.refused),
        with_interval(month.value, (month.low, month.high), |value| {
            Quantity::new(value, currency).in_table()
        }),
    ]
}

fn inputs(inputs: &Inputs, day: &Simulated) -> String {
    let range = |range: &Range, unit| {
        with_interval(range.value, (range.low, range.high), |value| {
            Quantity::new(value, unit).in_prose()
        })
    };
    let start = if inputs.start_under_quota {
        "measured under the quota"
    } else {
        "the start of the run, divided by the share of a processor"
    };
    let law = if inputs.law.is_some() {
        "the throughput that the closed loop measured"
    } else {
        "mean value analysis, since no closed loop was measured"
    };
    let method = match day.method {
        Method::Requests => "request by request",
        Method::Seconds => "in steps of a second",
    };
    format!(
        "CPU time {} a request; alone on a whole processor {}; start {} ({start}); more at a time by {law}; simulated \
         {method}",
        range(&inputs.cpu_us, "µs"),
        range(&inputs.alone_ms, "ms"),
        range(&inputs.start_s, "s"),
    )
}
