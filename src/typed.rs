//! What was typed at the terminal, read by clap and told in French: its help, and what is wrong with a word.

use std::error::Error as _;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::process::ExitCode;

use clap::builder::PossibleValue;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, ArgAction, Command, CommandFactory, Error, FromArgMatches};

use crate::cli::Cli;
use crate::said;

/// Wrong use of the command line, as clap itself answers.
const MISUSED: u8 = 2;

/// Above the settings of a command; clap writes a colon after it.
const SETTINGS: &str = "Réglages\u{a0}";

/// The command, or the exit code once its help or what is wrong was printed.
///
/// # Errors
/// The exit code: 0 after help, 2 when a word does not do.
pub fn read(words: impl IntoIterator<Item = OsString>) -> Result<Cli, ExitCode> {
    let read = || Cli::from_arg_matches(&french(Cli::command()).try_get_matches_from(words)?);
    read().map_err(|error| match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            // Nobody to tell when the terminal is gone.
            let _ = error.print();
            ExitCode::SUCCESS
        }
        ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand => {
            let _ = error.print();
            ExitCode::from(MISUSED)
        }
        _ => {
            eprint!("{}", wrong(&error));
            ExitCode::from(MISUSED)
        }
    })
}

/// The same command, whose help has French headings.
fn french(command: Command) -> Command {
    let names: Vec<String> = command.get_subcommands().map(|one| one.get_name().to_owned()).collect();
    let has_version = command.get_version().is_some();
    let mut command = command
        .help_template("{about-with-newline}\nUtilisation\u{a0}: {usage}\n\n{all-args}\n")
        .subcommand_help_heading("Commandes\u{a0}")
        .subcommand_value_name("COMMANDE")
        .disable_help_flag(true)
        .disable_version_flag(true)
        .mut_args(|arg| {
            let heading = if arg.is_positional() { "Ce qu’il faut donner\u{a0}" } else { SETTINGS };
            told(arg).help_heading(heading)
        })
        .arg(
            Arg::new("aide")
                .short('h')
                .long("help")
                .action(ArgAction::Help)
                .help("Montre cette aide")
                .help_heading(SETTINGS),
        );
    if has_version {
        let version = Arg::new("version").short('V').long("version").action(ArgAction::Version);
        command = command.arg(version.help("Dit la version du programme").help_heading(SETTINGS));
    }
    for name in names {
        command = command.mut_subcommand(name, french);
    }
    command
}

/// The same word of the command line, its help followed by what clap would add in English: values, default, variable.
fn told(arg: Arg) -> Arg {
    let Some(help) = arg.get_help().map(ToString::to_string) else { return arg };
    let mut more = Vec::new();
    if arg.get_action().takes_values() {
        let values = arg.get_possible_values();
        let names: Vec<&str> = values.iter().map(PossibleValue::get_name).collect();
        let default: Vec<_> = arg.get_default_values().iter().map(|value| value.to_string_lossy()).collect();
        for (word, all) in [("au choix", names.join(", ")), ("défaut", default.join(", "))] {
            if !all.is_empty() {
                more.push(format!(" [{word}\u{a0}: {all}]"));
            }
        }
    }
    // Its value may be a secret, and is the reader's own: the name alone.
    if let Some(name) = arg.get_env() {
        more.push(format!(" [variable\u{a0}: {}]", name.to_string_lossy()));
    }
    arg.help(format!("{help}{}", more.concat())).hide_env(true).hide_default_value(true).hide_possible_values(true)
}

/// What is wrong, then how it is used.
fn wrong(error: &Error) -> String {
    let mut text = format!("livret\u{a0}: {}\n", what(error));
    if let Some(ContextValue::StyledStr(usage)) = error.get(ContextKind::Usage) {
        let usage = usage.to_string();
        let _infallible = writeln!(text, "\nUtilisation\u{a0}: {}", usage.trim_start_matches("Usage:").trim());
    }
    text.push_str("Tout ce qu’on peut demander\u{a0}: livret --help, ou livret COMMANDE --help\n");
    text
}

fn what(error: &Error) -> String {
    let of = |kind| words(error.get(kind));
    let (arg, value) = (of(ContextKind::InvalidArg), of(ContextKind::InvalidValue));
    match error.kind() {
        ErrorKind::InvalidValue if value.is_empty() => format!("{arg} attend une valeur"),
        ErrorKind::InvalidValue => {
            format!("«\u{a0}{value}\u{a0}» ne convient pas à {arg}{}", among(&of(ContextKind::ValidValue)))
        }
        ErrorKind::ValueValidation => {
            let why = error.source().map(said::word).map(|why| format!("\u{a0}: {why}")).unwrap_or_default();
            format!("«\u{a0}{value}\u{a0}» ne convient pas à {arg}{why}")
        }
        ErrorKind::UnknownArgument if arg.starts_with('-') => {
            format!("le réglage {arg} n’existe pas{}", instead(&of(ContextKind::SuggestedArg)))
        }
        ErrorKind::UnknownArgument => format!("«\u{a0}{arg}\u{a0}» est de trop"),
        ErrorKind::InvalidSubcommand => format!(
            "la commande «\u{a0}{}\u{a0}» n’existe pas{}",
            of(ContextKind::InvalidSubcommand),
            instead(&of(ContextKind::SuggestedSubcommand))
        ),
        ErrorKind::MissingSubcommand => format!("il manque une commande{}", among(&of(ContextKind::ValidSubcommand))),
        ErrorKind::MissingRequiredArgument => format!("il manque {arg}"),
        ErrorKind::ArgumentConflict if of(ContextKind::PriorArg) == arg => format!("{arg} est donné deux fois"),
        ErrorKind::ArgumentConflict => format!("{arg} et {} ne vont pas ensemble", of(ContextKind::PriorArg)),
        ErrorKind::TooManyValues => format!("{arg} ne prend pas la valeur «\u{a0}{value}\u{a0}» en plus"),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues => {
            format!("{arg} n’a pas le nombre de valeurs qu’il faut")
        }
        ErrorKind::InvalidUtf8 => "un des mots donnés n’est pas en UTF-8".to_owned(),
        _ => "cette commande ne se comprend pas".to_owned(),
    }
}

fn words(value: Option<&ContextValue>) -> String {
    match value {
        Some(ContextValue::String(one)) => one.clone(),
        Some(ContextValue::Strings(all)) => all.join(", "),
        Some(ContextValue::StyledStr(one)) => one.to_string(),
        Some(ContextValue::StyledStrs(all)) => all.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "),
        _ => String::new(),
    }
}

fn among(valid: &str) -> String {
    if valid.is_empty() { String::new() } else { format!("\u{a0}: {valid}") }
}

fn instead(suggested: &str) -> String {
    if suggested.is_empty() { String::new() } else { format!("\u{202f}; vouliez-vous dire {suggested}\u{202f}?") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said_of(words: &[&str]) -> String {
        let all = std::iter::once("livret").chain(words.iter().copied());
        let error = french(Cli::command()).try_get_matches_from(all).expect_err("a wrong word");
        wrong(&error)
    }

    #[test]
    fn the_command_is_well_made() {
        french(Cli::command()).debug_assert();
    }

    #[test]
    fn what_is_wrong_is_said_in_french() {
        for (words, said) in [
            (&["serv"][..], "la commande «\u{a0}serv\u{a0}» n’existe pas\u{202f}; vouliez-vous dire serve\u{202f}?"),
            (
                &["serve", "--listn", "x"],
                "le réglage --listn n’existe pas\u{202f}; vouliez-vous dire --listen\u{202f}?",
            ),
            (
                &["serve", "--listen", "partout"],
                "«\u{a0}partout\u{a0}» ne convient pas à --listen <LISTEN>\u{a0}: écrivez une adresse et un port",
            ),
            (&["serve", "--letter-delay", "dix"], "écrivez un nombre entier"),
            (&["serve", "--log", "xml"], "«\u{a0}xml\u{a0}» ne convient pas à --log <LOG>\u{a0}: text, json"),
            (&["serve", "--listen"], "--listen <LISTEN> attend une valeur"),
            (&["serve", "demo"], "«\u{a0}demo\u{a0}» est de trop"),
            (&["verify"], "il manque <FICHIER|ADRESSE|->"),
            (&["verify", "a", "--at", "hier"], "ni une date (2026-11-25) ni un instant"),
            (&["verify", "a", "--allow-origin", "ici"], "écrivez une origine"),
            (&["verify", "a", "--lang", "fr", "--lang", "en"], "--lang <LANG> est donné deux fois"),
            (&["key", "rotate", "--all", "--organisation", "x"], "ne vont pas ensemble"),
            (&["key", "rotate"], "il manque"),
        ] {
            let text = said_of(words);
            assert!(text.contains(said), "{words:?}: {text}");
            for english in ["error", "Usage", "tip:", "For more", "required", "invalid", "help'"] {
                assert!(!text.contains(english), "{words:?}: {text}");
            }
            assert!(text.contains("livret COMMANDE --help"), "{text}");
        }
    }

    /// Every command with the words that lead to it.
    fn commands(command: &Command, before: &[String], all: &mut Vec<Vec<String>>) {
        all.push(before.to_vec());
        for one in command.get_subcommands() {
            let mut words = before.to_vec();
            words.push(one.get_name().to_owned());
            commands(one, &words, all);
        }
    }

    #[test]
    fn the_help_of_every_command_is_in_french() {
        let mut all = Vec::new();
        commands(&french(Cli::command()), &["livret".to_owned()], &mut all);
        assert!(all.len() > 15, "{all:?}");
        for words in all {
            for help in ["--help", "-h"] {
                let asked = words.iter().map(String::as_str).chain([help]);
                let error = french(Cli::command()).try_get_matches_from(asked).expect_err("help");
                assert_eq!(error.kind(), ErrorKind::DisplayHelp, "{words:?}");
                let text = error.to_string();
                let usage = format!("Utilisation\u{a0}: {}", words.join(" "));
                assert!(text.contains(&usage) && text.contains("Montre cette aide"), "{text}");
                for english in [
                    "Usage",
                    "Options:",
                    "Commands",
                    "Arguments",
                    "Print",
                    "env:",
                    "default",
                    "ossible values",
                    "alias",
                ] {
                    assert!(!text.contains(english), "{words:?}, {english}: {text}");
                }
                // Doc comments of the code are in English; none may become help.
                for english in [" the ", "The ", " of ", " and ", "For ", "French", "English"] {
                    assert!(!text.contains(english), "{words:?}, {english}: {text}");
                }
            }
        }
    }

    #[test]
    fn help_tells_variables_defaults_and_choices() {
        let help = |words: &[&str]| {
            french(Cli::command()).try_get_matches_from(words).expect_err("help").to_string().replace('\n', " ")
        };
        let serve = help(&["livret", "serve", "--help"]);
        for said in [
            "[défaut : sqlite:livret.db] [variable\u{a0}: LIVRET_DATABASE]",
            "[au choix\u{a0}: text, json] [variable\u{a0}: LIVRET_LOG]",
            "[variable\u{a0}: LIVRET_PEER_SECRET]",
        ] {
            assert!(serve.contains(said), "{said}: {serve}");
        }
        let verify = help(&["livret", "verify", "--help"]);
        assert!(verify.contains("[au choix\u{a0}: fr, en] [défaut\u{a0}: fr]"), "{verify}");
    }
}
