#![doc = include_str!("../README.md")]

extern crate self as web; // so that base.html says `web::icon!` here as in every house

mod accept;
mod answer;
mod assets;
mod client;
mod common;
mod error;
mod icons;
mod layers;
mod origin;
mod routes;
mod shell;
mod site;

pub mod codes;
pub mod dates;
pub mod form;
pub mod qr;
pub mod server;
pub mod session;
pub mod testing;
pub mod tokens;
pub mod upload;
pub mod words;

pub use accept::{accepts, wants_json, wants_page};
pub use answer::{Cache, document, file, not_indexed, redirect, render, render_status};
pub use assets::{asset, static_routes};
pub use client::{client_ip, client_key};
pub use common::{common_pages, samples};
pub use error::{Error, Result, Words};
pub use form::{FieldErrors, Form};
pub use icons::icon;
#[doc(hidden)]
pub use icons::known as known_icon;
pub use layers::{PAGE_BODY_LIMIT, app, body_limit};
pub use origin::{Origin, OriginError};
pub use routes::{Kind, RouteInfo, Routes, Who};
pub use shell::{Shell, Thumb};
pub use site::{Houses, Site};
pub use testing::Sample;
