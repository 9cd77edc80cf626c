//! `[deploy]`: where the backend will run, and at what price. The price list of App Engine and Cloud Run is the core's
//! dated table; for a container the defaults are those of one provider. A brief can state its own.

use super::reader::{Reader, Section, Within, listed};
use crate::brief::{Deploy, OwnPrice, Price, SERVERLESS, TARGETS};
use toml::de::DeValue;

const PRICE: Within = Within {
    holds: |v| (0.0..=1e6).contains(&v),
    words: "a number of 0 or more",
};

/// Processors of an instance of Cloud Run [docs.cloud.google.com/run/docs/configuring/services/cpu].
const VCPU: Within = Within {
    holds: |v| (0.08..=8.0).contains(&v),
    words: "a number from 0.08 to 8",
};

/// Memory of an instance of Cloud Run, in MB [docs.cloud.google.com/run/docs/configuring/services/memory-limits].
const MEMORY: Within = Within {
    holds: |v| (128.0..=34_360.0).contains(&v),
    words: "a number from 128 to 34360",
};

/// Keys of `price` that have a meaning for these targets alone.
const OWN_PRICE: [&str; 4] = ["f1_hour", "vcpu_second", "gib_second", "million_requests"];

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
        vcpu: None,
        memory_mb: None,
        price: default_price(),
        own_price: OwnPrice::default(),
    };
    let Some(deploy) = reader.section(root, "deploy") else {
        return plain;
    };
    reader.keys(
        &deploy,
        &["target", "instance_class", "vcpu", "memory_mb", "price"],
    );
    let target = target(reader, &deploy).unwrap_or(plain.target);
    for key in ["vcpu", "memory_mb"] {
        belongs_to(reader, &deploy, key, &target);
    }
    let number = |reader: &mut Reader<'_>, key, within| reader.number(&deploy, key, within);
    Deploy {
        instance_class: instance_class(reader, &deploy, &target),
        vcpu: number(reader, "vcpu", &VCPU).map(toml::Spanned::into_inner),
        memory_mb: number(reader, "memory_mb", &MEMORY).map(toml::Spanned::into_inner),
        own_price: own_price(reader, &deploy, &target),
        price: price(reader, &deploy).unwrap_or(plain.price),
        target,
    }
}

/// Notes a key that has a meaning for App Engine and Cloud Run alone: a brief for one of them may describe both, since
/// the report shows both.
fn belongs_to(reader: &mut Reader<'_>, section: &Section<'_>, key: &str, target: &str) {
    if let Some(value) = section.table.get(key)
        && !SERVERLESS.contains(&target)
    {
        let message = format!("`{key}` has no meaning for the target `{target}`");
        let hint = "it belongs to `target = \"cloud-run\"` and `target = \"app-engine\"`";
        reader.wrong(value.span(), message, hint.to_owned());
    }
}

/// Prices of App Engine and Cloud Run.
fn own_price(reader: &mut Reader<'_>, deploy: &Section<'_>, target: &str) -> OwnPrice {
    let Some(DeValue::Table(table)) = deploy.table.get("price").map(toml::Spanned::get_ref) else {
        return OwnPrice::default();
    };
    let section = Section {
        name: "[price]".to_owned(),
        span: deploy.table.get("price").map_or(0..0, toml::Spanned::span),
        table,
    };
    for key in OWN_PRICE {
        belongs_to(reader, &section, key, target);
    }
    let of_cloud_run = &OWN_PRICE[1..];
    if of_cloud_run.iter().any(|key| table.contains_key(*key)) {
        for key in of_cloud_run {
            if !table.contains_key(*key) {
                reader.missing(&section, key, &format!("{key} = 0.4"));
            }
        }
    }
    let mut number = |key| {
        reader
            .number(&section, key, &PRICE)
            .map(toml::Spanned::into_inner)
    };
    OwnPrice {
        f1_hour: number("f1_hour"),
        vcpu_second: number("vcpu_second"),
        gib_second: number("gib_second"),
        million_requests: number("million_requests"),
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
    if SERVERLESS.contains(&target) {
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
    let keys = [&["core_hour", "gb_hour", "currency"], &OWN_PRICE[..]].concat();
    reader.keys(&section, &keys);
    let plain = default_price();
    let has_own = OWN_PRICE.iter().any(|key| section.table.contains_key(*key));
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
    let stated = |key: &str| section.table.contains_key(key);
    if has_own && !stated("core_hour") && !stated("gb_hour") {
        return Some(Price {
            currency: currency.map_or(plain.currency, toml::Spanned::into_inner),
            ..plain
        });
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
