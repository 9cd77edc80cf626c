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

/// The page of a case with plain blanks, to be held against sentences of the core.
fn plain_page(fixture: &Fixture) -> String {
    page(fixture).replace('\u{a0}', " ")
}

fn case(name: &str) -> &'static Fixture {
    let found = cases::all().iter().find(|(known, _)| *known == name);
    &found.expect("the case is known").1
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
fn is_one_well_formed_file_below_750_kb_for_eight_contenders() {
    for (name, fixture) in cases::all() {
        let page = page(fixture);
        // The hostile case repeats names of 200 characters a thousand times.
        let most = match *name {
            "hostile" => 1_200_000,
            _ => 750_000 / 8 * fixture.run.contenders.len().max(8),
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
                // An image that stands in the style itself loads nothing.
                let elsewhere = text.replace("url(\"data:", "");
                assert!(
                    !elsewhere.contains("url(") && !text.contains("@import"),
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
        let page = plain_page(fixture);
        for estimate in &fixture.judgement.metrics {
            let id = format!("id=\"e-{}-{}\"", estimate.contender, estimate.metric);
            let article = page
                .split_once(&id)
                .map(|(_, rest)| rest.split("</article>").next().unwrap_or(rest));
            let article = article.unwrap_or_else(|| panic!("{name}: no article with {id}"));
            if let Some(why) = estimate.missing.as_ref().map(absence::missing) {
                assert!(
                    article.contains("class=\"big none\"") && article.contains(&escaped(&why)),
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

#[test]
fn draws_each_launch_of_each_contender() {
    let fixture = case("launches");
    let page = plain_page(fixture);
    for slot in 0..fixture.run.contenders.len() {
        let chart = page
            .split_once(&format!("id=\"chart-launches-{slot}\""))
            .and_then(|(_, rest)| rest.split_once("</div>"))
            .map(|(chart, _)| chart)
            .unwrap_or_else(|| panic!("contender {slot} has no chart"));
        for part in [
            " band\"",
            " bound\"",
            " dots\"",
            "class=\"shade\"",
            "launch 1, block by block",
        ] {
            assert!(chart.contains(part), "{slot} lacks {part}");
        }
    }
    let rings = page.matches("class=\"ring\"").count();
    // Five blocks of the launch that did not settle, and one after a rest.
    assert_eq!(rings, 6);
    let (_, table) = page
        .split_once("aria-label=\"launches in numbers\"")
        .expect("there is a table");
    let table = table.split("</table>").next().unwrap_or(table);
    assert_eq!(
        table.matches("<tr><th scope=\"row\">").count(),
        fixture.run.launches.len()
    );
    for course in ["not settled", "not warm after 1 of 5 rests", "it died"] {
        assert!(table.contains(course), "{course}");
    }
    assert!(
        !page.contains("id=\"warm-up\""),
        "trials have no warm-up of their own"
    );
}

#[test]
fn draws_the_warm_up_of_runs_without_launches() {
    let page = page(case("order-api"));
    assert!(page.contains("id=\"chart-warm-up\"") && !page.contains("id=\"launches\""));
}

#[test]
fn flags_stand_beside_their_rows_with_their_explanations() {
    let page = plain_page(case("launches"));
    let field = page.split_once("<table class=\"field\">").map(|(_, rest)| rest);
    let field = field.and_then(|rest| rest.split("</table>").next()).unwrap_or("");
    let row = |title: &str| {
        let mut rows = field.split("<tr");
        rows.find(|row| row.contains(&format!("<span>{title}</span>")))
            .unwrap_or_else(|| panic!("{title} has a row"))
    };
    for (title, label, why) in [
        (
            "Django",
            "dropped by racing",
            "after 2 launches it could no longer become the choice",
        ),
        ("hapi", "not warm", "in 1 of 3 launches"),
        ("Express", "not warm after a rest", "in 1 of 15 trials"),
        ("Flask", "impossible value", "2.1"),
    ] {
        let row = row(title);
        assert!(
            row.contains(&format!("<b>{label}</b>")) && row.contains(why),
            "{title}: {row}"
        );
    }
    assert!(
        row("Node.js").contains(">too few</a>"),
        "the number says why it is absent"
    );
}

#[test]
fn n_has_launches_and_blocks() {
    let page = plain_page(case("launches"));
    assert!(page.contains("<dd>15: 3 launches × 5 blocks</dd>"));
    assert!(page.contains("<dt>by launch</dt>"));
}

#[test]
fn a_number_is_not_parted_from_its_unit() {
    let page = page(case("launches"));
    let texts = Markup::of(&page).texts;
    for unit in ["ms", "µs", "%", "MB"] {
        let parted: Vec<&String> = texts
            .iter()
            .filter(|text| {
                text.match_indices(&format!(" {unit}")).any(|(at, _)| {
                    let before = text[..at].chars().next_back();
                    before.is_some_and(|digit| digit.is_ascii_digit())
                })
            })
            .collect();
        assert!(parted.is_empty(), "{unit}: {parted:?}");
    }
}

#[test]
fn an_open_verdict_is_told_apart_from_a_choice() {
    let page = plain_page(case("undecided"));
    assert!(page.contains("<h1 class=\"undecided"));
    assert!(page.contains("Less than half of the values have evidence on scalability (6 of 22)"));
}

#[test]
fn a_reference_is_a_dashed_line_through_the_lanes_of_its_family() {
    let page = plain_page(case("parts"));
    let (_, rest) = page
        .split_once("id=\"metric-cpu_us_per_request\"")
        .expect("there is a panel");
    let panel = rest.split("</figure>").next().unwrap_or(rest);
    // Express, Fastify, hapi and the variant; not the reference itself, and nobody of Python.
    assert_eq!(panel.matches("<line class=\"runtime ").count(), 4, "{panel}");
    assert!(panel.contains("dashed: "), "{panel}");
    assert_eq!(page.matches("<tr class=\"reference\">").count(), 1);
}

#[test]
fn the_answer_begins_with_the_family_and_a_name_has_its_work() {
    let page = plain_page(case("parts"));
    assert!(page.contains("<p class=\"family\">"));
    assert!(!plain_page(case("order-api")).contains("<p class=\"family\">"));
    for work in [
        "micro-framework, raw SQL, native HTTP parser",
        "no framework, raw SQL, native HTTP parser",
        "micro-framework, ORM, interpreted HTTP parser",
    ] {
        assert!(page.contains(work), "no `{work}`");
    }
    assert!(plain_page(case("twelve")).contains("work not declared"));
}
