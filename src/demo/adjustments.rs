//! The changes that the report counts: three committees adjusted the contacts of 90 members and the
//! sectors of 28. In the last days of the story, when every visit has been paid.

use chrono::{DateTime, NaiveDate, Utc};

use super::calendar::{Calendar, Tick};
use super::chain::Chain;
use super::data::{Committee, Sector};

/// What one committee adjusted.
#[derive(Debug, Clone)]
pub struct Adjustment {
    /// Position among the committees.
    pub committee: usize,
    /// A sector of it, whose staff report and check.
    pub sector: usize,
    /// The day on which it takes effect.
    pub from: NaiveDate,
    pub reported_at: DateTime<Utc>,
    pub checked_at: DateTime<Utc>,
    pub approved_at: DateTime<Utc>,
    pub changes: Vec<Change>,
}

/// What changes for a member. Numbers are positions in the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Change {
    pub member: usize,
    pub to_sector: Option<usize>,
    pub end: usize,
    pub link: usize,
}

/// Committees that adjusted, by their position; the first one, of the accounts, did not.
const COMMITTEES: [usize; 3] = [1, 2, 3];
/// Members a sector whose contacts changed.
const MEMBERS: usize = 15;
/// Of each committee so many moved to its other sector.
const MOVED: [usize; 3] = [10, 9, 9];

/// Reported a working week before the story's last day, in effect two days before it.
pub fn tell(
    calendar: &Calendar,
    chain: &Chain,
    (committees, sectors): (&[Committee], &[Sector]),
    last: NaiveDate,
) -> Vec<Adjustment> {
    let last = calendar.start_of(last);
    let at = |tick: Tick| calendar.instant(tick);
    let told = COMMITTEES.iter().zip(MOVED).filter_map(|(committee, moved)| {
        let code = &committees.get(*committee)?.code;
        let own = sectors.iter().enumerate().filter(|(_, sector)| sector.committee == *code);
        let own: Vec<usize> = own.map(|(index, _)| index).collect();
        let minute = i64::try_from(*committee).unwrap_or(0) * 15;
        Some(Adjustment {
            committee: *committee,
            sector: *own.first()?,
            from: calendar.date(last.on_day(-2, 0)),
            reported_at: at(last.on_day(-5, minute)),
            checked_at: at(last.on_day(-4, minute)),
            approved_at: at(last.on_day(-3, minute)),
            changes: changes(chain, &own, moved),
        })
    });
    told.collect()
}

/// Each takes over the first contact of the next, so that no contact has fewer members than before;
/// the first so many move. Conveners stay.
fn changes(chain: &Chain, sectors: &[usize], moved: usize) -> Vec<Change> {
    let of = |sector: &usize| {
        let all = chain.members.iter().enumerate();
        let here =
            all.filter(|(index, one)| one.sector == *sector && !chain.conveners.contains(index));
        here.map(|(index, _)| index).take(MEMBERS).collect::<Vec<_>>()
    };
    let ring: Vec<usize> = sectors.iter().flat_map(of).collect();
    let first = |member: usize| chain.members[member].contacts.first().copied();
    let changed = ring.iter().enumerate().filter_map(|(place, member)| {
        let next = ring[(place + 1) % ring.len()];
        let other = sectors.iter().copied().find(|sector| *sector != chain.members[*member].sector);
        let to_sector = other.filter(|_| place < moved);
        Some(Change { member: *member, to_sector, end: first(*member)?, link: first(next)? })
    });
    changed.collect()
}
