//! The house told through its doors, on both engines, with an issuer that signs real badges.

mod access;
mod claim;
mod forms;
mod issuer;
mod leaving;
mod pages;
mod sharing;
mod takeout;
mod world;
