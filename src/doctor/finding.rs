//! What was found about one thing, and the stable codes of all that can be found.

/// How bad it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// All is well.
    Good,
    /// Works, but should not stay so on a real instance.
    Notice,
    /// Must be mended.
    ToMend,
}

impl Level {
    /// Its word in JSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Good => "good",
            Self::Notice => "notice",
            Self::ToMend => "to_mend",
        }
    }
}

/// What was found about one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How bad it is.
    pub level: Level,
    /// Which fault, for programs.
    pub code: Code,
    /// What was found, in French.
    pub said: String,
    /// What to do; empty when there is nothing to do.
    pub todo: String,
}

impl Finding {
    pub(super) fn good(code: Code, said: impl Into<String>) -> Self {
        Self { level: Level::Good, code, said: said.into(), todo: String::new() }
    }

    pub(super) fn notice(code: Code, said: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { level: Level::Notice, code, said: said.into(), todo: todo.into() }
    }

    pub(super) fn to_mend(code: Code, said: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { level: Level::ToMend, code, said: said.into(), todo: todo.into() }
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// A stable code. What is good carries the code of the thing that was looked at.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $($(#[$doc])* $name,)*
        }

        impl Code {
            /// Its word in JSON and beside the advice.
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

codes! {
    /// `livret.toml` cannot be read.
    ConfigurationUnreadable = "configuration_unreadable",
    /// The origin as configured is right.
    Origin = "origin",
    /// No origin is given.
    OriginMissing = "origin_missing",
    /// Not an origin.
    OriginMalformed = "origin_malformed",
    /// An IP address, which `did:web` forbids.
    OriginIsAddress = "origin_is_address",
    /// `localhost`.
    OriginLocal = "origin_local",
    /// http on a real instance.
    OriginNotHttps = "origin_not_https",
    /// The database signs under another origin.
    OriginChanged = "origin_changed",
    /// https, and no trusted proxy.
    ProxyNotTrusted = "proxy_not_trusted",
    /// A trusted proxy that is no network.
    ProxyMalformed = "proxy_malformed",
    /// The port is free, or this very program listens there.
    Listening = "listening",
    /// Another program listens there.
    PortTaken = "port_taken",
    /// The port or address may not be listened on.
    PortForbidden = "port_forbidden",
    /// Too short a secret between houses.
    PeerSecretShort = "peer_secret_short",
    /// Files are as they should be.
    Files = "files",
    /// A folder in which nothing can be written.
    FolderUnwritable = "folder_unwritable",
    /// A file that cannot be written.
    FileUnwritable = "file_unwritable",
    /// A file with secrets or names that everybody on the machine reads.
    FileReadableByAll = "file_readable_by_all",
    /// Little room on the disk.
    DiskLow = "disk_low",
    /// The database answers and has the tables of this program.
    Database = "database",
    /// No file yet.
    DatabaseMissing = "database_missing",
    /// It does not open.
    DatabaseUnreachable = "database_unreachable",
    /// `SQLite` finds the file damaged.
    DatabaseDamaged = "database_damaged",
    /// Older tables.
    MigrationsMissing = "migrations_missing",
    /// Newer tables.
    DatabaseNewer = "database_newer",
    /// The master key is the database's.
    MasterKey = "master_key",
    /// There is none.
    MasterKeyMissing = "master_key_missing",
    /// It is no key, or its file cannot be read.
    MasterKeyUnreadable = "master_key_unreadable",
    /// It is another's.
    MasterKeyWrong = "master_key_wrong",
    /// The clock is right as far as can be seen.
    Clock = "clock",
    /// The clock is off.
    ClockOff = "clock_off",
    /// The register of trust is signed.
    Register = "register",
    /// It was never signed.
    RegisterUnsigned = "register_unsigned",
    /// Its text is not what the Région signed.
    RegisterAltered = "register_altered",
    /// The keys of organisations open.
    OrganisationKeys = "organisation_keys",
    /// A key of an organisation does not open, or there is none.
    OrganisationKeyUnreadable = "organisation_key_unreadable",
    /// Letters leave.
    Letters = "letters",
    /// Nobody receives them.
    LettersNotSent = "letters_not_sent",
    /// The address of the mail server is none.
    LettersMalformed = "letters_malformed",
    /// The mail server does not answer.
    LettersUnreachable = "letters_unreachable",
    /// Letters wait past their time.
    LettersLate = "letters_late",
    /// Letters were given up.
    LettersGivenUp = "letters_given_up",
    /// A lot of badges does not go on.
    LotsStuck = "lots_stuck",
    /// The public address answers.
    PublicPage = "public_page",
    /// It does not.
    PublicPageUnreachable = "public_page_unreachable",
}
