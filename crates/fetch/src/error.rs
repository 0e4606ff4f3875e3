//! Why the door did not bring anything. No address, no name: these go to logs.

use checks::Unanswered;

/// Why nothing was brought.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// Not an absolute http(s) URL, or one with a user name in it.
    #[error("not an address that the door understands")]
    BadAddress,
    /// http outside development.
    #[error("only https is allowed")]
    NotHttps,
    /// The name, or the literal, leads to an address that is not public.
    #[error("the address is not public")]
    NotPublic,
    /// A secret or a POST may go only to a peer named in the configuration.
    #[error("the address is not a peer's")]
    NotAPeer,
    /// The name has no address.
    #[error("the name could not be resolved")]
    Unresolved,
    /// No connection, or it broke.
    #[error("no connection")]
    Unreachable,
    /// The time is over.
    #[error("it took too long")]
    TimedOut,
    /// More bytes than the door carries.
    #[error("the answer is too large")]
    TooLarge,
    /// The answer is compressed though we asked for plain bytes.
    #[error("the answer is encoded")]
    Encoded,
    /// More redirects than the door follows, or one that leads nowhere.
    #[error("too many redirects")]
    Redirected,
}

impl From<FetchError> for Unanswered {
    fn from(error: FetchError) -> Self {
        match error {
            FetchError::BadAddress | FetchError::NotHttps | FetchError::NotPublic | FetchError::NotAPeer => {
                Self::Forbidden
            }
            FetchError::Unresolved | FetchError::Unreachable => Self::Unreachable,
            FetchError::TimedOut => Self::TimedOut,
            FetchError::TooLarge => Self::TooLarge,
            FetchError::Encoded => Self::NotText,
            FetchError::Redirected => Self::ServerError,
        }
    }
}
