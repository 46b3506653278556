//! Who may do what to what: the only place where that is decided. Deny by default. A grant is a role
//! at a place; it shows what stands at that place, and lets its holder act there.

use uuid::Uuid;

use super::actor::Actor;
use super::roles::{Grant, Place, Role};
use crate::db::Sight;
use crate::error::{Error, Result};
use crate::journal::Places;

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Noun {
    /// Committees, sectors, departments, divisions, areas, codes, working days, schemes, rule sets.
    Catalogue,
    /// Members, their links and their people.
    Member,
    /// Contacts and their people.
    Contact,
    /// Changes of the chain that wait for a decision.
    Adjustment,
    /// Plans.
    Plan,
    /// Visits and activities.
    Visit,
    /// Issues.
    Issue,
    /// Who reported an issue.
    Reporter,
    /// Assignments to departments.
    Assignment,
    /// Points of members.
    Score,
    /// What happened.
    Event,
    /// Counts.
    Statistics,
    /// Accounts and clients.
    Account,
}

impl Noun {
    /// Every noun.
    pub const ALL: &'static [Noun] = &[
        Noun::Catalogue,
        Noun::Member,
        Noun::Contact,
        Noun::Adjustment,
        Noun::Plan,
        Noun::Visit,
        Noun::Issue,
        Noun::Reporter,
        Noun::Assignment,
        Noun::Score,
        Noun::Event,
        Noun::Statistics,
        Noun::Account,
    ];
}

/// Whether `role` shows `noun` at its place.
fn shows(role: Role, noun: Noun) -> bool {
    use Noun as N;
    match role {
        Role::Scheduler => true,
        // The chain and the accounts; not what people report or do.
        Role::Admin => matches!(noun, N::Member | N::Contact | N::Adjustment | N::Account),
        Role::LiaisonCentre => noun != N::Account,
        Role::Auditor => noun != N::Reporter,
        Role::ChairMember | Role::Supervisor | Role::Client => {
            !matches!(noun, N::Reporter | N::Account)
        }
        Role::CommitteeStaff | Role::CountyStaff | Role::Convener => {
            !matches!(noun, N::Reporter | N::Account)
        }
        // A member knows whom they wrote an issue down for.
        Role::Member => noun != N::Account,
        Role::DeptReceiver | Role::DeptHandler | Role::DeptHead => {
            matches!(noun, N::Issue | N::Assignment | N::Event | N::Statistics)
        }
    }
}

/// The grants that can be held where they are.
fn fitting(actor: &Actor) -> impl Iterator<Item = Grant> + '_ {
    actor.grants.iter().copied().filter(|grant| grant.fits())
}

/// Which rows of `noun` a list holds for this actor.
pub fn sight(actor: &Actor, noun: Noun) -> Sight {
    let mut sight = Sight::default();
    if noun == Noun::Catalogue {
        sight.city = true;
        return sight;
    }
    for grant in fitting(actor).filter(|grant| shows(grant.role, noun)) {
        match grant.place {
            Place::City => sight.city = true,
            Place::County(code) => put(&mut sight.counties, code),
            Place::Committee(id) => put(&mut sight.committees, id),
            Place::Sector(id) => put(&mut sight.sectors, id),
            Place::Member(id) => put(&mut sight.members, id),
            Place::Department(id) => put(&mut sight.departments, id),
        }
    }
    sight
}

/// Each place once, though several roles are held there.
fn put<T: PartialEq>(places: &mut Vec<T>, place: T) {
    if !places.contains(&place) {
        places.push(place);
    }
}

/// The kinds of objects in the journal that are accounts or belong to them.
const OF_ACCOUNTS: [&str; 4] = ["account", "client", "grant", "session"];

/// Whether this actor may read what an event about an object of this kind says. The event itself has
/// its place in the feed all the same, so that positions stay dense.
pub fn reads_event_of(actor: &Actor, object_kind: &str) -> bool {
    !OF_ACCOUNTS.contains(&object_kind) || sight(actor, Noun::Account) != Sight::default()
}

/// Whether an object that stands at `places` is there for this actor.
pub fn sees(actor: &Actor, noun: Noun, places: &Places) -> bool {
    noun == Noun::Catalogue
        || fitting(actor).any(|grant| shows(grant.role, noun) && covers(grant.place, places))
}

/// Whether what stands at `places` stands at `place`.
fn covers(place: Place, places: &Places) -> bool {
    let is = |at: Option<Uuid>, id: Uuid| at == Some(id);
    match place {
        Place::City => true,
        Place::County(code) => places.county == Some(code),
        Place::Committee(id) => is(places.committee, id),
        Place::Sector(id) => is(places.sector, id),
        Place::Member(id) => is(places.member, id),
        Place::Department(id) => places.departments.contains(&id),
    }
}

/// The counties for which alone the actor works; none: they work elsewhere too, or nowhere. Who works
/// for a county reads of the counties' own organisations that county's.
pub fn confined_to(actor: &Actor) -> Option<Vec<i32>> {
    let mut counties = Vec::new();
    for grant in fitting(actor) {
        put(&mut counties, grant.place.code()?);
    }
    Some(counties).filter(|counties| !counties.is_empty())
}

/// Whether the actor reads what a county, or the city, has of its own in the catalogue.
pub fn reads_county(actor: &Actor, county: Option<i32>) -> bool {
    let own = |code| confined_to(actor).is_none_or(|own| own.contains(&code));
    county.is_none_or(own)
}

/// The role words that the actor holds over an object that stands at `places`.
pub fn roles_at(actor: &Actor, places: &Places) -> Vec<&'static str> {
    let mut roles = Vec::new();
    for grant in fitting(actor).filter(|grant| covers(grant.place, places)) {
        put(&mut roles, grant.role.as_str());
    }
    roles
}

/// 404 unless the object is there for the actor, 403 unless one of `roles` is held over it.
pub fn require(actor: &Actor, noun: Noun, places: &Places, roles: &[&str]) -> Result<()> {
    if !sees(actor, noun, places) {
        return Err(Error::not_found());
    }
    let held = roles_at(actor, places);
    if held.iter().any(|role| roles.contains(role)) { Ok(()) } else { Err(Error::forbidden()) }
}

/// 403 unless one of `roles` is held anywhere: for what belongs to no object.
pub fn any_role(actor: &Actor, roles: &[&str]) -> Result<()> {
    let held = fitting(actor).any(|grant| roles.contains(&grant.role.as_str()));
    if held { Ok(()) } else { Err(Error::forbidden()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Code;
    use crate::journal::CallerKind;

    const COUNTY: i32 = 230_403;
    const COMMITTEE: Uuid = Uuid::from_u128(1);
    const SECTOR: Uuid = Uuid::from_u128(2);
    const MEMBER: Uuid = Uuid::from_u128(3);
    const DEPARTMENT: Uuid = Uuid::from_u128(4);
    const OTHER: Uuid = Uuid::from_u128(9);

    fn actor(grants: &[(Role, Place)]) -> Actor {
        Actor {
            city: 230_400,
            id: Uuid::from_u128(5),
            kind: CallerKind::Account,
            session: Uuid::from_u128(6),
            member_id: None,
            person_id: None,
            name: "somebody@230400".into(),
            scopes: Vec::new(),
            grants: grants.iter().map(|&(role, place)| Grant { role, place }).collect(),
        }
    }

    fn here() -> Places {
        Places {
            county: Some(COUNTY),
            committee: Some(COMMITTEE),
            sector: Some(SECTOR),
            member: Some(MEMBER),
            departments: vec![DEPARTMENT, OTHER],
        }
    }

    fn natural_place(role: Role) -> Place {
        match role {
            Role::CommitteeStaff => Place::Committee(COMMITTEE),
            Role::CountyStaff => Place::County(COUNTY),
            Role::Convener => Place::Sector(SECTOR),
            Role::Member => Place::Member(MEMBER),
            Role::DeptReceiver | Role::DeptHandler | Role::DeptHead => {
                Place::Department(DEPARTMENT)
            }
            _ => Place::City,
        }
    }

    /// One letter a noun, in the order of [`Noun::ALL`]; a dot where it is not there.
    #[test]
    fn each_role_sees_its_own_nouns() {
        //          Catalogue Member Contact aDjustment Plan Visit Issue Reporter aSsignment
        //          scOre Event sTatistics accoUnt
        let letters = "CMNDPVIRSOETU";
        let table = [
            (Role::Admin, "CMND........U"),
            (Role::LiaisonCentre, "CMNDPVIRSOET."),
            (Role::ChairMember, "CMNDPVI.SOET."),
            (Role::CommitteeStaff, "CMNDPVI.SOET."),
            (Role::CountyStaff, "CMNDPVI.SOET."),
            (Role::Convener, "CMNDPVI.SOET."),
            (Role::Member, "CMNDPVIRSOET."),
            (Role::DeptReceiver, "C.....I.S.ET."),
            (Role::DeptHandler, "C.....I.S.ET."),
            (Role::DeptHead, "C.....I.S.ET."),
            (Role::Supervisor, "CMNDPVI.SOET."),
            (Role::Auditor, "CMNDPVI.SOETU"),
            (Role::Client, "CMNDPVI.SOET."),
            (Role::Scheduler, "CMNDPVIRSOETU"),
        ];
        assert_eq!(table.len(), Role::ALL.len());
        for (role, expected) in table {
            let somebody = actor(&[(role, natural_place(role))]);
            let seen: String = Noun::ALL
                .iter()
                .zip(letters.chars())
                .map(|(noun, letter)| if sees(&somebody, *noun, &here()) { letter } else { '.' })
                .collect();
            assert_eq!(seen, expected, "{}", role.as_str());
            // What a list shows and what a single read shows is the same.
            for noun in Noun::ALL {
                let listed = sight(&somebody, *noun) != Sight::default();
                assert_eq!(listed, sees(&somebody, *noun, &here()), "{} {noun:?}", role.as_str());
            }
        }
    }

    #[test]
    fn a_place_shows_what_stands_there_and_nothing_else() {
        let table = [
            (Role::CommitteeStaff, Place::Committee(OTHER)),
            (Role::CountyStaff, Place::County(230_404)),
            (Role::Convener, Place::Sector(OTHER)),
            (Role::Member, Place::Member(OTHER)),
            (Role::DeptHead, Place::Department(Uuid::from_u128(10))),
        ];
        for (role, place) in table {
            let stranger = actor(&[(role, place)]);
            assert!(!sees(&stranger, Noun::Issue, &here()), "{}", role.as_str());
            assert!(roles_at(&stranger, &here()).is_empty());
        }
        let second = actor(&[(Role::DeptHead, Place::Department(OTHER))]);
        assert!(sees(&second, Noun::Issue, &here()), "one of two departments");
        assert!(!sees(&actor(&[]), Noun::Issue, &here()));
        assert!(sees(&actor(&[]), Noun::Catalogue, &Places::default()));
        let member = actor(&[(Role::Member, Place::Member(MEMBER))]);
        assert!(!sees(&member, Noun::Issue, &Places::default()), "nobody's is not everybody's");
    }

    #[test]
    fn a_role_at_a_place_it_cannot_be_held_at_gives_nothing() {
        for role in [Role::Member, Role::Convener, Role::DeptHead, Role::CountyStaff] {
            let misfit = actor(&[(role, Place::City)]);
            assert!(!sees(&misfit, Noun::Issue, &here()));
            assert_eq!(sight(&misfit, Noun::Issue), Sight::default());
            assert!(roles_at(&misfit, &here()).is_empty());
            assert!(any_role(&misfit, &[role.as_str()]).is_err());
        }
    }

    #[test]
    fn unseen_is_404_and_seen_without_the_role_is_403() {
        let code = |result: Result<()>| result.unwrap_err().code;
        let liaison = ["liaison_centre"];
        let member = actor(&[(Role::Member, Place::Member(MEMBER))]);
        let stranger = actor(&[(Role::Member, Place::Member(OTHER))]);
        let centre = actor(&[(Role::LiaisonCentre, Place::City)]);
        assert_eq!(code(require(&stranger, Noun::Issue, &here(), &liaison)), Code::NotFound);
        assert_eq!(code(require(&member, Noun::Issue, &here(), &liaison)), Code::Forbidden);
        assert!(require(&centre, Noun::Issue, &here(), &liaison).is_ok());
        // The role counts where it is held: a member elsewhere is only a reader here.
        let both =
            actor(&[(Role::Convener, Place::Sector(SECTOR)), (Role::Member, Place::Member(OTHER))]);
        assert_eq!(code(require(&both, Noun::Visit, &here(), &["member"])), Code::Forbidden);
        assert!(require(&both, Noun::Visit, &here(), &["convener"]).is_ok());
        assert_eq!(roles_at(&both, &here()), ["convener"]);
        assert_eq!(code(any_role(&member, &liaison)), Code::Forbidden);
        assert!(any_role(&centre, &liaison).is_ok());
    }

    #[test]
    fn who_works_for_counties_alone_reads_no_other_county() {
        let staff = actor(&[(Role::CountyStaff, Place::County(COUNTY))]);
        assert!(reads_county(&staff, None) && reads_county(&staff, Some(COUNTY)));
        assert!(!reads_county(&staff, Some(230_404)));
        let both = actor(&[
            (Role::CountyStaff, Place::County(COUNTY)),
            (Role::Member, Place::Member(MEMBER)),
        ]);
        for wider in [both, actor(&[(Role::LiaisonCentre, Place::City)]), actor(&[])] {
            assert!(reads_county(&wider, Some(230_404)));
        }
    }

    #[test]
    fn sight_joins_all_places_once() {
        let head = actor(&[
            (Role::DeptHead, Place::Department(DEPARTMENT)),
            (Role::DeptHandler, Place::Department(DEPARTMENT)),
            (Role::Member, Place::Member(MEMBER)),
            (Role::CountyStaff, Place::County(COUNTY)),
        ]);
        let sight = sight(&head, Noun::Issue);
        assert!(!sight.city);
        assert_eq!(sight.departments, [DEPARTMENT]);
        assert_eq!((sight.members, sight.counties), (vec![MEMBER], vec![COUNTY]));
    }
}
