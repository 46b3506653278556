//! What a list answers: a page in JSON, or all of it, streamed.

use std::pin::Pin;

use actix_web::body::BoxBody;
use actix_web::http::header;
use actix_web::web::Bytes;
use actix_web::{HttpRequest, HttpResponse, Responder};
use futures_util::{Stream, StreamExt, stream};

use super::Answer;
use super::headers::request_id;
use crate::error::{Error, Result};
use crate::page::Form;

type Parts = Pin<Box<dyn Stream<Item = Result<Vec<u8>>>>>;

/// The answer to a read of a list.
pub enum ListAnswer {
    /// A page.
    Page(Answer),
    /// The whole list.
    Whole {
        /// CSV or NDJSON.
        form: Form,
        /// The first part, read before anything is answered, so that what fails at once is a problem
        /// document.
        first: Vec<u8>,
        /// The parts after it, each read when the one before has been sent.
        rest: Parts,
    },
}

impl Responder for ListAnswer {
    type Body = BoxBody;

    /// A part that fails ends the connection without the final chunk: nobody takes half a list for
    /// all of it.
    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let (form, first, rest) = match self {
            Self::Page(answer) => return answer.respond_to(request),
            Self::Whole { form, first, rest } => (form, first, rest),
        };
        let id = request_id(request);
        let parts = stream::once(async { Ok(first) }).chain(rest).map(move |part| {
            let cut = |error: &Error| log::error!("{id} a list is cut short: {error}");
            part.map(Bytes::from).inspect_err(cut)
        });
        HttpResponse::Ok()
            .content_type(form.media_type())
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .streaming(parts)
    }
}
