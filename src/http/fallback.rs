//! What no route answers: 405 with a true `Allow` where the path exists, else 404.

use actix_web::error::InternalError;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::Value;

use crate::error::{Code, Error};
use crate::web::Problem;

/// Paths and their methods, from the OpenAPI document.
pub struct Paths(Vec<(Vec<String>, String)>);

impl Paths {
    /// Reads them once.
    pub fn new(doc: &Value) -> Self {
        let paths = doc["paths"].as_object().into_iter().flatten().map(|(path, item)| {
            let mut methods: Vec<String> =
                item.as_object().into_iter().flatten().map(|(m, _)| m.to_uppercase()).collect();
            if methods.iter().any(|m| m == "GET") {
                methods.push("HEAD".into());
            }
            (path.split('/').map(str::to_owned).collect(), methods.join(", "))
        });
        Self(paths.collect())
    }

    /// The methods of a path; one written out wins over one with an id in its place.
    fn methods(&self, path: &str) -> Option<&str> {
        let parts: Vec<&str> = path.split('/').collect();
        let fits = self.0.iter().filter(|(pattern, _)| {
            pattern.len() == parts.len()
                && pattern
                    .iter()
                    .zip(&parts)
                    .all(|(p, part)| p == part || (p.starts_with('{') && !part.is_empty()))
        });
        fits.min_by_key(|(pattern, _)| pattern.iter().filter(|p| p.starts_with('{')).count())
            .map(|(_, methods)| methods.as_str())
    }
}

/// The default service.
pub async fn fallback(request: HttpRequest, paths: Data<Paths>) -> HttpResponse {
    refused(paths.methods(request.path()))
}

/// What stands where an id belongs is none: the path is not there, or is one written out that has
/// other methods than the one with the id.
pub fn not_an_id(request: &HttpRequest) -> actix_web::Error {
    let paths = request.app_data::<Data<Paths>>();
    let methods = paths.and_then(|paths| paths.methods(request.path()));
    let method = request.method().as_str();
    let others = methods.filter(|methods| methods.split(", ").all(|one| one != method));
    InternalError::from_response("not an id", refused(others)).into()
}

fn refused(allowed: Option<&str>) -> HttpResponse {
    let code = if allowed.is_some() { Code::MethodNotAllowed } else { Code::NotFound };
    let mut response = HttpResponse::from_error(actix_web::Error::from(Problem(Error::new(code))));
    if let Some(allow) = allowed.and_then(|methods| header::HeaderValue::from_str(methods).ok()) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    response
}
