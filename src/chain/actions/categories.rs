//! The city's own categories of contacts, beside those that every city has.

use serde_json::json;

use super::refused;
use crate::catalogue::{self, CityCodeRow};
use crate::chain::category::{CATEGORIES, ContactCategory, plain_word};
use crate::error::{Code, Error, Fault, Result, check};
use crate::journal::{Entry, Places, Tx};

/// A category to add.
#[derive(Debug, Clone)]
pub struct NewCategory {
    /// The stable word.
    pub code: String,
    /// Chinese.
    pub label_zh: String,
    /// English.
    pub label_en: String,
}

/// Adds a category of the city's own. It stays: contacts of it may be there on any day.
pub async fn add_category(tx: &mut Tx<'_>, new: NewCategory) -> Result<()> {
    let city = tx.call.city;
    let own = catalogue::city_codes(tx.conn, city).await?;
    let own: Vec<_> = own.into_iter().filter(|row| row.list == CATEGORIES).collect();
    if ContactCategory::parse(&new.code).is_some() || own.iter().any(|row| row.code == new.code) {
        return Err(Error::say(Code::Duplicate, "代码已被使用", "the code is taken"));
    }
    // A file names categories by label: none may mean two.
    let codes = own.iter().map(|row| &*row.code);
    let labels = own.iter().flat_map(|row| [&*row.label_zh, &*row.label_en]).chain(codes);
    let built_in = ContactCategory::ALL.iter().flat_map(|one| one.words());
    let known: Vec<String> = labels.map(plain_word).chain(built_in.map(plain_word)).collect();
    let taken = |word: &str| known.contains(&plain_word(word));
    let faults = [("/code", &new.code), ("/label_zh", &new.label_zh), ("/label_en", &new.label_en)];
    let faults = faults.into_iter().filter(|(_, label)| taken(label)).map(|(pointer, _)| {
        Fault::new(pointer, "taken", "已有同名类别", "another category is called so")
    });
    check(faults.collect())?;
    let last = own.iter().map(|row| row.position).max().unwrap_or_default();
    let after = json!({ "code": new.code, "label_zh": new.label_zh, "label_en": new.label_en });
    let row = CityCodeRow {
        city_code: city,
        list: CATEGORIES.to_owned(),
        code: new.code,
        label_zh: new.label_zh,
        label_en: new.label_en,
        note_zh: None,
        note_en: None,
        position: last.saturating_add(1),
    };
    catalogue::insert_city_code(tx.conn, row).await.map_err(refused)?;
    let (kind, object_kind, object_id) =
        ("contact_category.added", "contact_category", tx.call.id());
    let (version, places, before, after) = (1, Places::default(), None, Some(after));
    tx.journal(Entry { kind, object_kind, object_id, version, places, before, after }).await?;
    Ok(())
}

/// A fault where the city has no such category.
pub(super) async fn known_category(tx: &Tx<'_>, code: &str, faults: &mut Vec<Fault>) -> Result<()> {
    let built_in = ContactCategory::parse(code).is_some();
    if !built_in && catalogue::city_code(tx.conn, tx.call.city, CATEGORIES, code).await?.is_none() {
        faults.push(Fault::reference("/category", "联系人类别", "category of contacts"));
    }
    Ok(())
}
