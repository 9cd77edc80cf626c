//! The table of a report, from runs whose truth is known.

use super::platform::Platform;
use super::simulate::Effort;
use super::table::{Row, Serverless, of_run};
use crate::brief::{Brief, Preferences};
use crate::evidence::{PlatformCheck, Point, Run, Support, SupportedPart, Unfit};
use crate::fixture::{Fixture, brief};
use crate::judge::{JudgeOptions, judge};
use crate::judgement::Judgement;
use crate::lookup::Lookup;
use crate::verdict::VetoReason;
use crate::words;

fn serverless(target: &str) -> Brief {
    let mut brief = brief();
    brief.deploy.target = target.to_owned();
    brief.load.peak_rps = 40.0;
    brief
}

fn run() -> Run {
    Fixture::new(&[("node-fastify", 1.0), ("python-flask", 3.0)])
        .launches(2)
        .blocks(4)
        .run()
}

fn judged(run: &Run, brief: &Brief) -> Judgement {
    judge(
        run,
        brief,
        &Preferences::default(),
        &JudgeOptions {
            samples: 200,
            ..JudgeOptions::default()
        },
    )
}

fn table(run: &Run, brief: &Brief) -> Option<Serverless> {
    let judgement = judged(run, brief);
    let facts = Lookup {
        run,
        judgement: &judgement,
        brief,
    };
    of_run(&facts, Effort::DAY)
}

fn row(run: &Run, platform: Platform) -> Row {
    let table = table(run, &serverless("app-engine")).unwrap();
    table.of(platform).unwrap().rows[0].clone()
}

#[test]
fn a_container_has_no_table_and_a_serverless_target_has_both() {
    let run = run();
    assert_eq!(table(&run, &brief()), None);
    let mut brief = serverless("cloud-run");
    brief.load.peak_rps = 4_000.0;
    let both = table(&run, &brief).unwrap();
    let platforms: Vec<Platform> = both.targets.iter().map(|of| of.target.platform).collect();
    assert_eq!(platforms, [Platform::CloudRun, Platform::AppEngine]);
    assert!(both.day_is_assumed);
    for of in &both.targets {
        assert!(of.rows.iter().all(|row| row.unfit.is_empty()));
        let [fast, slow] = &of.rows[..] else {
            panic!("two rows")
        };
        let (fast, slow) = (
            fast.simulation.as_ref().unwrap(),
            slow.simulation.as_ref().unwrap(),
        );
        assert!(
            slow.month_gross.value > fast.month_gross.value,
            "{:?} {:?}",
            fast.day,
            slow.day
        );
        assert!(fast.month.low <= fast.month.value && fast.month.value <= fast.month.high);
        assert!(fast.month_gross.low < fast.month_gross.high);
        assert!(slow.inputs.cpu_us.value > 2.0 * fast.inputs.cpu_us.value);
    }
}

#[test]
fn the_same_evidence_gives_the_same_table() {
    let run = Fixture::new(&[("node-fastify", 1.0)]).launches(2).blocks(2).run();
    let brief = serverless("app-engine");
    let once = table(&run, &brief);
    assert_eq!(once, table(&run, &brief));
    let json = serde_json::to_string(&once).unwrap();
    let back: Option<Serverless> = serde_json::from_str(&json).unwrap();
    assert_eq!(back, once);
}

#[test]
fn a_closed_loop_and_starts_under_the_quota_are_used() {
    let mut run = Fixture::new(&[("node-fastify", 1.0)]).launches(2).blocks(2).run();
    let mut observed = crate::evidence::Observation::new("usl_contention", 0.4);
    // 1 ms alone; one process carries 900 requests a second at most.
    let points = [1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0].map(|n: f64| Point {
        x: n,
        y: n / (0.001 * (1.0 + 0.9 * (n - 1.0)) / 0.81),
        range: None,
    });
    observed.detail = Some(crate::evidence::Detail {
        interval: None,
        points: points.to_vec(),
    });
    let own = crate::entrant::Entrant::contender("node-fastify");
    let trial = run.trials.iter_mut().find(|trial| trial.entrant == own).unwrap();
    trial.observations.retain(|seen| seen.metric != "usl_contention");
    for trial in &mut run.trials {
        trial.observations.retain(|seen| seen.metric != "usl_contention");
    }
    let trial = run.trials.iter_mut().find(|trial| trial.entrant == own).unwrap();
    trial.observations.push(observed);
    run.contenders[0].platforms.push(PlatformCheck {
        platform: Platform::AppEngine,
        size: "F1".to_owned(),
        vcpu: 0.25,
        memory_mb: 384.0,
        start_ms: vec![1_900.0, 2_000.0, 2_100.0],
        stop_ms: None,
        used_mb: None,
        unfit: vec![Unfit::IgnoresPort { port: 8123 }],
        not_emulated: Vec::new(),
    });
    let table = table(&run, &serverless("app-engine")).unwrap();
    let on = |platform| table.of(platform).unwrap().rows[0].clone();
    let on_app_engine = on(Platform::AppEngine);
    let inputs = on_app_engine.simulation.unwrap().inputs;
    assert!(
        inputs.start_under_quota && (inputs.start_s.value - 2.0).abs() < 0.01,
        "{inputs:?}"
    );
    assert!(
        inputs.start_s.low < 1.95 && inputs.start_s.high > 2.05,
        "{inputs:?}"
    );
    assert!((inputs.alone_ms.value - 1.0 / 0.81).abs() < 0.01, "{inputs:?}");
    assert!(inputs.law.is_some_and(|law| law.most == 64.0));
    assert_eq!(on_app_engine.unfit, [Unfit::IgnoresPort { port: 8123 }]);
    let on_cloud_run = on(Platform::CloudRun);
    assert!(on_cloud_run.unfit.is_empty() && !on_cloud_run.simulation.unwrap().inputs.start_under_quota);
}

#[test]
fn what_cannot_run_on_the_brief_s_target_is_out_and_elsewhere_it_is_not() {
    let mut run = run();
    run.started = "2026-11-30T10:00:00Z".to_owned();
    run.contenders[0].support.push(Support {
        part: SupportedPart::Runtime,
        what: "Node.js 20.20.2".to_owned(),
        line: Some("20".to_owned()),
        active_until: None,
        ends: Some("2026-04-30".to_owned()),
        older_than: None,
        source: None,
        not_provided: None,
        table: "2026-11-28".to_owned(),
    });
    let vetoes = |target: &str| {
        let judgement = judged(&run, &serverless(target));
        let own = judgement.verdict.vetoes.into_iter();
        own.filter(|veto| matches!(veto.reason, VetoReason::UnfitForTarget { .. }))
            .map(|veto| format!("{}: {}", veto.contender, words::absence::veto(&veto.reason)))
            .collect::<Vec<_>>()
            .join("\n")
    };
    insta::assert_snapshot!(vetoes("app-engine"), @"node-fastify: on App Engine its runtime Node.js 20.20.2 cannot be deployed any more: its support ended on 2026-04-30");
    assert_eq!(vetoes("cloud-run"), "");
    assert_eq!(vetoes("container"), "");
    let small = |target: &str| {
        let mut brief = serverless(target);
        brief.deploy.memory_mb = Some(128.0);
        brief.load.memory_mb = 4_096.0;
        let judgement = judged(&run, &brief);
        judgement.verdict.vetoes.len()
    };
    assert!(small("cloud-run") >= small("container"));
}

#[test]
fn without_evidence_the_row_says_what_lacks() {
    let mut run = run();
    for trial in &mut run.trials {
        trial
            .observations
            .retain(|seen| seen.metric != "cpu_us_per_request");
    }
    let lack = row(&run, Platform::CloudRun).lacks.unwrap();
    assert_eq!(lack.metric, "cpu_us_per_request");
}

#[test]
fn the_section_in_words_names_prices_days_and_sources() {
    let run = Fixture::new(&[("node-fastify", 1.0)]).launches(2).blocks(4).run();
    let brief = serverless("app-engine");
    let judgement = judged(&run, &brief);
    let facts = Lookup {
        run: &run,
        judgement: &judgement,
        brief: &brief,
    };
    let table = of_run(&facts, Effort::REPORT).unwrap();
    for of in &table.targets {
        let simulation = of.rows[0].simulation.as_ref().unwrap();
        let peaks: Vec<u32> = simulation
            .scales
            .iter()
            .map(|scale| scale.day.outcome.instances_peak)
            .collect();
        assert_eq!(peaks.len(), 6);
        for (power, peak) in peaks.iter().enumerate() {
            let want = 10_f64.powi(power as i32);
            assert!((0.9..=2.0).contains(&(f64::from(*peak) / want)), "{peaks:?}");
        }
        let kept = |knob: &&super::table::Knob| knob.setting == "1" && knob.knob.starts_with("min");
        let kept = simulation.knobs.iter().find(kept);
        assert!(
            kept.is_some_and(|knob| knob.day.outcome.instances_mean >= 1.0),
            "a kept instance"
        );
    }
    let section = words::serverless::section(&table, &facts);
    insta::assert_snapshot!(section.intro, @"40 requests a second in the highest hour. The brief states no day, so its curve is an assumption: quietest at night with a tenth of the highest hour, busiest in the evening (`[load] day` states another); its mean is 58 % of the highest hour.");
    insta::assert_snapshot!(section.targets[0].instance, @"An instance has 25 % of a processor and 384 MB, and takes 10 requests at a time. The autoscaler aims at 60 % of the processors and 60 % of the places. New projects have at most 20 instances unless `max_instances` says otherwise; here there is no such limit.");
    insta::assert_snapshot!(section.targets[0].price, @"Prices: list of 2025, region us-central1, as read on 2026-11-28, in USD; what is free each month is taken off. Without taxes, traffic out and discounts.");
    insta::assert_snapshot!(section.targets[1].instance, @"An instance has 1 vCPU and 512 MB, and takes 80 requests at a time. The autoscaler aims at 60 % of the processors and 60 % of the places.");
    insta::assert_snapshot!(section.targets[0].rows[0].cells.join(" | "), @"1.00 (1.00 to 1.00) | 1 | 0 | 0 ms | 0 ms | 0 % | 0 USD (0 USD to 0 USD)");
    insta::assert_snapshot!(section.targets[0].rows[0].inputs, @"CPU time 300 µs (250 µs to 350 µs) a request; alone on a whole processor 300 µs (250 µs to 350 µs); start 1.6 s (1.1 s to 2.2 s) (the start of the run, divided by the share of a processor); more at a time by mean value analysis, since no closed loop was measured; simulated in steps of a second");
    insta::assert_snapshot!(section.targets[1].rows[0].knobs[0].join(" | "), @"concurrency | 1 | 2.34 | 3 | 115 | 0 ms | 0 ms | 0 % | 116 USD (116 USD to 116 USD)");
    insta::assert_snapshot!(section.targets[1].rows[0].scales[5].join(" | "), @"196,000,000/s (165,000,000/s to 234,000,000/s) | 57,400 | 96,975 | 89,200 | 0 ms | 0 ms | 0 % | 124,000,000 USD");
    assert!(
        section
            .sources
            .iter()
            .all(|source| source.contains("https://") && source.contains("(read 2026-"))
    );
    assert!(section.assumed.len() >= 8);
}

#[test]
fn a_class_that_is_not_simulated_is_said() {
    let run = Fixture::new(&[("node-fastify", 1.0)]).launches(2).blocks(2).run();
    let mut brief = serverless("app-engine");
    brief.deploy.instance_class = Some("B2".to_owned());
    let judgement = judged(&run, &brief);
    let facts = Lookup {
        run: &run,
        judgement: &judgement,
        brief: &brief,
    };
    let table = of_run(&facts, Effort::DAY).unwrap();
    let platforms: Vec<Platform> = table.targets.iter().map(|of| of.target.platform).collect();
    assert_eq!(platforms, [Platform::CloudRun]);
    let said = words::serverless::section(&table, &facts).intro;
    assert!(
        said.contains("App Engine has no table: instances of class B2 start and end by"),
        "{said}"
    );
}
