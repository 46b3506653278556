//! Which committee guides which sector.

use chrono::NaiveDate;
use futures_util::future::LocalBoxFuture;
use serde_json::json;
use uuid::Uuid;

use super::links::why;
use super::{against, organizations, refused, today};
use crate::chain::kinds::{LinkKind, OrgKind};
use crate::chain::rules::organizations::{Refusal, over};
use crate::chain::rules::{self, Opening};
use crate::chain::store::{self, Org, Relation};
use crate::error::{Code, Error, Fault, Result};
use crate::journal::{Places, Timer, TimerHandler, Tx, timers};
use crate::workdays::day_starts_at;

/// The kind of timer by which a guidance that was dated ahead begins or ends.
pub const GUIDANCE_TIMER: &str = "sector.guidance";

const GUIDANCE: Relation = Relation::of_kind(LinkKind::Guidance);

/// `committee` guides the sector from `from`, while both are there; who did before, does no longer.
/// A second change on one day, or one before a later change, is an overlap. Returns the sector's new
/// version.
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
    let until = rules::joined(&[sector.term(), guide.term()], from, None).map_err(why)?;
    let present = store::link_on(tx.conn, city, GUIDANCE, sector.id, from).await?;
    if let Some(present) = &present {
        if present.other_id == committee {
            let (zh, en) = ("该专委会已联系指导该界别", "that committee guides the sector already");
            return Err(Error::fault("/committee_id", zh, en));
        }
        if present.from_on == from {
            let (zh, en) =
                ("该界别当日已由另一专委会联系指导", "another began to guide it that day");
            return Err(Error::say(Code::Overlap, zh, en));
        }
        let one = (sector.id, Some(present.id));
        store::close_links(tx.conn, city, GUIDANCE, one, Some(from), tx.call.now)
            .await
            .map_err(refused)?;
    }
    let id = tx.call.id();
    let new = Opening::new(id, committee, (from, until));
    store::open_link(tx.conn, city, GUIDANCE, sector.id, new).await.map_err(refused)?;
    follow(tx, sector.id, [Some(from), until]).await?;
    let committee_now = store::committee_of(tx.conn, city, sector.id, today(tx)).await?;
    let places = Places { committee: committee_now, ..sector.places() };
    let after = json!({ "link_id": id, "committee_id": committee, "from": from, "until": until });
    organizations::touch(tx, sector.id, "sector.guided", places, after).await
}

/// The sector's members come under who guides it, today and on the days to come.
pub(super) async fn follow(
    tx: &mut Tx<'_>,
    sector: Uuid,
    days: [Option<NaiveDate>; 2],
) -> Result<()> {
    let today = today(tx);
    for day in days.into_iter().flatten().filter(|day| *day > today) {
        timers::schedule(tx, GUIDANCE_TIMER, sector, 0, day_starts_at(day)).await?;
    }
    place(tx, sector).await
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
