//! Linear programs over the simplex of weights, with a dense tableau. It is made for dozens of rules over dozens of
//! criteria, not for more.

use super::statement::Rule;

/// What counts as zero in a tableau whose numbers are about 1.
const ZERO: f64 = 1e-11;

/// The weights (≥ 0, summing to one) that keep all rules and make `aim · weights` largest; none when no weights keep
/// them.
pub(super) fn maximise(aim: &[f64], rules: &[Rule], criteria: usize) -> Option<Vec<f64>> {
    let mut tableau = Tableau::new(rules, criteria);
    tableau.make_feasible()?;
    tableau.price(aim);
    tableau.climb(criteria + rules.len());
    Some(tableau.solution(criteria))
}

/// Rows are equations over weights, slacks and artificials, the right-hand side last; the bottom row is what is
/// minimised.
struct Tableau {
    rows: Vec<Vec<f64>>,
    bottom: Vec<f64>,
    basis: Vec<usize>,
    real: usize,
}

impl Tableau {
    fn new(rules: &[Rule], criteria: usize) -> Tableau {
        let count = rules.len() + 1;
        let real = criteria + rules.len();
        let mut rows = Vec::with_capacity(count);
        for (place, rule) in rules.iter().enumerate() {
            let mut row = vec![0.0; real + count + 1];
            row[..criteria].copy_from_slice(&rule.factors);
            row[criteria + place] = 1.0;
            row[real + count] = rule.limit;
            if rule.limit < 0.0 {
                row.iter_mut().for_each(|entry| *entry = -*entry);
            }
            row[real + place] = 1.0;
            rows.push(row);
        }
        let mut sum = vec![0.0; real + count + 1];
        sum[..criteria].fill(1.0);
        sum[real + count - 1] = 1.0;
        sum[real + count] = 1.0;
        rows.push(sum);
        Tableau {
            rows,
            bottom: vec![0.0; real + count + 1],
            basis: (real..real + count).collect(),
            real,
        }
    }

    /// Drives the artificial variables out; none when that is impossible.
    fn make_feasible(&mut self) -> Option<()> {
        let width = self.bottom.len();
        for column in (0..width).filter(|column| *column < self.real || *column == width - 1) {
            self.bottom[column] = -self.rows.iter().map(|row| row[column]).sum::<f64>();
        }
        self.climb(self.real);
        if self.bottom[width - 1] < -1e-9 * self.rows.len() as f64 {
            return None;
        }
        for row in 0..self.rows.len() {
            if self.basis[row] >= self.real
                && let Some(column) = (0..self.real).find(|column| self.rows[row][*column].abs() > ZERO)
            {
                self.pivot(row, column);
            }
        }
        Some(())
    }

    fn price(&mut self, aim: &[f64]) {
        self.bottom.fill(0.0);
        for (column, weight) in aim.iter().enumerate() {
            self.bottom[column] = -weight;
        }
        for row in 0..self.rows.len() {
            let cost = self.bottom[self.basis[row]];
            if cost != 0.0 {
                let entries = self.rows[row].clone();
                self.bottom
                    .iter_mut()
                    .zip(entries)
                    .for_each(|(bottom, entry)| *bottom -= cost * entry);
            }
        }
    }

    /// Pivots by Bland's rule, which cannot cycle, over the first `columns` columns.
    fn climb(&mut self, columns: usize) {
        while let Some(column) = (0..columns).find(|column| self.bottom[*column] < -ZERO) {
            let last = self.bottom.len() - 1;
            let candidates = (0..self.rows.len()).filter(|row| self.rows[*row][column] > ZERO);
            let ratio = |row: &usize| self.rows[*row][last].max(0.0) / self.rows[*row][column];
            let leaving = candidates.min_by(|a, b| {
                ratio(a)
                    .total_cmp(&ratio(b))
                    .then(self.basis[*a].cmp(&self.basis[*b]))
            });
            match leaving {
                Some(row) => self.pivot(row, column),
                None => return,
            }
        }
    }

    fn pivot(&mut self, row: usize, column: usize) {
        let by = self.rows[row][column];
        self.rows[row].iter_mut().for_each(|entry| *entry /= by);
        let pivot_row = self.rows[row].clone();
        let clear = |other: &mut Vec<f64>| {
            let factor = other[column];
            if factor != 0.0 {
                other
                    .iter_mut()
                    .zip(&pivot_row)
                    .for_each(|(entry, pivot)| *entry -= factor * pivot);
                other[column] = 0.0;
            }
        };
        self.rows
            .iter_mut()
            .enumerate()
            .filter(|(place, _)| *place != row)
            .for_each(|(_, other)| clear(other));
        clear(&mut self.bottom);
        self.basis[row] = column;
    }

    fn solution(&self, criteria: usize) -> Vec<f64> {
        let last = self.bottom.len() - 1;
        let mut weights = vec![0.0; criteria];
        for (row, variable) in self.basis.iter().enumerate() {
            if *variable < criteria {
                weights[*variable] = self.rows[row][last].max(0.0);
            }
        }
        weights
    }
}

#[cfg(test)]
mod tests {
    use super::maximise;
    use crate::smaa::weights::Statement;

    #[test]
    fn the_largest_share_is_found() {
        let rules: Vec<_> = [
            Statement::Before { first: 0, second: 1 },
            Statement::Share {
                criterion: 2,
                low: 0.2,
                high: 0.6,
            },
        ]
        .iter()
        .flat_map(|statement| statement.rules(3))
        .collect();
        let weights = maximise(&[0.0, 1.0, 0.0], &rules, 3).unwrap();
        assert!((weights[1] - 0.4).abs() < 1e-9, "{weights:?}");
        assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn rules_that_contradict_have_no_solution() {
        let rules = Statement::Share {
            criterion: 0,
            low: 1.2,
            high: 1.5,
        }
        .rules(2);
        assert_eq!(maximise(&[1.0, 0.0], &rules, 2), None);
    }
}
