//! Many rows in one statement: both engines read `values (…), (…)…`.

use std::fmt::Write as _;

use crate::Tx;

/// Rows in one statement; times at most 19 columns it stays far below what the engines bind (32,766 and 65,535).
pub const ROWS: usize = 500;

/// `(…), (…)`: the places of that many rows of that many columns. They are the statement's first values: bind them
/// before any other, which is then `$N` with N from `rows * columns + 1` on.
///
/// PostgreSQL numbers its places. For SQLite a number is a name, and it looks for names by walking through all of them:
/// with some thousands that takes longer than writing the rows. There a place is `?`.
pub fn values(tx: &Tx, rows: usize, columns: usize) -> String {
    values_of(matches!(tx, Tx::Postgres(_)), rows, columns)
}

fn values_of(numbered: bool, rows: usize, columns: usize) -> String {
    let mut out = String::with_capacity(rows * columns * if numbered { 7 } else { 3 });
    for row in 0..rows {
        out.push_str(if row == 0 { "(" } else { ", (" });
        for column in 0..columns {
            out.push_str(if column == 0 { "" } else { ", " });
            if numbered {
                // Writing to a string does not fail.
                let _ = write!(out, "${}", row * columns + column + 1);
            } else {
                out.push('?');
            }
        }
        out.push(')');
    }
    out
}

/// Whether a statement of so many rows stays prepared. Only the full one comes again and again; the others would each
/// take their hundreds of kilobytes on every connection, for ever.
pub const fn stays(rows: usize) -> bool {
    rows == ROWS
}

/// `insert into {table and columns} values …{after}` for that many rows.
pub fn insert(tx: &Tx, into: &str, rows: usize, columns: usize, after: &str) -> sqlx::AssertSqlSafe<String> {
    // Only our own words and placeholders: every value is bound.
    sqlx::AssertSqlSafe(format!("insert into {into} values {}{after}", values(tx, rows, columns)))
}

#[cfg(test)]
mod tests {
    use crate::{execute, on, testing};

    #[test]
    fn places_are_numbered_where_the_engine_counts() {
        assert_eq!(super::values_of(true, 2, 3), "($1, $2, $3), ($4, $5, $6)");
        assert_eq!(super::values_of(false, 2, 3), "(?, ?, ?), (?, ?, ?)");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn rows_are_written_in_their_order_and_other_values_follow_them() {
        for test in testing::databases().await {
            let mut tx = test.db.begin().await.expect("a transaction");
            let into = "store_limit (house, bucket, key_hash, window_ends, hits)";
            let ends = time::macros::datetime!(2026-11-20 14:05:09 UTC);
            let sql = super::insert(&tx, into, 40, 5, " on conflict (house, bucket, key_hash) do nothing");
            let written = execute!(tx, {
                let mut query = sqlx::query(sql);
                for n in 0..40_i64 {
                    query = query.bind("issuer").bind(format!("b{n:02}")).bind(vec![7_u8]).bind(ends).bind(n);
                }
                query
            });
            assert_eq!(written.expect("rows"), 40, "{}", test.engine());
            let sql = sqlx::AssertSqlSafe(format!(
                "update store_limit set hits = told.column2 from (values {}) as told
                 where house = $81 and bucket = told.column1 and hits < $82",
                super::values(&tx, 40, 2)
            ));
            let changed = execute!(tx, {
                let mut query = sqlx::query(sql);
                for n in 0..40_i64 {
                    query = query.bind(format!("b{n:02}")).bind(100 + n);
                }
                query.bind("issuer").bind(30_i64)
            });
            assert_eq!(changed.expect("rows"), 30, "{}", test.engine());
            let hits: Vec<i64> = on!(tx, c => sqlx::query_scalar("select hits from store_limit order by bucket")
                .fetch_all(c).await)
            .expect("rows");
            let expected = (0..40).map(|n| if n < 30 { 100 + n } else { n });
            assert_eq!(hits, expected.collect::<Vec<_>>(), "{}", test.engine());
        }
    }
}
