//! From a file to a claimed badge, through the public doors, on both engines.

mod claims;
mod files;
mod hands;
mod neighbours;
mod taking_back;
mod workers;

#[path = "../../tests/world.rs"]
#[expect(dead_code, clippy::duplicate_mod, reason = "the words of the whole house: these tests use some")]
mod world;
