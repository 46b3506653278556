//! A member whose links are kept.

use chrono::{NaiveDate, TimeDelta};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Caller, City};

/// The city's member, as the liaison centre keeps them.
pub struct Kept {
    pub city: City,
    pub centre: Caller,
    pub path: String,
}

impl Kept {
    pub async fn start() -> Self {
        let city = City::start().await;
        let centre = city.liaison_centre().await;
        let path = format!("/v1/members/{}", city.member_id());
        Self { city, centre, path }
    }

    /// So many days from today.
    pub fn day(&self, days: i64) -> NaiveDate {
        self.city.today() + TimeDelta::days(days)
    }

    pub fn sector(&self, n: usize) -> Uuid {
        self.city.founded.sectors[n]
    }

    pub async fn moves(&self, sector: usize, from: i64) -> Value {
        let body = json!({ "sector_id": self.sector(sector), "from": self.day(from) });
        self.centre.act(&format!("{}/sectors", self.path), body).await.expect(200)
    }

    /// The member's sector on a day; null where they were in none, or no member.
    pub async fn sector_on(&self, days: i64) -> Value {
        let read = format!("{}?as_of={}", self.path, self.day(days));
        self.centre.get(&read).await.json()["sector_id"].clone()
    }

    /// The links of a kind, the latest first: other end, first day, day after the last, whether void.
    pub async fn links(&self, kind: &str) -> Vec<Value> {
        let list = format!("{}/links?kind={kind}&limit=200", self.path);
        self.centre.get(&list).await.expect(200)["data"].as_array().unwrap().clone()
    }

    /// The link to a sector that begins on a day, as a path.
    pub async fn membership(&self, from: i64) -> String {
        let links = self.links("sector").await;
        let day = json!(self.day(from));
        let here = links.iter().find(|link| link["from"] == day && link["voided_at"].is_null());
        let id = here.unwrap_or_else(|| panic!("none from {day}: {links:?}"))["id"].clone();
        format!("{}/sectors/{}", self.path, id.as_str().unwrap())
    }
}
