//! Weights of many samples at once, one column a criterion, so that the processor works on several samples at a time.

use crate::smaa::stream::CHUNK;
use rand::{Rng, RngExt};

/// Weights of a chunk of samples, one column a criterion.
#[derive(Debug, Clone)]
pub(in crate::smaa) struct WeightColumns {
    pub(in crate::smaa) columns: Vec<Vec<f64>>,
}

impl WeightColumns {
    pub(in crate::smaa) fn new(criteria: usize) -> WeightColumns {
        WeightColumns {
            columns: vec![vec![0.0; CHUNK]; criteria],
        }
    }

    pub(super) fn sample(&self, sample: usize) -> Vec<f64> {
        self.columns.iter().map(|column| column[sample]).collect()
    }

    pub(super) fn set(&mut self, sample: usize, weights: &[f64]) {
        self.columns
            .iter_mut()
            .zip(weights)
            .for_each(|(column, weight)| column[sample] = *weight);
    }

    /// Uniform on the simplex: what lies between sorted uniforms. They go to the criteria in the order of their
    /// names, so that the order in which criteria are listed changes nothing.
    pub(in crate::smaa) fn fill_simplex(&mut self, random: &mut impl Rng, canonical: &[usize]) {
        let Some((last, others)) = canonical.split_last() else {
            return;
        };
        for place in others {
            self.columns[*place].fill_with(|| random.random());
        }
        for end in 1..others.len() {
            for lower in (0..end).rev() {
                self.put_the_smaller_first(others[lower], others[lower + 1]);
            }
        }
        self.columns[*last].fill(1.0);
        for pair in canonical.windows(2).rev() {
            let [below, above] = self.two(pair[0], pair[1]);
            above
                .iter_mut()
                .zip(below)
                .for_each(|(above, below)| *above -= *below);
        }
    }

    /// Takes the weight of some columns away, and the others keep their proportions. A sample in which they have no
    /// weight stays as it is.
    pub(in crate::smaa) fn leave_out(&mut self, is_left_out: &[bool]) {
        for sample in 0..CHUNK {
            let kept = self.columns.iter().zip(is_left_out).filter(|(_, out)| !**out);
            let sum: f64 = kept.map(|(column, _)| column[sample]).sum();
            if sum <= 0.0 {
                continue;
            }
            for (column, out) in self.columns.iter_mut().zip(is_left_out) {
                column[sample] = if *out { 0.0 } else { column[sample] / sum };
            }
        }
    }

    fn put_the_smaller_first(&mut self, first: usize, second: usize) {
        let [first, second] = self.two(first, second);
        for (a, b) in first.iter_mut().zip(second) {
            (*a, *b) = if *b < *a { (*b, *a) } else { (*a, *b) };
        }
    }

    fn two(&mut self, first: usize, second: usize) -> [&mut Vec<f64>; 2] {
        self.columns
            .get_disjoint_mut([first, second])
            .expect("canonical places are different columns")
    }
}

/// Places in the order of their names.
pub(in crate::smaa) fn in_order_of_names<'n>(names: impl Iterator<Item = &'n str>) -> Vec<usize> {
    let mut named: Vec<(&str, usize)> = names.zip(0..).collect();
    named.sort_unstable();
    named.into_iter().map(|(_, place)| place).collect()
}
