//! Keyset pages and their opaque cursors.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::{Code, Error, Result};

/// Rows a page holds when nothing is asked.
pub const DEFAULT_LIMIT: u32 = 20;
/// More than this is refused, not cut.
pub const MAX_LIMIT: u32 = 200;

/// Sort keys lie between the years 1900 and 9999; the divisions' keys are codes below that.
const FIRST_MICROS: i64 = -2_208_988_800_000_000;
const LAST_MICROS: i64 = 253_402_300_799_999_999;

/// The form a list is asked for in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    /// Pages in JSON.
    #[default]
    Json,
    /// The whole list as CSV (RFC 4180), with a byte order mark where it is asked for.
    Csv {
        /// Whether the text begins with U+FEFF, by which Excel knows UTF-8.
        bom: bool,
    },
    /// The whole list as NDJSON: one row of the JSON list a line.
    Ndjson,
}

impl Form {
    /// Its media type, as `Content-Type` says it.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Json => "application/json",
            Self::Csv { .. } => "text/csv; charset=utf-8; header=present",
            Self::Ndjson => "application/x-ndjson",
        }
    }
}

/// Where a page begins and how long it is.
#[derive(Debug, Clone)]
pub struct Page {
    /// Rows wanted.
    pub limit: u32,
    /// The key of the last row of the page before.
    pub after: Option<Key>,
    /// Whether `total` is asked for (`count=exact`).
    pub count: bool,
    /// Binds cursors to the query they came from.
    pub query_hash: u64,
    /// What is made of the rows.
    pub form: Form,
}

/// The sort key of a row: an instant, then the id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// `created_at`, or another instant the list sorts by.
    pub at: DateTime<Utc>,
    /// Breaks ties.
    pub id: Uuid,
}

impl Key {
    /// Of a list that is sorted by a code: the instant carries it.
    pub fn of_code(code: i64) -> Self {
        Self { at: DateTime::from_timestamp_micros(code).unwrap_or_default(), id: Uuid::nil() }
    }

    /// The code that [`Key::of_code`] was given.
    pub fn code(&self) -> i64 {
        self.at.timestamp_micros()
    }
}

/// A page of a list.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Listing<T> {
    /// The rows.
    #[schema(max_items = 200)]
    pub data: Vec<T>,
    /// The cursor of the next page, or null on the last.
    #[schema(max_length = 200, required = true)]
    pub next: Option<String>,
    /// All rows that match, only with `count=exact`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0)]
    pub total: Option<i64>,
}

impl Page {
    /// The cursor after `key` in this query.
    pub fn cursor(&self, key: Key) -> String {
        let mut bytes = Vec::with_capacity(32);
        bytes.extend(self.query_hash.to_be_bytes());
        bytes.extend(key.at.timestamp_micros().to_be_bytes());
        bytes.extend(key.id.as_bytes());
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a cursor made for the same query.
    pub fn read_cursor(text: &str, query_hash: u64) -> Result<Key> {
        let bad = || Error::new(Code::BadCursor);
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| bad())?;
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| bad())?;
        let word = |from: usize| -> [u8; 8] {
            let mut word = [0; 8];
            word.copy_from_slice(&bytes[from..from + 8]);
            word
        };
        if u64::from_be_bytes(word(0)) != query_hash {
            return Err(bad());
        }
        let micros = i64::from_be_bytes(word(8));
        // What no row of ours can have; PostgreSQL's own range is narrower than chrono's.
        let sane = (FIRST_MICROS..=LAST_MICROS).contains(&micros);
        let at = DateTime::from_timestamp_micros(micros).filter(|_| sane).ok_or_else(bad)?;
        let mut id = [0; 16];
        id.copy_from_slice(&bytes[16..]);
        Ok(Key { at, id: Uuid::from_bytes(id) })
    }

    /// Makes a listing of up to `limit + 1` rows: the one too many only tells that there is more.
    pub fn listing<R, T>(
        &self,
        mut rows: Vec<R>,
        total: Option<i64>,
        key: impl Fn(&R) -> Key,
        view: impl Fn(R) -> T,
    ) -> Listing<T> {
        let more = rows.len() > self.limit as usize;
        rows.truncate(self.limit as usize);
        let next = rows.last().filter(|_| more).map(|row| self.cursor(key(row)));
        Listing { data: rows.into_iter().map(view).collect(), next, total }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_cursor_reads_back_and_only_in_its_own_query(hash: u64, micros in 0i64..4_000_000_000_000_000, id: u128) {
            let key = Key { at: DateTime::from_timestamp_micros(micros).unwrap(), id: Uuid::from_u128(id) };
            let page = Page { limit: 1, after: None, count: false, query_hash: hash, form: Form::Json };
            let text = page.cursor(key);
            prop_assert_eq!(Page::read_cursor(&text, hash).unwrap(), key);
            prop_assert!(Page::read_cursor(&text, hash ^ 1).is_err());
        }

        #[test]
        fn no_text_makes_the_cursor_reader_panic(text in "\\PC*") {
            let _ = Page::read_cursor(&text, 0);
        }
    }
}
