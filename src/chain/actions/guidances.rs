//! Which committee guides which sector.

use chrono::NaiveDate;
use futures_util::future::LocalBoxFuture;
use serde_json::json;
use uuid::Uuid;

use super::links::{self, why};
use super::{against, organizations, today};
use crate::chain::kinds::{LinkKind, OrgKind};
use crate::chain::rules::organizations::{Refusal, over};
use crate::chain::rules::{self, Dated};
use crate::chain::store::{self, LinkRow, Org, Relation};
use crate::error::{Code, Error, Fault, Result};
use crate::journal::{Places, Timer, TimerHandler, Tx, timers};
use crate::workdays::day_starts_at;

/// The kind of timer by which a guidance that was dated ahead begins or ends.
pub const GUIDANCE_TIMER: &str = "sector.guidance";

const GUIDANCE: Relation = Relation::of_kind(LinkKind::Guidance);

/// `committee` guides the sector from `from`: who guides it that day does so no longer, and the
/// committee has the rest of the days, while both are there. A second change on one day is an overlap.
/// Returns the sector's new version.
pub async fn guide_sector(
    tx: &mut Tx<'_>,
    sector: &Org,
    committee: Uuid,
    from: NaiveDate,
) -> Result<i64> {
    let city = tx.call.city;
    let found = store::hold_organization(tx.conn, city, committee).await?;
    let guide = found.filter(|row| row.kind == OrgKind::Committee.as_str());
    let Some(guide) = guide else {
        let fault = Fault::reference("/committee_id", "专委会", "committee");
        return Err(Error::invalid(vec![fault]));
    };
    if !over(guide.county_code, sector.county_code) {
        return Err(against(Refusal::GuideOfOtherCounty));
    }
    let both = rules::joined(&[sector.term(), guide.term()], from, None).map_err(why)?;
    let line = links::line(tx, GUIDANCE, sector.id).await?;
    let id = tx.call.id();
    let steps = rules::switch(&line, (id, committee), from, both).map_err(unfit)?;
    links::write(tx, GUIDANCE, sector.id, steps).await?;
    let line = follow(tx, sector.id).await?;
    let until = line.iter().find(|link| link.id == id).and_then(|link| link.until);
    let committee_now = store::committee_of(tx.conn, city, sector.id, today(tx)).await?;
    let places = Places { committee: committee_now, ..sector.places() };
    let after = json!({ "link_id": id, "committee_id": committee, "from": from, "until": until });
    organizations::touch(tx, sector.id, "sector.guided", places, after).await
}

/// Why a committee does not guide a sector from a day, in the client's words.
fn unfit(refusal: rules::Refusal) -> Error {
    match refusal {
        rules::Refusal::SameSector => {
            let (zh, en) = ("该专委会已联系指导该界别", "that committee guides the sector already");
            Error::fault("/committee_id", zh, en)
        }
        rules::Refusal::SameDay => {
            let (zh, en) =
                ("该界别当日已由另一专委会联系指导", "another began to guide it that day");
            Error::say(Code::Overlap, zh, en)
        }
        other => why(other),
    }
}

/// Voids a guidance that was a mistake; the one that it ended goes on, for as long as that committee
/// is there. Returns it as it is then.
pub(super) async fn void(tx: &mut Tx<'_>, sector: Uuid, mut link: LinkRow) -> Result<LinkRow> {
    let line = links::line(tx, GUIDANCE, sector).await?;
    let over = match rules::revived(&line, link.id) {
        Some(back) => {
            let guide = store::hold_organization(tx.conn, tx.call.city, back.other).await?;
            // One that is there no longer goes on for no day.
            guide.map_or(Some(link.from_on), |guide| guide.until_on)
        }
        None => None,
    };
    let steps = rules::void(&line, link.id, over).map_err(why)?;
    links::write(tx, GUIDANCE, sector, steps).await?;
    link.voided_at = Some(tx.call.now);
    Ok(link)
}

/// The sector's members come under who guides it, today and on the days to come; the sector's
/// guidances as they stand.
pub(super) async fn follow(tx: &mut Tx<'_>, sector: Uuid) -> Result<Vec<Dated>> {
    let today = today(tx);
    let line = links::line(tx, GUIDANCE, sector).await?;
    for day in links::turns(&line).filter(|day| *day > today) {
        timers::schedule(tx, GUIDANCE_TIMER, sector, 0, day_starts_at(day)).await?;
    }
    place(tx, sector).await?;
    Ok(line)
}

/// The sector's members stand where it is guided today. It is held first, so that nobody changes
/// meanwhile who guides it.
async fn place(tx: &Tx<'_>, sector: Uuid) -> Result<()> {
    let (city, today) = (tx.call.city, today(tx));
    store::hold_organization(tx.conn, city, sector).await?;
    let committee = store::committee_of(tx.conn, city, sector, today).await?;
    let members = store::lock_members_of_sector(tx.conn, city, sector, today).await?;
    store::place_members(tx.conn, city, members, committee).await
}

/// Places the members of a sector on a day on which who guides it changes.
pub struct GuidanceTimer;

impl TimerHandler for GuidanceTimer {
    fn fire<'a>(&'a self, tx: &'a mut Tx<'_>, timer: &'a Timer) -> LocalBoxFuture<'a, Result<()>> {
        Box::pin(async move { place(tx, timer.object_id).await })
    }
}
