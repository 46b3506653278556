//! What the API says of the chain. One file a noun; what they share stands here.

pub mod areas;
pub mod contacts;
pub mod links;
pub mod members;
pub mod organizations;
pub mod tree;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::actions::{KEEPERS, NewPerson};
use crate::auth::{Actor, policy};
use crate::journal::Places;

/// A person to enter.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({ "name": "委员301", "phone": "13800001234", "address": null }))]
pub struct PersonBody {
    /// Name.
    #[schema(min_length = 1, max_length = 100, pattern = r"^\S(.*\S)?$", example = "委员301")]
    pub name: String,
    /// Phone.
    #[schema(
        min_length = 5,
        max_length = 20,
        pattern = r"^\+?[0-9-]{5,19}$",
        example = "13800001234"
    )]
    pub phone: Option<String>,
    /// Address.
    #[schema(min_length = 1, max_length = 200, pattern = r"^\S(.*\S)?$", example = "鹤岗市工农区")]
    pub address: Option<String>,
}

impl From<PersonBody> for NewPerson {
    fn from(body: PersonBody) -> Self {
        Self { name: body.name, phone: body.phone, address: body.address }
    }
}

/// Whether the actor keeps the chain at one of `places`, and so reads phones unmasked.
fn keeps(actor: &Actor, places: &Places) -> bool {
    policy::roles_at(actor, places).iter().any(|role| KEEPERS.contains(role))
}

/// `138****1234`: the first three and the last four, of short numbers only the last two.
fn masked(phone: &str) -> String {
    let signs: Vec<char> = phone.chars().collect();
    let (head, tail) = if signs.len() >= 9 { (3, 4) } else { (0, signs.len().min(2)) };
    let front: String = signs[..head].iter().collect();
    let back: String = signs[signs.len() - tail..].iter().collect();
    format!("{front}****{back}")
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn a_masked_phone_keeps_only_its_ends() {
        assert_eq!(masked("13800001234"), "138****1234");
        assert_eq!(masked("3351234"), "****34");
        assert_eq!(masked("1"), "****1");
        assert_eq!(masked(""), "****");
    }
}
