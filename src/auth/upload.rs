//! A file as the body of a request.

use actix_web::dev::Payload;
use actix_web::web::Bytes;
use actix_web::{FromRequest, HttpRequest, web};
use serde::de::DeserializeOwned;
use utoipa::IntoParams;

use super::Actor;
use super::extract::{Extracting, auth, idempotency, who};
use crate::journal::{Call, IfMatch};
use crate::web::{Problem, accept, body, headers, query};

/// CSV, as its media type says.
pub const CSV: &str = "text/csv";
/// A workbook (ECMA-376), as its media type says.
pub const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Bytes of a file.
const MAX_FILE: usize = 10 * 1024 * 1024;

/// A write whose body is a table in CSV or XLSX.
pub struct Upload<Q> {
    /// Who writes.
    pub actor: Actor,
    /// The frame of the write.
    pub call: Call,
    /// Checked query parameters.
    pub query: Q,
    /// Whether the file is a workbook.
    pub workbook: bool,
    /// The file.
    pub file: Bytes,
}

impl<Q: IntoParams + DeserializeOwned + 'static> FromRequest for Upload<Q> {
    type Error = Problem;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let payload = web::Payload::from_request(&request, payload);
        Box::pin(async move {
            let auth = auth(&request)?;
            let (actor, _, now) = who(&request, &auth).await?;
            actor.needs("write")?;
            accept::json(&request)?;
            let mut payload = payload.await.map_err(crate::error::Error::internal)?;
            let kinds = [CSV, XLSX];
            let (kind, file) = body::collect_file(&request, &mut payload, &kinds, MAX_FILE).await?;
            let query = query::read::<Q>(&request)?;
            let key = idempotency(&request, &file)?;
            let id = headers::request_id(&request);
            let call = actor.call(id, key, IfMatch::None, now, auth.journal.ids.clone());
            Ok(Self { actor, call, query, workbook: kind == 1, file })
        })
    }
}
