//! Open Badges 2.0 judged from outside: rows of the checklist (`row_…`) and its pitfalls (`pitfall_2_…`).

mod endorsements;
mod hosted;
mod pictures;
mod rows;
mod signed;
mod world;
