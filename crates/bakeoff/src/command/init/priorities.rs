//! `[preferences]` of a new brief, from the interview. There is no evidence yet, so the effect of an answer is the mean
//! of the weights that fit all answers. A question without an answer leaves its weights open.

use super::form::Form;
use crate::exit::Failure;
use crate::interview::interview;
use bakeoff_core::brief::Preferences;
use bakeoff_core::judge::priorities::{mean_shares, region};
use std::io::BufRead;
use std::thread;
use toml_edit::{Array, Item, Table, Value};

/// Interviews, and writes the answers.
pub(super) fn ask(form: &mut Form, input: &mut impl BufRead) -> Result<(), Failure> {
    let brief = form.brief()?;
    let criteria = brief.criterion_ids();
    let cores = thread::available_parallelism().map_or(1, |cores| cores.get() as u32);
    eprintln!(
        "\nYour priorities. Each question compares two improvements, from what the brief requires to the ideal."
    );
    let said = interview(&brief, cores, input, |preferences| {
        let Ok(region) = region(preferences, &criteria) else {
            return "no weights fit all answers".to_owned();
        };
        let shares = mean_shares(&region);
        let told = brief.criteria().into_iter().zip(shares);
        let parts: Vec<String> = told
            .map(|(criterion, share)| format!("{} {:.0} %", criterion.words, share * 100.0))
            .collect();
        format!("weights on average: {}", parts.join(", "))
    })?;
    write(form, &said);
    Ok(())
}

fn write(form: &mut Form, said: &Preferences) {
    let document = form.document();
    let comment = if *said == Preferences::default() {
        "\n# Priorities: no answers, so all weightings are equally likely.\n"
    } else {
        "\n# Priorities from the answers; the others stay open.\n"
    };
    let mut table = Table::new();
    table.decor_mut().set_prefix(comment);
    table.set_position(
        document
            .get("preferences")
            .and_then(Item::as_table)
            .and_then(Table::position),
    );
    if !said.order.is_empty() {
        table["order"] = Item::Value(Value::Array(said.order.iter().map(String::as_str).collect()));
    }
    if !said.ratios.is_empty() {
        let ratio = |(first, second, low, high): &(String, String, f64, f64)| {
            let mut list = Array::new();
            list.push(first.as_str());
            list.push(second.as_str());
            list.push(*low);
            list.push(*high);
            Value::Array(list)
        };
        let mut ratios: Array = said.ratios.iter().map(ratio).collect();
        ratios
            .iter_mut()
            .for_each(|ratio| ratio.decor_mut().set_prefix("\n    "));
        ratios.set_trailing("\n");
        table["ratios"] = Item::Value(Value::Array(ratios));
    }
    document["preferences"] = Item::Table(table);
}
