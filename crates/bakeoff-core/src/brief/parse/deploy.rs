//! `[deploy]`: where the backend will run, and at what price. There is no price list: the defaults are those of one
//! provider, and a brief can state others.

use super::reader::{Reader, Section, Within, listed};
use crate::brief::{Deploy, Price, TARGETS};

const PRICE: Within = Within {
    holds: |v| (0.0..=1e6).contains(&v),
    words: "a number of 0 or more",
};

/// Instance classes of the App Engine standard environment.
const INSTANCE_CLASSES: [&str; 9] = ["F1", "F2", "F4", "F4_1G", "B1", "B2", "B4", "B4_1G", "B8"];

/// What a container service lists: AWS Fargate, Linux on x86, US East, takes 0.04048 USD a processor-hour and
/// 0.004445 USD a GB-hour (2025), rounded.
fn default_price() -> Price {
    Price {
        core_hour: 0.04,
        gb_hour: 0.005,
        currency: "USD".to_owned(),
    }
}

pub(super) fn read(reader: &mut Reader<'_>, root: &Section<'_>) -> Deploy {
    let plain = Deploy {
        target: "container".to_owned(),
        instance_class: None,
        price: default_price(),
    };
    let Some(deploy) = reader.section(root, "deploy") else {
        return plain;
    };
    reader.keys(&deploy, &["target", "instance_class", "price"]);
    let target = target(reader, &deploy).unwrap_or(plain.target);
    Deploy {
        instance_class: instance_class(reader, &deploy, &target),
        price: price(reader, &deploy).unwrap_or(plain.price),
        target,
    }
}

fn target(reader: &mut Reader<'_>, deploy: &Section<'_>) -> Option<String> {
    let target = reader.word(deploy, "target")?;
    let known: Vec<String> = TARGETS.iter().map(|known| (*known).to_owned()).collect();
    reader.all_known(
        "target",
        std::slice::from_ref(&target),
        &known,
        &listed("known are", &TARGETS),
    );
    Some(target.into_inner())
}

fn instance_class(reader: &mut Reader<'_>, deploy: &Section<'_>, target: &str) -> Option<String> {
    let class = reader.word(deploy, "instance_class")?;
    let known: Vec<String> = INSTANCE_CLASSES.iter().map(|known| (*known).to_owned()).collect();
    if target == "app-engine" {
        reader.all_known(
            "instance class",
            std::slice::from_ref(&class),
            &known,
            &listed("known are", &INSTANCE_CLASSES),
        );
    } else {
        let message = format!("`instance_class` has no meaning for the target `{target}`");
        reader.wrong(
            class.span(),
            message,
            "it belongs to `target = \"app-engine\"`".to_owned(),
        );
    }
    Some(class.into_inner())
}

fn price(reader: &mut Reader<'_>, deploy: &Section<'_>) -> Option<Price> {
    let section = reader.section(deploy, "price")?;
    reader.keys(&section, &["core_hour", "gb_hour", "currency"]);
    let plain = default_price();
    let currency = reader.word(&section, "currency");
    if let Some(code) = currency.as_ref().filter(|code| !is_currency(code.get_ref())) {
        let message = format!(
            "`currency` must be a code of three capital letters, not `{}`",
            code.get_ref()
        );
        reader.wrong(
            code.span(),
            message,
            "write for example `currency = \"EUR\"`".to_owned(),
        );
    }
    for key in ["core_hour", "gb_hour"] {
        reader.require(
            &section,
            key,
            &format!("{key} = {}", if key == "core_hour" { 0.04 } else { 0.005 }),
        );
    }
    Some(Price {
        core_hour: reader.number(&section, "core_hour", &PRICE)?.into_inner(),
        gb_hour: reader.number(&section, "gb_hour", &PRICE)?.into_inner(),
        currency: currency.map_or(plain.currency, toml::Spanned::into_inner),
    })
}

fn is_currency(code: &str) -> bool {
    code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())
}
