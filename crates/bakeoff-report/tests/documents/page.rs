//! Rules that hold for the page with any data.

use crate::cases;
use crate::fixture::Fixture;
use crate::markup::Markup;
use bakeoff_core::words::absence;
use std::collections::BTreeSet;

fn page(fixture: &Fixture) -> String {
    let html = bakeoff_report::format("html").expect("the format is in the table");
    (html.render)(&fixture.document()).expect("the page can be made")
}

/// A text as the templates escape it.
fn escaped(text: &str) -> String {
    let entity = |c: char| match c {
        '"' | '&' | '\'' | '<' | '>' => format!("&#{};", c as u32),
        c => c.to_string(),
    };
    text.chars().map(entity).collect()
}

#[test]
fn is_one_well_formed_file_below_700_kb_for_eight_contenders() {
    for (name, fixture) in cases::all() {
        let page = page(fixture);
        // The hostile case repeats names of 200 characters a thousand times.
        let most = match *name {
            "hostile" => 1_200_000,
            _ => 700_000 / 8 * fixture.run.contenders.len().max(8),
        };
        assert!(page.len() < most, "{name} has {} bytes", page.len());
        Markup::of(&page);
    }
}

#[test]
fn loads_nothing_from_a_network() {
    for (name, fixture) in cases::all() {
        let markup = Markup::of(&page(fixture));
        for tag in &markup.tags {
            let fetches = tag.name != "a";
            for attribute in ["src", "href", "srcset", "data", "poster", "action"] {
                let value = tag.attributes.get(attribute).map_or("", String::as_str);
                let local = value.is_empty() || value.starts_with('#') || value == "data:,";
                assert!(
                    local || !fetches,
                    "{name}: <{} {attribute}=\"{value}\">",
                    tag.name
                );
            }
            assert!(
                !tag.attributes.keys().any(|key| key.starts_with("on")),
                "{name}: a handler in <{}>",
                tag.name
            );
        }
        for (element, text) in &markup.raw {
            if element == "style" {
                assert!(
                    !text.contains("url(") && !text.contains("@import"),
                    "{name}: a style that loads"
                );
            }
        }
    }
}

#[test]
fn has_every_id_once_and_no_broken_link() {
    for (name, fixture) in cases::all() {
        let markup = Markup::of(&page(fixture));
        let ids = markup.values("id");
        let unique: BTreeSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "{name}: an id stands twice");
        for link in markup
            .values("href")
            .into_iter()
            .filter_map(|href| href.strip_prefix('#'))
        {
            assert!(unique.contains(link), "{name}: `#{link}` leads nowhere");
        }
    }
}

#[test]
fn links_every_section_and_every_metric() {
    let markup = Markup::of(&page(&cases::judged()));
    let ids: BTreeSet<&str> = markup.values("id").into_iter().collect();
    for metric in bakeoff_core::metric::METRICS {
        assert!(
            ids.contains(format!("metric-{}", metric.id).as_str()),
            "{} has no panel",
            metric.id
        );
        assert!(
            ids.contains(format!("estimates-{}", metric.id).as_str()),
            "{} has no estimates",
            metric.id
        );
    }
    for criterion in bakeoff_core::criterion::Criterion::ALL {
        assert!(ids.contains(criterion.id()), "{criterion} has no section");
    }
    for section in [
        "answer",
        "field",
        "priorities",
        "flips",
        "findings",
        "measured",
        "estimates",
        "noise-floor",
        "limits",
    ] {
        assert!(ids.contains(section), "there is no section {section}");
    }
}

#[test]
fn shows_every_estimate_or_the_reason_why_it_is_missing() {
    for (name, fixture) in cases::all() {
        let page = page(fixture);
        for estimate in &fixture.judgement.metrics {
            let id = format!("id=\"e-{}-{}\"", estimate.contender, estimate.metric);
            let article = page
                .split_once(&id)
                .map(|(_, rest)| rest.split("</article>").next().unwrap_or(rest));
            let article = article.unwrap_or_else(|| panic!("{name}: no article with {id}"));
            if let Some(why) = estimate.missing.as_ref().map(absence::missing) {
                assert!(
                    article.contains("no evidence") && article.contains(&escaped(&why)),
                    "{name}: {id}: {why}"
                );
            }
        }
    }
}

#[test]
fn escapes_all_texts_of_others() {
    let page = page(&cases::hostile());
    assert!(!page.contains("<script>document.title"));
    assert!(!page.contains("</title></textarea>"));
    assert!(
        !page.contains("javascript:alert"),
        "a homepage that is a script became a link"
    );
    let data = Markup::of(&page).raw;
    let json: Vec<_> = data
        .iter()
        .filter(|(_, text)| text.starts_with(['{', '[']))
        .collect();
    assert_eq!(json.len(), 2, "the scores and the values of charts are embedded");
    for (_, text) in json {
        serde_json::from_str::<serde_json::Value>(text).expect("embedded data is JSON");
    }
}

#[test]
fn states_that_no_human_was_timed() {
    assert!(page(&cases::small()).contains("No human was timed."));
}

#[test]
fn draws_the_points_of_probes_and_lists_them_in_tables() {
    let all = cases::all();
    let (_, fixture) = all.first().expect("there are cases");
    let page = page(fixture);
    for id in [
        "rate-by-clients",
        "rate-by-processes",
        "memory-by-connections",
        "overload",
    ] {
        assert!(
            page.contains(&format!("<figure class=\"curve-and-table\" id=\"{id}\">")),
            "{id} has a figure"
        );
        assert!(
            page.contains(&format!("id=\"chart-{id}\"")) && page.contains(&format!("\"chart\":\"{id}\""))
        );
    }
    assert!(page.contains("Before, during and after overload") && page.contains("class=\"shade\""));
}

#[test]
fn every_chart_has_its_values_without_a_script() {
    let page = page(&cases::judged());
    let charts: Vec<&str> = page.split("<div class=\"chart\"").skip(1).collect();
    assert!(charts.len() >= 7, "{} charts", charts.len());
    for chart in charts {
        let (svg, rest) = chart.split_once("</svg></div>").expect("a chart ends");
        assert!(svg.contains("<path") && svg.contains("class=\"cursor\""), "{svg}");
        let line = rest.split("</p>").next().unwrap_or("");
        assert!(
            line.contains("<p class=\"reading\""),
            "a line of values stands under the chart: {line}"
        );
        let values = line
            .split("<i>")
            .skip(1)
            .filter_map(|value| value.split("</i>").next());
        let units = ["ms", "µs", "MB", "/s"];
        let with_unit = |value: &str| units.iter().any(|unit| value.ends_with(unit));
        let known: Vec<&str> = values.filter(|value| !value.is_empty()).collect();
        assert!(
            !known.is_empty() && known.iter().all(|value| with_unit(value)),
            "{known:?}"
        );
    }
}
