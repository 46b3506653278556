//! Search by part of a name: its own signs, its pinyin, and the initials of its pinyin. A name is kept
//! with its keys, one list from each of its signs to its end, and is found by how a key begins. Each
//! key begins with the city, so that a walk of the index stays in one city.
//!
//! Spaces and punctuation do not count, nor do case and width; ü is typed as v, as u or as it is.
//! Characters with several readings are
//! found by each; of a long name only the first few combinations from each sign.

mod fill;

pub use fill::{Searched, fill};

use pinyin::{ToPinyin, ToPinyinMulti};

/// Signs of the longest key, and of the longest search.
pub const LONGEST: usize = 50;
/// Combinations of initials that are kept from one sign on.
const INITIALS: usize = 8;
/// Combinations of whole syllables that are kept from one sign on.
const SYLLABLES: usize = 3;

/// A condition on the rows `alias` of a searched table, in which `?` stands for [`query`].
pub fn matches(alias: &str) -> String {
    format!("array_to_tsvector({alias}.search) @@ ?::tsquery")
}

/// The rows `t` of `table` in city `$1` whose own name is found; `?` as in [`matches()`]. They are found
/// before the list is walked: a rare name would be looked for along the whole of it.
pub fn found_in(table: &str) -> String {
    let own = matches("s");
    format!("t.id = ANY(ARRAY(SELECT s.id FROM {table} s WHERE s.city_code = $1 AND {own}))")
}

/// The keys of `name`: first the name itself behind `=`, by which an index tells whose keys are of an
/// earlier name (see the migration), then what it is found by.
pub fn keys(city: i32, name: &str) -> Vec<String> {
    let signs = folded(name);
    let readings: Vec<Vec<String>> = signs.iter().map(|sign| readings(*sign)).collect();
    let mut found = Vec::new();
    for start in 0..signs.len() {
        found.push(signs[start..].iter().take(LONGEST).collect());
        let initials = readings[start..].iter().map(|all| initials(all));
        found.extend(combined(initials, INITIALS));
        found.extend(combined(readings[start..].iter().cloned(), SYLLABLES));
    }
    found.sort_unstable();
    found.dedup();
    let keys = found.into_iter().map(|key: String| format!("{city:06}{key}"));
    std::iter::once(format!("={name}")).chain(keys).collect()
}

/// What finds the names in which `text` stands, as a `tsquery`. Nothing is found by signs that do not
/// count.
pub fn query(city: i32, text: &str) -> String {
    let signs: String = folded(text).into_iter().take(LONGEST).collect();
    // No key is so short.
    let key = if signs.is_empty() { "-".to_owned() } else { format!("{city:06}{signs}") };
    format!("'{key}':*")
}

/// Letters and digits alone, lower case, of ordinary width; v for ü, which keyboards do not have.
fn folded(text: &str) -> Vec<char> {
    let narrow = |sign: char| match u32::from(sign) {
        wide @ 0xff01..=0xff5e => char::from_u32(wide - 0xfee0).unwrap_or(sign),
        _ => sign,
    };
    let lower = text.chars().map(narrow).flat_map(char::to_lowercase);
    let plain = lower.map(|sign| if sign == 'ü' { 'v' } else { sign });
    plain.filter(|sign| sign.is_alphanumeric()).collect()
}

/// How a sign may be read, the usual reading first; a letter as it stands. Where there is an ü, first
/// with v and then with u.
fn readings(sign: char) -> Vec<String> {
    let usual = sign.to_pinyin().map(|one| one.plain().to_owned());
    let others = sign.to_pinyin_multi().into_iter().flatten().map(|one| one.plain().to_owned());
    let mut all: Vec<String> = Vec::new();
    let typed = |reading: String| {
        let loose = reading.contains('ü').then(|| reading.replace('ü', "u"));
        [Some(reading.replace('ü', "v")), loose]
    };
    for reading in usual.into_iter().chain(others).flat_map(typed).flatten() {
        if !all.contains(&reading) {
            all.push(reading);
        }
    }
    if all.is_empty() { vec![sign.to_string()] } else { all }
}

fn initials(readings: &[String]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for initial in readings.iter().filter_map(|reading| reading.chars().next()) {
        if !all.iter().any(|known| known.starts_with(initial)) {
            all.push(initial.to_string());
        }
    }
    all
}

/// Up to `most` words, one choice from each place; where there would be more, the usual choice. No
/// longer than a search.
fn combined(places: impl Iterator<Item = Vec<String>>, most: usize) -> Vec<String> {
    let mut words = vec![String::new()];
    for choices in places {
        if words.iter().all(|word| word.chars().count() >= LONGEST) {
            break;
        }
        let taken = if words.len() * choices.len() > most { 1 } else { choices.len() };
        words = words
            .iter()
            .flat_map(|word| choices[..taken].iter().map(move |choice| format!("{word}{choice}")))
            .collect();
    }
    words.into_iter().map(|word| word.chars().take(LONGEST).collect()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn found(name: &str, by: &str) -> bool {
        let query = query(230400, by);
        let start = query.trim_start_matches('\'').trim_end_matches("':*");
        keys(230400, name)[1..].iter().any(|key| key.starts_with(start))
    }

    #[test]
    fn a_name_is_found_by_its_parts_its_initials_and_its_pinyin() {
        for by in ["鹤岗市", "岗", "市", "hgs", "HG", "gs", "s", "hegang", "gangshi", "he gang"]
        {
            assert!(found("鹤岗市", by), "{by}");
        }
        for by in ["鹤市", "sg", "x", "岗鹤", "--", "'"] {
            assert!(!found("鹤岗市", by), "{by}");
        }
        assert!(found("IBM(中国)公司", "ibmzg") && found("IBM(中国)公司", "中国公司"));
    }

    #[test]
    fn a_sign_of_several_readings_is_found_by_each() {
        for by in ["cq", "zq", "chongqing"] {
            assert!(found("重庆", by), "{by}");
        }
        for by in ["zgyh", "zgyx", "yinhang"] {
            assert!(found("中国银行", by), "{by}");
        }
        assert!(found("单雄信", "sxx") && found("单雄信", "dxx"));
    }

    #[test]
    fn an_umlaut_is_typed_in_each_way() {
        for by in ["lv", "lvming", "lu", "luming", "lü", "LÜ", "lüming", "lm"] {
            assert!(found("吕明", by), "{by}");
        }
        for by in ["nv", "nvming", "nu", "nü"] {
            assert!(found("女明", by), "{by}");
        }
        assert!(found("Müller", "müller") && found("战略", "zhanlve") && found("战略", "zhanlue"));
    }

    proptest! {
        #[test]
        fn every_part_of_a_name_finds_it(name in "[鹤岗单行A-z0-9 ()'一-龥]{1,60}", from: usize, length: usize) {
            let signs: Vec<char> = name.chars().collect();
            let from = from % signs.len();
            let length = (1 + length % (signs.len() - from)).min(LONGEST);
            let part: String = signs[from..from + length].iter().collect();
            if part.chars().any(char::is_alphanumeric) {
                prop_assert!(found(&name, &part), "{name} by {part}");
            }
        }

        #[test]
        fn keys_stay_within_what_an_index_takes(name in "\\PC{0,200}") {
            let keys = keys(230400, &name);
            prop_assert!(keys.len() < 200 * 14 && keys.iter().all(|key| key.len() < 1_000));
        }
    }
}
