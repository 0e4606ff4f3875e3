//! The router, grouped by who calls.

use axum::routing::{get, post};
use web::{Routes, Who};

use crate::access::{self, address, card, enter, link};
use crate::sharing::{api, share, show, views};
use crate::{HOUSE, Wallet, claims, forms, leaving, livret, record, takeout};

/// Every route of the house. Addresses printed in QR codes are upper case: they are declared twice.
pub fn routes() -> Routes<Wallet> {
    Routes::new(HOUSE)
        // Anyone: a code, a way in, and what to read before
        .page(Who::Anyone, "/r", get(claims::type_page).post(claims::typed))
        .page(Who::Anyone, "/livret/entrer", get(enter::page))
        .form(Who::Anyone, "/livret/entrer/courriel", post(enter::by_email))
        .page(Who::Anyone, "/livret/entrer/envoye", get(enter::sent))
        .form(Who::Anyone, "/livret/entrer/carte", post(enter::by_card))
        .form(Who::Anyone, "/livret/sortir", post(access::leave))
        .page(Who::Anyone, "/livret/telephone-perdu", get(enter::phone))
        .page(Who::Anyone, "/livret/aide", get(enter::help))
        .page(Who::Anyone, "/livret/vos-donnees", get(enter::privacy))
        .page(Who::Anyone, "/livret/au-revoir", get(leaving::goodbye))
        // Whoever holds a letter, a slip or a card
        .page(Who::Capability, "/r/{token}", get(claims::page).post(claims::claim))
        .page(Who::Capability, "/R/{token}", get(claims::page).post(claims::claim))
        .page(Who::Capability, "/c/{code}", get(card::door).post(card::through))
        .page(Who::Capability, "/C/{code}", get(card::door).post(card::through))
        .page(Who::Capability, "/livret/lien/{token}", get(link::page).post(link::open))
        .page(Who::Capability, "/livret/adresses/confirmer/{token}", get(address::confirm).post(address::prove))
        // The person whose livret is open
        .page(Who::Learner, "/livret", get(livret::page))
        .page(Who::Learner, "/livret/badges/{id}", get(livret::badge))
        .file(Who::Learner, "/livret/badges/{id}/fichier.json", get(livret::download))
        .file(Who::Learner, "/livret/badges/{id}/formes/{forme}", get(forms::download))
        .page(Who::Learner, "/livret/releve", get(record::page).post(record::make))
        .page(Who::Learner, "/livret/emporter", get(takeout::page))
        .page(Who::Learner, "/livret/imprimer", get(takeout::paper))
        .file(Who::Learner, "/livret/tout.json", get(leaving::everything))
        .page(Who::Learner, "/livret/montrer", get(show::page).post(show::make))
        .page(Who::Learner, "/livret/montrer/{id}", get(show::show))
        .page(Who::Learner, "/livret/partager", get(share::page).post(share::make))
        .page(Who::Learner, "/livret/partages/{id}", get(share::one))
        .form(Who::Learner, "/livret/partages/{id}/arreter", post(share::stop))
        .page(Who::Learner, "/livret/vues", get(views::page))
        .page(Who::Learner, "/livret/carte", get(card::page))
        .page(Who::Learner, "/livret/carte/perdue", get(card::lost).post(card::renew))
        .page(Who::Learner, "/livret/adresses", get(address::page).post(address::ask))
        .form(Who::Learner, "/livret/adresses/{id}/retirer", post(address::remove))
        .page(Who::Learner, "/livret/badges/{id}/supprimer", get(leaving::ask_badge).post(leaving::delete_badge))
        .page(Who::Learner, "/livret/supprimer", get(leaving::ask_livret).post(leaving::delete_livret))
        // The verifier, with the peers' secret
        .json(Who::Peer, "/api/presentations", post(api::present))
}
