//! One account for each part that somebody plays, with a password of its own.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

use aws_lc_rs::rand;
use chrono::NaiveDate;
use futures_util::future::try_join_all;
use uuid::Uuid;

use super::found::Founded;
use crate::auth::{Actor, Cost, Grant, Password, Passwords, Place, Role, actions};
use crate::chain::MemberRow;
use crate::error::{Error, Result};
use crate::journal::{CallerKind, Tx};

/// An account with the one copy of its password.
pub struct Account {
    /// Without the city.
    pub name: String,
    /// What it may be.
    pub role: Role,
    /// Its id.
    pub id: Uuid,
    /// As typed.
    pub password: String,
    /// As whom it acts.
    pub actor: Actor,
}

/// An account to be.
pub(super) struct Part<'a> {
    pub name: &'a str,
    pub role: Role,
    pub place: Place,
    pub member: Option<&'a MemberRow>,
}

/// An account with its password already hashed.
pub(super) struct Ready<'a> {
    part: Part<'a>,
    password: String,
    hash: String,
}

/// Makes and hashes passwords, outside any transaction.
pub(super) async fn passwords(cost: Cost, count: usize) -> Result<Vec<(String, String)>> {
    let hashing = Passwords::new(cost);
    let one = async |()| -> Result<(String, String)> {
        let password = password()?;
        let hash = hashing.hash(Password::new(password.clone())).await?;
        Ok((password, hash))
    };
    try_join_all(std::iter::repeat_n((), count).map(one)).await
}

impl<'a> Ready<'a> {
    pub(super) fn new(part: Part<'a>, (password, hash): (String, String)) -> Self {
        Self { part, password, hash }
    }

    /// Opens the account and grants its role.
    pub(super) async fn open(self, tx: &mut Tx<'_>, from: NaiveDate) -> Result<Account> {
        let Self { part, password, hash } = self;
        let member = part.member;
        let (person_id, member_id) = (member.map(|one| one.person_id), member.map(|one| one.id));
        let id = actions::create_account(tx, part.name, &hash, person_id, member_id).await?;
        let grant = Grant { role: part.role, place: part.place };
        actions::add_grant(tx, id, grant, from, None).await?;
        let actor = actor(tx.call.city, id, part.name, member, grant);
        Ok(Account { name: part.name.to_owned(), role: part.role, id, password, actor })
    }
}

/// Somebody in memory: who signs in becomes the same.
pub(super) fn actor(
    city: i32,
    id: Uuid,
    name: &str,
    member: Option<&MemberRow>,
    grant: Grant,
) -> Actor {
    Actor {
        city,
        id,
        kind: CallerKind::Account,
        session: Uuid::nil(),
        member_id: member.map(|one| one.id),
        person_id: member.map(|one| one.person_id),
        name: format!("{name}@{city}"),
        scopes: Vec::new(),
        grants: Arc::from([grant]),
    }
}

/// Writes who can sign in, with which password, to `file` in `var`, for its owner alone; `more` keeps
/// what stands there.
pub(super) fn write(cities: &[Founded], var: &Path, file: &str, more: bool) -> Result<()> {
    std::fs::create_dir_all(var).map_err(Error::internal)?;
    let path = var.join(file);
    // An old one belongs to a city that is gone.
    match if more { Ok(()) } else { std::fs::remove_file(&path) } {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(Error::internal(error));
        }
        _ => {}
    }
    let mut options = std::fs::OpenOptions::new();
    let mut file =
        if more { options.append(true).create(true) } else { options.write(true).create_new(true) }
            .mode(0o600)
            .open(&path)
            .map_err(|error| Error::internal(format!("{}: {error}", path.display())))?;
    for founded in cities {
        for account in &founded.accounts {
            let name = format!("{}@{}", account.name, founded.city);
            let (password, role) = (&account.password, account.role.as_str());
            writeln!(file, "{name:<18}  {password}  {role}").map_err(Error::internal)?;
        }
        if let Some(client) = &founded.client {
            let (id, secret) = (&client.client_id, &client.secret);
            writeln!(
                file,
                "\nA machine (grant_type=client_credentials): client_id {id} client_secret {secret}"
            )
            .map_err(Error::internal)?;
        }
    }
    Ok(())
}

/// Letters that are not mistaken for one another.
const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// 100 random bits in five groups of four letters.
fn password() -> Result<String> {
    let mut bytes = [0_u8; 20];
    rand::fill(&mut bytes).map_err(Error::internal)?;
    let letters: Vec<char> =
        bytes.iter().map(|byte| char::from(LETTERS[usize::from(byte & 31)])).collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    Ok(groups.join("-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_long_and_differ() {
        let (one, other) = (password().unwrap(), password().unwrap());
        assert!(one.len() >= 16 && one.is_ascii() && one != other);
    }
}
