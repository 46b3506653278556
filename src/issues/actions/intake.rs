//! How an issue comes in: written down by somebody with an account, or sent by the public.

use aws_lc_rs::digest;
use serde_json::json;
use uuid::Uuid;

use super::screening::year_of;
use super::{Opened, open, roles_in};
use crate::auth::{Actor, Noun, ServerSecret, policy};
use crate::catalogue::{self, county_of};
use crate::chain;
use crate::error::{Code, Error, Fault, Result, check};
use crate::issues::bodies::{CreateIssueBody, PublicIntakeBody, ReporterBody, UpdateIssueBody};
use crate::issues::rules::{self, Action, Channel, State, Urgency};
use crate::issues::store::{issues, reporters};
use crate::journal::{Places, Tx};
use crate::records;
use crate::workdays::local_date;

/// The category is one of the city's own.
pub(super) async fn check_category(
    tx: &mut Tx<'_>,
    category: &str,
    faults: &mut Vec<Fault>,
) -> Result<()> {
    let found = catalogue::city_code(tx.conn, tx.call.city, "issue_category", category);
    if found.await?.is_none() {
        faults.push(Fault::reference("/category", "事项类别", "category of issues"));
    }
    Ok(())
}

/// Sets division and county; the division lies in this city.
pub(super) async fn locate(
    tx: &mut Tx<'_>,
    row: &mut issues::Row,
    code: &str,
    faults: &mut Vec<Fault>,
) -> Result<()> {
    let code: i64 = code.parse().unwrap_or_default();
    if catalogue::division_in(tx.conn, tx.call.city, code).await?.is_none() {
        faults.push(Fault::reference("/division_code", "本市区划", "division of this city"));
        return Ok(());
    }
    row.division_code = code;
    // The city's own code says nothing of a county; then the member's county stands.
    let county = county_of(code);
    row.county_code = match row.member_id {
        _ if county != tx.call.city => Some(county),
        Some(member) => {
            let places = chain::places_of_member(tx.conn, tx.call.city, member).await?;
            places.and_then(|places| places.county)
        }
        None => None,
    };
    Ok(())
}

/// Sets sector and committee, by the chain of today.
pub(super) async fn place_in_sector(
    tx: &mut Tx<'_>,
    row: &mut issues::Row,
    sector: Uuid,
    faults: &mut Vec<Fault>,
) -> Result<()> {
    if row.sector_id == Some(sector) {
        return Ok(());
    }
    let today = local_date(tx.call.now);
    let committee = chain::committee_of(tx.conn, tx.call.city, sector, today).await?;
    if committee.is_none() {
        faults.push(Fault::reference("/sector_id", "界别", "sector"));
    } else if belongs_elsewhere(tx, row, sector).await? {
        let (zh, en) = ("委员的事项属于该委员的界别", "a member's issue is one of their sector's");
        faults.push(Fault::new("/sector_id", "not_meaningful", zh, en));
    }
    row.sector_id = Some(sector);
    row.committee_id = committee;
    Ok(())
}

/// Whether the issue is a member's who is in another sector today.
async fn belongs_elsewhere(tx: &Tx<'_>, row: &issues::Row, sector: Uuid) -> Result<bool> {
    let Some(member) = row.member_id else { return Ok(false) };
    let places = chain::places_of_member(tx.conn, tx.call.city, member).await?;
    Ok(places.is_some_and(|places| places.sector != Some(sector)))
}

/// Whoever moves an issue to another sector still has a say there: they cannot give it away.
pub(super) fn still_theirs(
    actor: &Actor,
    row: &issues::Row,
    action: Action,
    at: &'static str,
) -> Result<()> {
    let places = row.places(Vec::new());
    let roles = roles_in(actor, row, &places);
    let holds = roles.iter().any(|role| rules::may(action, role));
    if holds && policy::sees(actor, Noun::Issue, &places) { Ok(()) } else { Err(elsewhere(at)) }
}

/// The field by which an issue comes to stand elsewhere: its sector, else the county of its division.
pub(super) const fn moved_by(sector: Option<Uuid>) -> &'static str {
    if sector.is_some() { "/sector_id" } else { "/division_code" }
}

fn elsewhere(at: &'static str) -> Error {
    let (zh, en) = ("您在此处没有职责", "you have no part there");
    Error::because(Code::Forbidden, Fault::new(at, "not_meaningful", zh, en))
}

/// Where a new issue stands: with the visit it comes from, else with the member, else with the
/// sector. A member's own need not be named.
async fn places_for(
    tx: &mut Tx<'_>,
    actor: &Actor,
    body: &mut CreateIssueBody,
    faults: &mut Vec<Fault>,
) -> Result<Places> {
    let city = tx.call.city;
    if let Some(visit) = body.source_visit_id {
        let source = records::visit_source(tx.conn, city, visit).await?;
        let seen = source.filter(|found| policy::sees(actor, Noun::Visit, &found.places));
        let Some(source) = seen else {
            faults.push(Fault::reference("/source_visit_id", "联系记录", "visit"));
            return Ok(Places::default());
        };
        if body.member_id.is_some_and(|member| member != source.member_id) {
            let (zh, en) = ("与联系记录的委员不一致", "not the member of the visit");
            faults.push(Fault::new("/member_id", "not_meaningful", zh, en));
        }
        body.member_id = Some(source.member_id);
        if body.reporter.contact_id.is_none() {
            body.reporter.contact_id = source.contact_id;
        }
        return Ok(Places { departments: Vec::new(), ..source.places });
    }
    let own = if body.sector_id.is_none() { actor.member_id } else { None };
    let Some(member) = body.member_id.or(own) else { return Ok(Places::default()) };
    body.member_id = Some(member);
    let row = chain::member(tx.conn, city, member).await?;
    let Some(row) = row.filter(|row| policy::sees(actor, Noun::Member, &row.places())) else {
        faults.push(Fault::reference("/member_id", "委员", "member"));
        return Ok(Places::default());
    };
    let today = local_date(tx.call.now);
    faults.extend(chain::absent(row.term(), (today, today), "/member_id"));
    Ok(row.places())
}

/// The contact that the reporter is, is one the actor sees.
async fn check_contact(
    tx: &mut Tx<'_>,
    actor: &Actor,
    contact: Option<Uuid>,
    faults: &mut Vec<Fault>,
) -> Result<()> {
    let Some(id) = contact else { return Ok(()) };
    let (city, today) = (tx.call.city, local_date(tx.call.now));
    let seen = match chain::contact(tx.conn, city, id).await? {
        Some(contact) => chain::places_of_contact(tx.conn, city, &contact, today).await?,
        None => Vec::new(),
    };
    if !seen.iter().any(|places| policy::sees(actor, Noun::Contact, places)) {
        faults.push(Fault::reference("/reporter/contact_id", "群众联系人", "contact"));
    }
    Ok(())
}

fn reporter_row(tx: &Tx<'_>, said: ReporterBody) -> reporters::Row {
    reporters::Row {
        city_code: tx.call.city,
        id: tx.call.id(),
        name: said.name,
        phone: said.phone,
        address: said.address,
        contact_id: said.contact_id,
        created_at: tx.call.now,
        erased_at: None,
    }
}

/// I1: a draft of the recorder's.
pub async fn create(
    tx: &mut Tx<'_>,
    actor: &Actor,
    mut body: CreateIssueBody,
) -> Result<issues::Row> {
    let creators = rules::TRANSITIONS.iter().find(|row| row.action == Action::Create);
    let creators = creators.map_or(&[][..], |row| row.who);
    policy::any_role(actor, creators)?;
    let mut faults = Vec::new();
    let places = places_for(tx, actor, &mut body, &mut faults).await?;
    check_category(tx, &body.category, &mut faults).await?;
    check_contact(tx, actor, body.reporter.contact_id, &mut faults).await?;
    let reporter = reporter_row(tx, body.reporter);
    let mut row = blank(tx, body.id.unwrap_or_else(|| tx.call.id()), reporter.id);
    (row.title, row.body, row.category, row.place) =
        (body.title, body.body, body.category, body.place);
    row.urgency = body.urgency.as_str().to_owned();
    row.channel = body.channel.as_str().to_owned();
    row.recorder_id = Some(actor.id);
    row.member_id = body.member_id;
    (row.sector_id, row.committee_id, row.county_code) =
        (places.sector, places.committee, places.county);
    locate(tx, &mut row, &body.division_code, &mut faults).await?;
    if let Some(sector) = body.sector_id {
        place_in_sector(tx, &mut row, sector, &mut faults).await?;
    }
    let places = row.places(Vec::new());
    let roles = policy::roles_at(actor, &places);
    if faults.is_empty() && !rules::may_come_by(body.channel, &roles) {
        let (zh, en) = ("此渠道由系统或联络中心登记", "only the centre enters what comes this way");
        faults.push(Fault::new("/channel", "not_meaningful", zh, en));
    }
    check(faults)?;
    if !roles.iter().any(|role| creators.contains(role)) {
        return Err(if row.sector_id.is_none() {
            let (zh, en) = ("须写明委员或界别", "say which member or which sector");
            Error::fault("/sector_id", zh, en)
        } else {
            elsewhere("/sector_id")
        });
    }
    reporters::insert(tx.conn, &reporter).await?;
    issues::insert(tx.conn, &row).await?;
    let mut visits = Vec::new();
    if let Some(visit) = body.source_visit_id {
        issues::add_visit(tx.conn, tx.call.city, row.id, visit).await?;
        visits.push(visit);
    }
    let behalf = row.member_id.filter(|member| Some(*member) != actor.member_id);
    let opened = Opened { before: json!(null), places, visits, behalf, roles: Vec::new(), row };
    opened.journal(tx, "issue.created", json!({}), false).await?;
    Ok(opened.row)
}

fn blank(tx: &Tx<'_>, id: Uuid, reporter_id: Uuid) -> issues::Row {
    issues::Row {
        city_code: tx.call.city,
        id,
        version: 1,
        state: State::Draft.as_str().to_owned(),
        title: String::new(),
        body: String::new(),
        category: String::new(),
        urgency: Urgency::SuggestionComplaint.as_str().to_owned(),
        channel: Channel::Public.as_str().to_owned(),
        reporter_id,
        recorder_id: None,
        member_id: None,
        sector_id: None,
        committee_id: None,
        county_code: None,
        division_code: i64::from(tx.call.city),
        place: None,
        intake_year: None,
        ledger_year: None,
        ledger_number: None,
        round: 1,
        result_class: None,
        due_on: None,
        due_at: None,
        provisional: false,
        reason_code: None,
        reason_note: None,
        follow_up_on: None,
        dispatched_at: None,
        closed_at: None,
        created_at: tx.call.now,
        updated_at: tx.call.now,
    }
}

/// The recorder mends a draft. What is submitted stands as it was said.
pub async fn update(
    tx: &mut Tx<'_>,
    actor: &Actor,
    id: Uuid,
    body: UpdateIssueBody,
) -> Result<issues::Row> {
    // Who may submit a draft may change it, and no other state has drafts.
    let mut opened = open(tx, actor, id, Action::Submit).await?;
    let mut faults = Vec::new();
    if let Some(category) = &body.category {
        check_category(tx, category, &mut faults).await?;
        opened.row.category.clone_from(category);
    }
    if let Some(code) = &body.division_code {
        locate(tx, &mut opened.row, code, &mut faults).await?;
    }
    if let Some(sector) = body.sector_id {
        place_in_sector(tx, &mut opened.row, sector, &mut faults).await?;
    }
    check(faults)?;
    still_theirs(actor, &opened.row, Action::Submit, moved_by(body.sector_id))?;
    opened.row.title = body.title.unwrap_or(opened.row.title);
    opened.row.body = body.body.unwrap_or(opened.row.body);
    opened.row.urgency =
        body.urgency.map_or(opened.row.urgency, |urgency| urgency.as_str().to_owned());
    opened.row.place = body.place.apply(opened.row.place);
    opened.places = opened.row.places(Vec::new());
    let mut more = json!({});
    if let Some(said) = body.reporter {
        let reporter = reporters::find(tx.conn, tx.call.city, opened.row.reporter_id).await?;
        let mut reporter = reporter.ok_or_else(Error::not_found)?;
        (reporter.name, reporter.phone) =
            (said.name.apply(reporter.name), said.phone.apply(reporter.phone));
        reporter.address = said.address.apply(reporter.address);
        reporters::save(tx.conn, &reporter).await?;
        more = json!({ "reporter": "changed" });
    }
    opened.finish(tx, "issue.updated", more).await?;
    Ok(opened.row)
}

/// I3: to the centre for screening.
pub async fn submit(tx: &mut Tx<'_>, actor: &Actor, id: Uuid) -> Result<issues::Row> {
    let mut opened = open(tx, actor, id, Action::Submit).await?;
    // What comes from outside the chain gets its sector at acceptance, if at all.
    let of_the_chain = matches!(
        Channel::parse(&opened.row.channel),
        Some(Channel::Visit | Channel::Salon | Channel::Station)
    );
    if of_the_chain && opened.row.sector_id.is_none() {
        let (zh, en) = ("提交前须确定界别", "the sector must be known before it is submitted");
        return Err(Error::fault("/sector_id", zh, en));
    }
    opened.go(Action::Submit)?;
    opened.note_intake(tx);
    opened.start(tx, "screening").await?;
    let cause = opened.finish(tx, "issue.submitted", json!({})).await?;
    opened.tell_centre(tx, "issue_submitted", cause).await?;
    Ok(opened.row)
}

/// Letters of a tracking code: digits and capitals without I, L, O, U.
const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// The code by which a reporter without an account follows issue `id`: 100 bits in four groups of
/// five. Derived, so that it is nowhere kept and a retry gives it again.
pub fn tracking_code(secret: &ServerSecret, city: i32, id: Uuid) -> String {
    let mac = secret.hmac(&[b"tracking code", &city.to_be_bytes(), id.as_bytes()]);
    let letters = mac.iter().take(20).map(|byte| char::from(LETTERS[usize::from(byte & 31)]));
    let letters: Vec<char> = letters.collect();
    let groups: Vec<String> = letters.chunks(5).map(|group| group.iter().collect()).collect();
    groups.join("-")
}

/// SHA-256 of a code as somebody may type it: any case, with or without hyphens.
fn tracking_hash(code: &str) -> Vec<u8> {
    let typed = code.chars().filter(|letter| !matches!(letter, '-' | ' '));
    let plain: String = typed.map(|letter| letter.to_ascii_uppercase()).collect();
    digest::digest(&digest::SHA256, plain.as_bytes()).as_ref().to_vec()
}

/// The issue that a tracking code names, 404 for any other text.
pub async fn tracked(conn: crate::db::Conn<'_>, city: i32, code: &str) -> Result<Uuid> {
    issues::tracked(conn, city, &tracking_hash(code)).await?.ok_or_else(Error::not_found)
}

/// I2: from the public, or by a machine for somebody. Follow it by [`tracking_code`], which is nowhere
/// kept.
pub async fn intake(
    tx: &mut Tx<'_>,
    secret: &ServerSecret,
    body: PublicIntakeBody,
) -> Result<issues::Row> {
    let city = tx.call.city;
    let id = tx.call.id();
    let reporter = reporter_row(tx, body.reporter.unwrap_or_default().into());
    let mut row = blank(tx, id, reporter.id);
    let mut faults = Vec::new();
    check_category(tx, &body.category, &mut faults).await?;
    locate(tx, &mut row, &body.division_code, &mut faults).await?;
    check(faults)?;
    (row.title, row.body, row.category, row.place) =
        (body.title, body.body, body.category, body.place);
    row.urgency = body.urgency.unwrap_or(Urgency::SuggestionComplaint).as_str().to_owned();
    row.state = State::Submitted.as_str().to_owned();
    row.intake_year = Some(year_of(tx));
    reporters::insert(tx.conn, &reporter).await?;
    issues::insert(tx.conn, &row).await?;
    let code = tracking_code(secret, city, id);
    issues::add_tracking(tx.conn, city, id, &tracking_hash(&code)).await?;
    let opened = Opened {
        places: row.places(Vec::new()),
        before: json!(null),
        visits: Vec::new(),
        behalf: None,
        roles: Vec::new(),
        row,
    };
    opened.start(tx, "screening").await?;
    let cause = opened.journal(tx, "issue.taken_in", json!({}), false).await?;
    opened.tell_centre(tx, "issue_submitted", cause).await?;
    Ok(opened.row)
}
