//! Database errors in our words: away is 503, a lock waited for too long 409, the rest our fault.

use diesel::result::{DatabaseErrorKind, Error as DieselError};

use crate::error::{Code, Error};

impl From<DieselError> for Error {
    fn from(error: DieselError) -> Self {
        match &error {
            DieselError::NotFound => Error::not_found(),
            DieselError::DatabaseError(kind, info) => {
                let said = info.message();
                if said.contains("lock timeout") || said.contains("deadlock detected") {
                    return Error {
                        retry_after: Some(1),
                        cause: Some(said.to_owned()),
                        ..Error::new(Code::StillRunning)
                    };
                }
                let away = matches!(
                    kind,
                    DatabaseErrorKind::ClosedConnection
                        | DatabaseErrorKind::UnableToSendCommand
                        | DatabaseErrorKind::SerializationFailure
                ) || AWAY.iter().any(|phrase| said.contains(phrase));
                if away { Error::unavailable(said) } else { Error::internal(&error) }
            }
            DieselError::BrokenTransactionManager => Error::unavailable(&error),
            _ => Error::internal(&error),
        }
    }
}

/// What PostgreSQL and the driver say when the server goes, comes or is cut off.
const AWAY: &[&str] = &[
    "terminating connection",
    "the database system is",
    "connection closed",
    "statement timeout",
    "error communicating with the server",
    "could not connect",
    "too many clients",
    "remaining connection slots",
];

/// The name of the constraint that refused, without the shard suffix that Citus adds.
pub fn constraint(error: &DieselError) -> Option<&str> {
    let DieselError::DatabaseError(_, info) = error else { return None };
    let name = info.constraint_name()?;
    let shard = name
        .rsplit_once('_')
        .filter(|(_, digits)| digits.len() >= 6 && digits.bytes().all(|b| b.is_ascii_digit()));
    Some(shard.map_or(name, |(stem, _)| stem))
}
