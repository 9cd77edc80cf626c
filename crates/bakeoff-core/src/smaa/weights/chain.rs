//! Uniform draws from a narrow region of weights by coordinate hit-and-run, where rejection would discard nearly all
//! draws. The region is first made round by the curvature of the logarithmic barrier at its analytic centre (its
//! Dikin ellipsoid), so that a sliver is walked as fast as a ball [Smith 1984; Kannan & Narayanan 2012]. How narrow a
//! region is costs nothing.

use super::linear::maximise;
use super::matrix::{cholesky, complement, curvature, dot, solve, solve_transposed};
use super::statement::Rule;
use rand::{Rng, RngExt};

/// Sweeps over all coordinates before the first draw, from the centre.
const SWEEPS_BEFORE: usize = 60;
/// Sweeps over all coordinates between two draws.
const SWEEPS_BETWEEN: usize = 5;
/// A rule that can be slack by no more than this holds as an equation.
const EQUATION: f64 = 1e-12;

/// A region as its centre, the directions that make it round, and the walls in those directions.
#[derive(Debug, Clone)]
pub(in crate::smaa) struct Chain {
    centre: Vec<f64>,
    /// For each coordinate the direction in the space of weights.
    directions: Vec<Vec<f64>>,
    /// For each coordinate how fast each wall comes nearer.
    approach: Vec<Vec<f64>>,
    /// How far each wall is from the centre.
    room: Vec<f64>,
}

impl Chain {
    /// The region of the rules, which some weights keep.
    pub(super) fn new(rules: &[Rule], criteria: usize) -> Chain {
        let nonnegative = (0..criteria).map(|place| {
            let mut factors = vec![0.0; criteria];
            factors[place] = -1.0;
            Rule { factors, limit: 0.0 }
        });
        let all: Vec<Rule> = rules.iter().cloned().chain(nonnegative).collect();
        let mut walls = Vec::new();
        let mut equations = vec![vec![1.0; criteria]];
        let mut corners = Vec::new();
        for rule in &all {
            let away: Vec<f64> = rule.factors.iter().map(|factor| -factor).collect();
            let corner =
                maximise(&away, rules, criteria).unwrap_or_else(|| vec![1.0 / criteria as f64; criteria]);
            if slack(rule, &corner) > EQUATION {
                walls.push(rule.clone());
                corners.push(corner);
            } else {
                equations.push(rule.factors.clone());
            }
        }
        if corners.is_empty() {
            corners.extend(maximise(&vec![0.0; criteria], rules, criteria));
        }
        let share = 1.0 / corners.len() as f64;
        let inside = (0..criteria)
            .map(|place| corners.iter().map(|corner| corner[place] * share).sum())
            .collect();
        Chain::rounded(inside, complement(equations, criteria), &walls)
    }

    /// From a point inside and an orthonormal basis of the directions that stay within all equations.
    fn rounded(mut centre: Vec<f64>, basis: Vec<Vec<f64>>, walls: &[Rule]) -> Chain {
        let normals: Vec<Vec<f64>> = walls
            .iter()
            .map(|wall| basis.iter().map(|axis| dot(axis, &wall.factors)).collect())
            .collect();
        let mut room: Vec<f64> = walls.iter().map(|wall| slack(wall, &centre)).collect();
        for _ in 0..200 {
            let gradient: Vec<f64> = (0..basis.len())
                .map(|axis| {
                    -normals
                        .iter()
                        .zip(&room)
                        .map(|(normal, room)| normal[axis] / room)
                        .sum::<f64>()
                })
                .collect();
            let step = solve(&cholesky(&curvature(&normals, &room, basis.len())), &gradient);
            let decrement = dot(&gradient, &step);
            let length = 1.0 / (1.0 + decrement.max(0.0).sqrt());
            for (axis, along) in basis.iter().zip(&step) {
                centre
                    .iter_mut()
                    .zip(axis)
                    .for_each(|(weight, part)| *weight += length * along * part);
            }
            room.iter_mut()
                .zip(&normals)
                .for_each(|(room, normal)| *room -= length * dot(normal, &step));
            if decrement < 1e-12 {
                break;
            }
        }
        let lower = cholesky(&curvature(&normals, &room, basis.len()));
        let unit = |place: usize| {
            (0..basis.len())
                .map(|other| f64::from(u8::from(other == place)))
                .collect::<Vec<f64>>()
        };
        let in_basis: Vec<Vec<f64>> = (0..basis.len())
            .map(|place| solve_transposed(&lower, &unit(place)))
            .collect();
        let direction = |along: &Vec<f64>| {
            let part = |place: usize| {
                basis
                    .iter()
                    .zip(along)
                    .map(|(axis, along)| axis[place] * along)
                    .sum()
            };
            (0..centre.len()).map(part).collect()
        };
        let approach = |along: &Vec<f64>| normals.iter().map(|normal| dot(normal, along)).collect();
        Chain {
            directions: in_basis.iter().map(direction).collect(),
            approach: in_basis.iter().map(approach).collect(),
            centre,
            room,
        }
    }

    /// Walks from the centre and calls `take` with `count` draws.
    pub(super) fn walk(&self, random: &mut impl Rng, count: usize, mut take: impl FnMut(usize, &[f64])) {
        let mut position = vec![0.0; self.directions.len()];
        let mut room = self.room.clone();
        self.sweep(random, SWEEPS_BEFORE, &mut position, &mut room);
        let mut weights = self.centre.clone();
        for draw in 0..count {
            self.sweep(random, SWEEPS_BETWEEN, &mut position, &mut room);
            weights.copy_from_slice(&self.centre);
            for (direction, along) in self.directions.iter().zip(&position) {
                weights
                    .iter_mut()
                    .zip(direction)
                    .for_each(|(weight, part)| *weight += along * part);
            }
            take(draw, &weights);
        }
    }

    fn sweep(&self, random: &mut impl Rng, times: usize, position: &mut [f64], room: &mut [f64]) {
        for _ in 0..times {
            for (place, approach) in self.approach.iter().enumerate() {
                let (mut back, mut ahead) = (f64::NEG_INFINITY, f64::INFINITY);
                for (speed, room) in approach.iter().zip(room.iter()) {
                    let until = room / speed;
                    if *speed > 0.0 {
                        ahead = ahead.min(until);
                    } else if *speed < 0.0 {
                        back = back.max(until);
                    }
                }
                let step = back + random.random::<f64>() * (ahead - back);
                if step.is_finite() {
                    position[place] += step;
                    room.iter_mut()
                        .zip(approach)
                        .for_each(|(room, speed)| *room = (*room - step * speed).max(0.0));
                }
            }
        }
    }
}

fn slack(rule: &Rule, weights: &[f64]) -> f64 {
    rule.limit - dot(&rule.factors, weights)
}

#[cfg(test)]
mod tests {
    use super::Chain;
    use crate::smaa::weights::Region;
    use crate::smaa::weights::statement::{Rule, Statement};
    use rand::SeedableRng;
    use rand_chacha::ChaCha8Rng;

    fn draws(statements: &[Statement], criteria: usize, count: usize) -> Vec<Vec<f64>> {
        let rules: Vec<Rule> = statements
            .iter()
            .flat_map(|statement| statement.rules(criteria))
            .collect();
        let mut drawn = Vec::new();
        let mut random = ChaCha8Rng::seed_from_u64(11);
        Chain::new(&rules, criteria).walk(&mut random, count, |_, weights| drawn.push(weights.to_vec()));
        drawn
    }

    /// Of n draws that are uniform on 0 to 1, the largest distance to the diagonal is under 1.95 / √n in 999 of 1,000
    /// cases [Kolmogorov].
    #[track_caller]
    fn uniform(mut values: Vec<f64>) {
        values.sort_by(f64::total_cmp);
        let n = values.len() as f64;
        let far = values
            .iter()
            .enumerate()
            .map(|(place, value)| (value - (place as f64 + 0.5) / n).abs())
            .fold(0.0, f64::max);
        assert!(far < 1.95 / n.sqrt(), "{far} from uniform over {n} draws");
    }

    #[test]
    fn the_whole_simplex_is_walked_evenly() {
        let drawn = draws(&[], 4, 20_000);
        for place in 0..4 {
            uniform(
                drawn
                    .iter()
                    .map(|weights| 1.0 - (1.0 - weights[place]).powi(3))
                    .collect(),
            );
        }
    }

    #[test]
    fn a_sliver_is_walked_evenly() {
        let share = |criterion, low, high| Statement::Share { criterion, low, high };
        let narrow = [
            share(0, 0.3, 0.300_001),
            share(1, 0.2, 0.21),
            share(2, 0.1, 0.100_000_1),
        ];
        let drawn = draws(&narrow, 4, 20_000);
        uniform(drawn.iter().map(|weights| (weights[0] - 0.3) / 1e-6).collect());
        uniform(drawn.iter().map(|weights| (weights[1] - 0.2) / 1e-2).collect());
        uniform(drawn.iter().map(|weights| (weights[2] - 0.1) / 1e-7).collect());
        assert!(
            drawn
                .iter()
                .all(|weights| (weights.iter().sum::<f64>() - 1.0).abs() < 1e-12)
        );
    }

    #[test]
    fn an_equation_takes_a_dimension_away() {
        let drawn = draws(
            &[Statement::Ratio {
                first: 0,
                second: 1,
                low: 2.0,
                high: 2.0,
            }],
            3,
            20_000,
        );
        assert!(
            drawn
                .iter()
                .all(|weights| (weights[0] - 2.0 * weights[1]).abs() < 1e-12)
        );
        uniform(drawn.iter().map(|weights| weights[2]).collect());
    }

    #[test]
    fn a_single_point_is_drawn_as_it_is() {
        let drawn = draws(&[Statement::Exact(vec![1.0, 1.0, 2.0])], 3, 3);
        assert!(
            drawn
                .iter()
                .all(|weights| (weights[2] - 0.5).abs() < 1e-9 && (weights[0] - 0.25).abs() < 1e-9)
        );
    }

    /// Of six criteria one is held to a billionth of the whole: of 2·10⁹ draws from the simplex one would fit.
    #[test]
    fn an_interval_of_a_billionth_is_drawn_evenly() {
        let names = (0..6).map(|place| format!("c{place}")).collect();
        let narrow = [Statement::Share {
            criterion: 0,
            low: 0.3,
            high: 0.300_000_000_4,
        }];
        let drawn = Region::new(names, &narrow).unwrap().draw(20_000, 3);
        uniform(drawn.iter().map(|weights| (weights[0] - 0.3) / 4e-10).collect());
        // What is left is even on the simplex of the other five, so a share of it has the distribution 1 − (1 − x)⁴.
        for place in 1..6 {
            let share = |weights: &Vec<f64>| weights[place] / (1.0 - weights[0]);
            uniform(
                drawn
                    .iter()
                    .map(|weights| 1.0 - (1.0 - share(weights)).powi(4))
                    .collect(),
            );
        }
    }
}
