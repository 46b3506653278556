//! What a file may refer to, by code or by name.

use std::collections::HashMap;
use std::hash::Hash;

use uuid::Uuid;

use super::rules::{Refusal, cells};
use crate::catalogue;
use crate::chain::store::{self, Keyed, Org};
use crate::chain::{CATEGORIES, ContactCategory, plain_word};
use crate::error::Result;
use crate::journal::Tx;
use crate::workdays::local_date;

/// Things of one kind by every word that means them.
struct Words<T>(HashMap<String, Vec<T>>);

impl<T: Copy + Eq + Hash> Words<T> {
    fn new() -> Self {
        Self(HashMap::new())
    }

    fn add(&mut self, word: &str, thing: T) {
        let all = self.0.entry(plain_word(word)).or_default();
        if !all.contains(&thing) {
            all.push(thing);
        }
    }

    /// The one that `word` means; none: nothing.
    fn find(&self, word: &str) -> Result<Option<T>, Refusal> {
        match self.0.get(&plain_word(word)).map(Vec::as_slice) {
            None | Some([]) => Ok(None),
            Some([one]) => Ok(Some(*one)),
            Some(_) => Err(Refusal::Ambiguous),
        }
    }
}

/// All that a file of a city may refer to but members, whom it names by their numbers.
pub struct References {
    sectors: Words<Uuid>,
    committees: Words<Uuid>,
    counties: Words<i64>,
    divisions: Words<i64>,
    categories: Words<usize>,
    codes: Vec<String>,
    /// Members of the lines at hand, by number.
    pub members: HashMap<String, Uuid>,
}

impl References {
    /// What the city has today.
    pub async fn load(tx: &Tx<'_>) -> Result<Self> {
        let (city, today) = (tx.call.city, local_date(tx.call.now));
        let organizations = async |kind: &str| -> Result<Words<Uuid>> {
            let all = store::all_organizations(tx.conn, city, kind, today).await?;
            let mut words = Words::new();
            for Org { id, code, name, .. } in &all {
                words.add(code, *id);
                words.add(name, *id);
            }
            Ok(words)
        };
        let (mut counties, mut divisions) = (Words::new(), Words::new());
        let all = catalogue::divisions_of(tx.conn, city).await?;
        let names: HashMap<i64, &str> = all.iter().map(|row| (row.code, &*row.name)).collect();
        for row in &all {
            let words = if row.level == "county" { &mut counties } else { &mut divisions };
            words.add(&row.name, row.code);
            // As an address has it: 工农区团结街道.
            let above = row.parent_code.and_then(|code| names.get(&code));
            if let Some(above) = above {
                words.add(&format!("{above}{}", row.name), row.code);
            }
            words.add(&row.code.to_string(), row.code);
        }
        let (mut categories, mut codes) = (Words::new(), Vec::new());
        for (n, category) in ContactCategory::ALL.into_iter().enumerate() {
            for word in category.words() {
                categories.add(word, n);
            }
            codes.push(category.as_str().to_owned());
        }
        let own = catalogue::city_codes(tx.conn, city).await?;
        for row in own.into_iter().filter(|row| row.list == CATEGORIES) {
            for word in [&row.code, &row.label_zh, &row.label_en] {
                categories.add(word, codes.len());
            }
            codes.push(row.code);
        }
        Ok(Self {
            sectors: organizations("sector").await?,
            committees: organizations("committee").await?,
            counties,
            divisions,
            categories,
            codes,
            members: HashMap::new(),
        })
    }

    /// Looks up who has these numbers.
    pub async fn find_members(&mut self, tx: &Tx<'_>, numbers: Vec<String>) -> Result<()> {
        let (by_number, today) = ((numbers, Vec::new()), local_date(tx.call.now));
        let rows = store::known(tx.conn, tx.call.city, Keyed::Member, "", by_number).await?;
        // Of several who have a number in turn, who has it today; else who has it last.
        let (now, others): (Vec<_>, Vec<_>) =
            rows.into_iter().filter(|row| !row.voided).partition(|row| row.is_there(today));
        let last = others.into_iter().rev();
        self.members = last.chain(now).map(|row| (row.key, row.id)).collect();
        Ok(())
    }

    /// A sector by code or name.
    pub fn sector(&self, word: &str) -> Result<Option<Uuid>, Refusal> {
        self.sectors.find(word)
    }

    /// A committee by code or name.
    pub fn committee(&self, word: &str) -> Result<Option<Uuid>, Refusal> {
        self.committees.find(word)
    }

    /// A county by code or name.
    pub fn county(&self, word: &str) -> Result<Option<i32>, Refusal> {
        Ok(self.counties.find(word)?.and_then(|code| i32::try_from(code).ok()))
    }

    /// A division by code, by name, or by name behind that of what it lies in.
    pub fn division(&self, word: &str) -> Result<Option<i64>, Refusal> {
        if let Some(code) = cells::division_digits(word) {
            return Ok(Some(code));
        }
        match self.divisions.find(word)? {
            None => self.counties.find(word),
            found => Ok(found),
        }
    }

    /// A category of contacts by code or label.
    pub fn category(&self, word: &str) -> Result<Option<String>, Refusal> {
        Ok(self.categories.find(word)?.and_then(|n| self.codes.get(n).cloned()))
    }
}
