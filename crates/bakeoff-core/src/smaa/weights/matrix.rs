//! The linear algebra that the walk needs: an orthonormal complement and the Cholesky factor of small dense matrices.
//! A library would bring more code than these matrices of a dozen rows need.

/// Σ a b.
pub(super) fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// An orthonormal basis of all that is orthogonal to `rows` (Gram and Schmidt, twice for accuracy).
pub(super) fn complement(rows: Vec<Vec<f64>>, width: usize) -> Vec<Vec<f64>> {
    let mut taken: Vec<Vec<f64>> = Vec::new();
    let mut basis = Vec::new();
    let units = (0..width).map(|place| {
        (0..width)
            .map(|other| f64::from(u8::from(other == place)))
            .collect()
    });
    let constraints = rows.len();
    for (index, mut row) in rows.into_iter().chain(units).enumerate() {
        for _ in 0..2 {
            for known in &taken {
                let along = dot(known, &row);
                row.iter_mut()
                    .zip(known)
                    .for_each(|(entry, part)| *entry -= along * part);
            }
        }
        let length = dot(&row, &row).sqrt();
        if length > 1e-9 {
            row.iter_mut().for_each(|entry| *entry /= length);
            if index >= constraints {
                basis.push(row.clone());
            }
            taken.push(row);
        }
    }
    basis
}

/// Σ n nᵀ / room², the curvature of the barrier.
pub(super) fn curvature(normals: &[Vec<f64>], room: &[f64], size: usize) -> Vec<Vec<f64>> {
    let mut matrix = vec![vec![0.0; size]; size];
    for (normal, room) in normals.iter().zip(room) {
        for row in 0..size {
            for column in 0..size {
                matrix[row][column] += normal[row] * normal[column] / (room * room);
            }
        }
    }
    matrix
}

/// The lower triangle whose product with its transpose is `matrix`, which is positive definite.
pub(super) fn cholesky(matrix: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let size = matrix.len();
    let mut lower = vec![vec![0.0; size]; size];
    for row in 0..size {
        for column in 0..=row {
            let known: f64 = (0..column).map(|k| lower[row][k] * lower[column][k]).sum();
            let rest: f64 = matrix[row][column] - known;
            lower[row][column] = if row == column {
                rest.max(f64::MIN_POSITIVE).sqrt()
            } else {
                rest / lower[column][column]
            };
        }
    }
    lower
}

/// x with L Lᵀ x = b.
pub(super) fn solve(lower: &[Vec<f64>], b: &[f64]) -> Vec<f64> {
    let mut y = vec![0.0; b.len()];
    for row in 0..b.len() {
        let known: f64 = (0..row).map(|k| lower[row][k] * y[k]).sum();
        y[row] = (b[row] - known) / lower[row][row];
    }
    solve_transposed(lower, &y)
}

/// x with Lᵀ x = y.
pub(super) fn solve_transposed(lower: &[Vec<f64>], y: &[f64]) -> Vec<f64> {
    let mut x = vec![0.0; y.len()];
    for row in (0..y.len()).rev() {
        let known: f64 = (row + 1..y.len()).map(|k| lower[k][row] * x[k]).sum();
        x[row] = (y[row] - known) / lower[row][row];
    }
    x
}
