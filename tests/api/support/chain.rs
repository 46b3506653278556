//! Members and contacts to enter.

use serde_json::{Value, json};

use super::City;

/// An id that nothing has.
pub const NOTHING: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

impl City {
    /// The body of a member of that number, in the second sector since today.
    pub fn new_member(&self, number: &str) -> Value {
        json!({
            "name": "赵委员", "phone": "13800001234", "address": "育才街道 1 号",
            "number": number, "unit": "民营企业", "sector_id": self.founded.sectors[1],
            "county_code": "230403", "from": self.today(),
        })
    }

    /// The body of a contact of that number, since today.
    pub fn new_contact(&self, number: &str) -> Value {
        json!({
            "name": "王主任", "phone": "13800001234", "address": "育才街道 2 号",
            "number": number, "category": "community", "unit": "育才社区",
            "division_code": "230403001", "from": self.today(),
        })
    }
}
