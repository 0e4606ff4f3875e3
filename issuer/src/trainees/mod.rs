//! The people of one organisation, as it knows them: never shared with another (decisions §1, §2).

pub mod matching;
pub mod rows;

pub use matching::{Book, Keys, Match};
pub use rows::Trainee;
