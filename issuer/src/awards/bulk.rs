//! Many rows in one statement: both engines read `values ($1, $2), ($3, $4)…`.

use std::fmt::Write as _;

/// Rows in one statement; times at most 19 columns it stays far below what the engines bind (32,766 and 65,535).
pub(crate) const ROWS: usize = 500;

/// `($1, $2), ($3, $4)` for that many rows of that many columns.
pub(crate) fn values(rows: usize, columns: usize) -> String {
    values_from(1, rows, columns)
}

/// The same, beginning at `$first`.
pub(crate) fn values_from(first: usize, rows: usize, columns: usize) -> String {
    let mut out = String::with_capacity(rows * columns * 6);
    for row in 0..rows {
        out.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns {
            let _ = write!(out, "{}${}", if column == 0 { "" } else { ", " }, first + row * columns + column);
        }
        out.push(')');
    }
    out
}

/// Whether a statement of so many rows stays prepared. Only the full one comes again and again; the others would each
/// take their hundreds of kilobytes on every connection, for ever.
pub(crate) const fn stays(rows: usize) -> bool {
    rows == ROWS
}

/// `insert into {table and columns} values …{after}` for that many rows.
pub(crate) fn insert(into: &str, rows: usize, columns: usize, after: &str) -> sqlx::AssertSqlSafe<String> {
    // Only our own words and placeholders: every value is bound.
    sqlx::AssertSqlSafe(format!("insert into {into} values {}{after}", values(rows, columns)))
}

#[cfg(test)]
mod tests {
    #[test]
    fn placeholders_are_numbered_through() {
        assert_eq!(super::values(2, 3), "($1, $2, $3), ($4, $5, $6)");
        assert_eq!(super::values_from(3, 2, 1), "($3), ($4)");
    }
}
