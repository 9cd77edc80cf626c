//! One figure of the self-test: the known value, the measured value, and the tolerance between them.

/// A known value beside the measured one.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Figure {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its unit; empty for a count.
    pub(crate) unit: &'static str,
    /// The known value.
    pub(crate) planted: f64,
    /// The measured value.
    pub(crate) reported: f64,
    /// The tolerance below the known value.
    pub(crate) below: f64,
    /// The tolerance above the known value.
    pub(crate) above: f64,
}

impl Figure {
    /// A figure with the same tolerance to both sides.
    pub(crate) fn near(
        name: &'static str,
        unit: &'static str,
        planted: f64,
        reported: f64,
        tolerance: f64,
    ) -> Self {
        Self {
            name,
            unit,
            planted,
            reported,
            below: tolerance,
            above: tolerance,
        }
    }

    /// A count, without tolerance.
    pub(crate) fn count(name: &'static str, planted: u64, reported: u64) -> Self {
        Self::near(name, "", planted as f64, reported as f64, 0.0)
    }

    /// A time in milliseconds. A busy machine makes it longer and nothing makes it shorter, so the tolerance is
    /// asymmetric: below 1 % and 0.1 ms, above 2 % and 1 ms.
    pub(crate) fn time(name: &'static str, planted_ms: f64, reported_ms: f64) -> Self {
        Self {
            name,
            unit: "ms",
            planted: planted_ms,
            reported: reported_ms,
            below: planted_ms * 0.01 + 0.1,
            above: planted_ms * 0.02 + 1.0,
        }
    }

    /// True if the measured value is within the tolerance.
    pub(crate) fn holds(&self) -> bool {
        let rounding = 1e-9 * self.planted.abs();
        self.reported >= self.planted - self.below - rounding
            && self.reported <= self.planted + self.above + rounding
    }

    /// The known value with its unit.
    fn planted_text(&self) -> String {
        self.with_unit(self.planted)
    }

    /// The measured value with its unit.
    fn reported_text(&self) -> String {
        self.with_unit(self.reported)
    }

    /// The tolerance with its unit.
    fn tolerance_text(&self) -> String {
        if self.below == 0.0 && self.above == 0.0 {
            "exact".to_owned()
        } else if self.below == self.above {
            format!("±{}", self.with_unit(self.below))
        } else {
            format!("−{}/+{}", short(self.below), self.with_unit(self.above))
        }
    }

    /// Its row of a table: name, known value, measured value, tolerance, and whether it holds.
    pub(crate) fn row(&self) -> Vec<String> {
        vec![
            self.name.to_owned(),
            self.planted_text(),
            self.reported_text(),
            self.tolerance_text(),
            if self.holds() { "ok" } else { "OFF" }.to_owned(),
        ]
    }

    fn with_unit(&self, value: f64) -> String {
        format!("{} {}", short(value), self.unit).trim_end().to_owned()
    }
}

/// Four significant digits, without zeros at the end.
fn short(value: f64) -> String {
    if value == 0.0 || value.fract() == 0.0 && value.abs() < 1e15 {
        return format!("{value:.0}");
    }
    let decimals = (3 - value.abs().log10().floor() as i32).clamp(0, 9) as usize;
    let text = format!("{value:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::{Figure, short};

    #[test]
    fn a_figure_holds_within_its_tolerance_and_not_beyond() {
        let near = |reported| Figure::near("x", "", 2.0, reported, 0.5).holds();
        assert!(near(1.5) && near(2.5) && !near(1.49) && !near(2.51) && !near(f64::NAN));
        assert!(Figure::count("x", 7, 7).holds() && !Figure::count("x", 7, 8).holds());
        let time = |reported| Figure::time("x", 100.0, reported).holds();
        assert!(time(98.9) && time(103.0) && !time(98.8) && !time(103.1));
    }

    #[test]
    fn values_have_four_digits() {
        for (value, text) in [
            (0.0, "0"),
            (1.0, "1"),
            (1.04215, "1.042"),
            (1250.52, "1251"),
            (12.5, "12.5"),
            (0.02, "0.02"),
            (0.000_123_46, "0.0001235"),
            (-3.25, "-3.25"),
        ] {
            assert_eq!(short(value), text);
        }
    }
}
