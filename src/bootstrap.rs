//! `livret bootstrap`: the first officer, organisation and trainer, from the command line.

use std::sync::Arc;

use issuer::{Issuer, Settings};
use store::{Clock, Db, Vault};

use crate::StartError;
use crate::cli::{Bootstrap, BootstrapArgs};
use crate::config::Options;
use crate::serve;

/// Makes who was asked for and says what comes next.
///
/// # Errors
/// In French, what was refused and why.
pub async fn run(args: BootstrapArgs) -> Result<(), StartError> {
    match args.what {
        Bootstrap::Officer { email, name, options } => {
            let house = house(options).await?;
            issuer::bootstrap::officer(&house, &email, &name).await.map_err(|fault| refused(&fault))?;
            println!("{name} peut entrer à {}", house.url("/region/entrer"));
        }
        Bootstrap::Organisation { name, short_name, town, siret, options } => {
            let house = house(options).await?;
            let short = short_name.as_deref().unwrap_or(&name);
            let families = ["comportementale", "base", "numerique"];
            let made = issuer::bootstrap::organisation(&house, &name, short, &town, &siret, &families)
                .await
                .map_err(|fault| refused(&fault))?;
            issuer::bootstrap::keys_of_forms(&house, &made).await.map_err(|fault| refused(&fault))?;
            println!("{name} est habilité. Son identifiant : {}", made.opaque);
            println!("Ensuite : livret bootstrap trainer --organisation {} --email … --name … --referent", made.opaque);
        }
        Bootstrap::Trainer { organisation, email, name, referent, options } => {
            let house = house(options).await?;
            issuer::bootstrap::trainer(&house, &organisation, &email, &name, referent)
                .await
                .map_err(|fault| refused(&fault))?;
            println!("{name} peut entrer à {}", house.url("/atelier/entrer"));
        }
    }
    Ok(())
}

fn refused(fault: &issuer::bootstrap::Fault) -> StartError {
    StartError::Refused(fault.to_string())
}

/// The issuer's house on the configured database, without listening. Its letters wait in the outbox for `serve`.
pub(crate) async fn house(options: Options) -> Result<Issuer, StartError> {
    let options = options.with_file()?;
    let clock = Clock::system();
    let db = Db::open(options.database()).await?;
    store::migrate(&db).await?;
    let (vault, key) = Vault::obtain(&db, clock.now()).await?;
    if let Some(words) = serve::new_key(&key) {
        println!("{words}");
    }
    let site = Arc::new(serve::site(&options, options.listen(), &[serve::HouseName::Issuer])?);
    let post = serve::postman(&options, &site)?;
    let house = Issuer::new(Settings { db, vault, clock, site, post, letter_delay: options.letter_delay() });
    issuer::first_start::ensure(&house).await.map_err(|fault| refused(&fault))?;
    Ok(house)
}
