//! What no route answers: 405 with a true `Allow` where the path exists, else 404.

use actix_web::http::{Method, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
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
        let served = ["/openapi.json", "/docs", "/docs/"];
        let beside = served.map(|path| {
            (path.split('/').map(str::to_owned).collect::<Vec<_>>(), "GET, HEAD".to_owned())
        });
        Self(paths.chain(beside).collect())
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

    /// The methods of a path that has not this one: a route with an id may have taken a path that is
    /// written out, found no id in it, and said that nothing is there.
    pub fn others(&self, path: &str, method: &Method) -> Option<&str> {
        let methods = self.methods(path)?;
        methods.split(", ").all(|one| one != method.as_str()).then_some(methods)
    }
}

/// The default service.
pub async fn fallback(request: HttpRequest, paths: Data<Paths>) -> HttpResponse {
    let allowed = paths.methods(request.path());
    let code = if allowed.is_some() { Code::MethodNotAllowed } else { Code::NotFound };
    let problem = Problem(Error::new(code));
    let mut response = HttpResponse::from_error(actix_web::Error::from(problem));
    if let Some(allow) = allowed.and_then(|methods| header::HeaderValue::from_str(methods).ok()) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    debug_assert!(Problem(Error::new(code)).status_code() == response.status());
    response
}
