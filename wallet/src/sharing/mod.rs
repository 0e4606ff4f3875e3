//! The two ways out: « Montrer » face to face, « Partager » until a date; who opened them; and the verifier's door.

pub mod api;
pub mod rows;
pub mod share;
pub mod show;
pub mod views;
