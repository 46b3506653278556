//! The feed of events.

use actix_web::get;
use actix_web::web::Data;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::auth::{Noun, Read, policy};
use crate::error::{Code, Error, Fault};
use crate::journal::EventView;
use crate::journal::{Journal, feed};
use crate::page::DEFAULT_LIMIT;
use crate::web::{Answer, Problem};

/// From where, and how far.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub struct EventsQuery {
    /// The `next` of the answer before; 0, the beginning, unless told.
    #[param(minimum = 0, maximum = 9_007_199_254_740_991_i64, example = 0)]
    pub after: Option<i64>,
    /// Positions to walk, 20 unless told; more than 200 is refused.
    #[param(minimum = 1, maximum = 200, example = 20)]
    pub limit: Option<u32>,
}

/// A stretch of the feed.
#[derive(Debug, Serialize, ToSchema)]
pub struct EventFeed {
    /// Events of the stretch that you see, in order; may be empty though more follows.
    #[schema(max_items = 200)]
    pub data: Vec<EventView>,
    /// The position to go on from: everything up to it has been seen.
    #[schema(minimum = 0, example = 1158)]
    pub next: i64,
    /// The newest position when this was read; the feed has been walked when `next` reaches it.
    #[schema(minimum = 0, example = 1158)]
    pub as_of_position: i64,
}

/// Walk the feed of events
///
/// Everything that happened, in order, from a position on. Positions are dense, so who goes on from
/// `next` never misses an event, whoever writes meanwhile. You get the events of the places you see;
/// `next` advances even when none of them is yours.
#[utoipa::path(tag = "events", params(EventsQuery), responses((status = 200, description = "A stretch of the feed", body = EventFeed)))]
#[get("")]
pub async fn list_events(
    journal: Data<Journal>,
    request: Read<EventsQuery>,
) -> Result<Answer, Problem> {
    let Read { actor, query, .. } = request;
    let (after, limit) = (query.after.unwrap_or(0), query.limit.unwrap_or(DEFAULT_LIMIT));
    let sight = policy::sight(&actor, Noun::Event);
    let conn = journal.db.read().await?;
    let (events, next) = feed::after(&conn, actor.city, &sight, after, limit).await?;
    // Read after the events, so that `next` is never beyond it.
    let as_of_position = feed::head(&conn, actor.city).await?;
    if after > as_of_position {
        // Somebody who read from another database, or one that was put back to an earlier day.
        let zh = format!("晚于事件流的末尾 {as_of_position}");
        let en = format!("beyond the end of the feed, which is {as_of_position}");
        return Err(
            Error::because(Code::BadCursor, Fault::new("?after", "out_of_range", zh, en)).into()
        );
    }
    let view = |event: feed::Event| {
        let reads = policy::reads_event_of(&actor, &event.object_kind);
        if reads { EventView::from(event) } else { EventView::from(event).without_data() }
    };
    let data = events.into_iter().map(view).collect();
    Ok(Answer::plain(&EventFeed { data, next, as_of_position })?)
}
