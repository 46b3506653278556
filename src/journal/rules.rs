//! The order of the feed: by id (time), repaired so that versions of one object ascend.

use std::collections::HashMap;

use uuid::Uuid;

/// A committed entry that has no position yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pending {
    /// The entry.
    pub id: Uuid,
    /// Its object.
    pub object_id: Uuid,
    /// The version it made.
    pub version: i64,
    /// What the chain covers.
    pub payload_hash: Vec<u8>,
}

/// Sorts by id, then lets the entries of each object take the object's slots in version order:
/// servers' clocks may disagree by more than two writes of one object are apart.
pub fn in_order(mut entries: Vec<Pending>) -> Vec<Pending> {
    entries.sort_by_key(|entry| entry.id);
    let mut slots: HashMap<Uuid, Vec<usize>> = HashMap::new();
    for (slot, entry) in entries.iter().enumerate() {
        slots.entry(entry.object_id).or_default().push(slot);
    }
    let mut ordered: Vec<Option<Pending>> = vec![None; entries.len()];
    for slots in slots.into_values() {
        let mut of_one: Vec<Pending> = slots.iter().map(|&slot| entries[slot].clone()).collect();
        of_one.sort_by_key(|entry| entry.version);
        for (slot, entry) in slots.into_iter().zip(of_one) {
            ordered[slot] = Some(entry);
        }
    }
    ordered.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn versions_of_one_object_ascend_and_nothing_is_lost(
            entries in proptest::collection::vec((any::<u32>(), 0u128..4, 0i64..1000), 0..60)
        ) {
            let given: Vec<Pending> = entries.iter().enumerate().map(|(n, (id, object, version))| Pending {
                id: Uuid::from_u128(u128::from(*id) << 32 | n as u128),
                object_id: Uuid::from_u128(*object),
                version: *version,
                payload_hash: vec![],
            }).collect();
            let got = in_order(given.clone());
            prop_assert_eq!(got.len(), given.len());
            for object in 0..4 {
                let versions: Vec<i64> = got.iter()
                    .filter(|e| e.object_id == Uuid::from_u128(object)).map(|e| e.version).collect();
                prop_assert!(versions.is_sorted());
            }
        }
    }
}
