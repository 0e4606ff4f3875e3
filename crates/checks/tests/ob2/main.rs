//! Open Badges 2.0 judged from outside: rows of the checklist (`row_…`) and its pitfalls (`pitfall_2_…`); `checklist`
//! says where each of them is shown.

mod checklist;
mod endorsements;
mod hosted;
mod mutants;
mod pictures;
mod reading;
#[expect(dead_code, reason = "the world is shared with tests that need more of it")]
#[path = "../world/mod.rs"]
mod region;
mod rows;
mod signed;
mod trust;
mod world;
