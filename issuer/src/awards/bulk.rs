//! Many rows in one statement: both engines read `values ($1, $2), ($3, $4)…`.

use std::fmt::Write as _;

/// Rows in one statement; times at most 19 columns it stays far below what the engines bind (32,766 and 65,535).
pub(crate) const ROWS: usize = 500;

/// `($1, $2), ($3, $4)` for that many rows of that many columns.
pub(crate) fn values(rows: usize, columns: usize) -> String {
    let mut out = String::with_capacity(rows * columns * 6);
    for row in 0..rows {
        out.push_str(if row == 0 { "(" } else { ", (" });
        for column in 1..=columns {
            let _ = write!(out, "{}${}", if column == 1 { "" } else { ", " }, row * columns + column);
        }
        out.push(')');
    }
    out
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
    }
}
