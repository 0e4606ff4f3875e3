//! From a file to a claimed badge, through the public doors, on both engines.

mod claims;
mod files;
pub(crate) mod hands;
mod neighbours;
mod taking_back;
mod told;
mod workers;

use crate::tests::world;
