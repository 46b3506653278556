//! The only source of ids. UUIDv7, so that keys sort by time; a seeded source makes the
//! demonstration and tests come out the same each time.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use uuid::Uuid;

/// Makes ids. Cheap to clone; clones of a seeded source share its counter.
#[derive(Clone, Default)]
pub struct Ids(Option<Arc<Seeded>>);

struct Seeded {
    seed: u64,
    next: AtomicU64,
}

impl Ids {
    /// Random ids.
    pub fn random() -> Self {
        Self(None)
    }

    /// The same ids in the same order for the same seed.
    pub fn seeded(seed: u64) -> Self {
        Self(Some(Arc::new(Seeded { seed, next: AtomicU64::new(0) })))
    }

    /// A fresh id whose time part is `now`, or the wall clock's for random ids, whose order within
    /// a millisecond the uuid crate keeps.
    #[allow(clippy::disallowed_methods)] // the one place where ids are made
    pub fn next(&self, now: DateTime<Utc>) -> Uuid {
        let Some(seeded) = &self.0 else { return Uuid::now_v7() };
        let n = seeded.next.fetch_add(1, Ordering::Relaxed);
        let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
        let mut bytes = [0u8; 10];
        bytes[..2].copy_from_slice(&((n >> 8) as u16).to_be_bytes());
        bytes[2..].copy_from_slice(&mix(seeded.seed ^ mix(n)).to_be_bytes());
        // Twelve high bits keep the order of ids made within one millisecond.
        bytes[0] = (n >> 8) as u8 & 0x0f;
        bytes[1] = n as u8;
        uuid::Builder::from_unix_timestamp_millis(millis, &bytes).into_uuid()
    }
}

/// splitmix64's finaliser: spreads a counter over all bits.
fn mix(mut z: u64) -> u64 {
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seeded_source_repeats_itself_and_never_a_value() {
        let now = DateTime::from_timestamp(1_700_000_000, 0).unwrap();
        let (a, b) = (Ids::seeded(7), Ids::seeded(7));
        let first: Vec<_> = (0..5000).map(|_| a.next(now)).collect();
        assert_eq!(first, (0..5000).map(|_| b.next(now)).collect::<Vec<_>>());
        let distinct: std::collections::HashSet<_> = first.iter().collect();
        assert_eq!(distinct.len(), first.len());
        assert_eq!(first[0].get_version_num(), 7);
    }
}
