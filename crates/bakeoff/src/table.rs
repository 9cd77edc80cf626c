//! Tables for a terminal and for a pipe: columns padded to their widest cell, no rules, no colour. Deliberately knows nothing of what it prints.

/// Rows as aligned columns; the last column is not padded.
#[must_use]
pub(crate) fn aligned(header: &[&str], rows: &[Vec<String>]) -> String {
    let columns = header.len();
    let mut widths: Vec<usize> = header.iter().map(|cell| cell.chars().count()).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.chars().count());
        }
    }
    let line = |cells: Vec<&str>| -> String {
        let padded = cells.iter().enumerate().map(|(column, cell)| {
            let gap = if column + 1 == columns {
                0
            } else {
                widths[column] - cell.chars().count()
            };
            format!("{cell}{:gap$}", "")
        });
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let mut lines = vec![line(header.to_vec())];
    lines.extend(
        rows.iter()
            .map(|row| line(row.iter().map(String::as_str).collect())),
    );
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::aligned;

    #[test]
    fn columns_stand_under_their_heads() {
        let rows = [
            vec!["a".to_owned(), "1".to_owned()],
            vec!["longer".to_owned(), "22".to_owned()],
        ];
        assert_eq!(aligned(&["name", "n"], &rows), "name    n\na       1\nlonger  22");
    }
}
