//! Text tables for a terminal, a pipe and a text report: columns padded to their widest cell, two spaces between them,
//! no rules, no colour. It counts characters and does not measure wide scripts.

/// The side of its column on which a cell is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Align {
    /// Left.
    Left,
    /// Right, for numbers.
    Right,
}

/// Rows with aligned columns, one line each without a line feed at the end; the first row is the header. Columns beyond
/// `align` are left.
#[must_use]
pub fn lines<R: AsRef<[String]>>(rows: &[R], align: &[Align]) -> Vec<String> {
    let columns = rows.iter().map(|row| row.as_ref().len()).max().unwrap_or(0);
    let width = |column: usize| {
        let cells = rows.iter().filter_map(|row| row.as_ref().get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &R| {
        let cells = row.as_ref().iter().zip(&widths).enumerate();
        let padded = cells.map(|(column, (cell, width))| match align.get(column) {
            Some(Align::Right) => format!("{cell:>width$}"),
            Some(Align::Left) | None => format!("{cell:<width$}"),
        });
        // A padded last cell would put blanks at the ends of lines.
        padded.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    rows.iter().map(line).collect()
}

/// A table of left-aligned columns under a header, as one text.
#[must_use]
pub fn aligned(header: &[&str], rows: &[Vec<String>]) -> String {
    let header: Vec<String> = header.iter().map(|cell| (*cell).to_owned()).collect();
    let all: Vec<&[String]> = [header.as_slice()]
        .into_iter()
        .chain(rows.iter().map(Vec::as_slice))
        .collect();
    lines(&all, &[]).join("\n")
}

#[cfg(test)]
mod tests {
    use super::{Align, aligned, lines};

    #[test]
    fn columns_align_with_their_headers() {
        let rows = [
            vec!["a".to_owned(), "1".to_owned()],
            vec!["longer".to_owned(), "22".to_owned()],
        ];
        assert_eq!(aligned(&["name", "n"], &rows), "name    n\na       1\nlonger  22");
        assert_eq!(
            lines(&rows, &[Align::Right, Align::Right]),
            ["     a   1", "longer  22"]
        );
    }
}
