//! Somebody who calls the API.

use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};

/// A caller with a token (or none).
#[derive(Clone)]
pub struct Caller {
    pub base: String,
    pub client: Client,
    pub token: Option<String>,
    pub language: &'static str,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Reply {
    pub status: StatusCode,
    pub headers: reqwest::header::HeaderMap,
    pub bytes: Vec<u8>,
    pub asked: String,
}

impl Reply {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    /// The body, which must have come with `status`.
    #[track_caller]
    pub fn expect(&self, status: u16) -> Value {
        let text = String::from_utf8_lossy(&self.bytes);
        assert_eq!(self.status.as_u16(), status, "{}: {text}", self.asked);
        self.json()
    }

    /// A refusal with `code`; gives the problem document.
    #[track_caller]
    pub fn refused(&self, status: u16, code: &str) -> Value {
        let problem = self.expect(status);
        assert_eq!(problem["code"], json!(code), "{}: {problem}", self.asked);
        assert_eq!(self.header("content-type"), "application/problem+json", "{}", self.asked);
        problem
    }

    /// A refusal of the body with exactly these faults, in order of their pointers.
    #[track_caller]
    pub fn invalid(&self, faults: &[(&str, &str)]) {
        self.refused(422, "invalid");
        let named = self.faults();
        let named: Vec<_> = named.iter().map(|(at, code)| (at.as_str(), code.as_str())).collect();
        assert_eq!(named, faults, "{}", self.asked);
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap_or(""))
    }

    /// Pointer and code of each fault, in order of their pointers.
    pub fn faults(&self) -> Vec<(String, String)> {
        let json = self.json();
        let all = json["errors"].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let mut all: Vec<_> =
            all.iter().map(|fault| (text(&fault["pointer"]), text(&fault["code"]))).collect();
        all.sort();
        all
    }

    /// Pointers of all faults.
    pub fn pointers(&self) -> Vec<String> {
        let json = self.json();
        let all = json["errors"].as_array().cloned().unwrap_or_default();
        all.iter().filter_map(|fault| fault["pointer"].as_str().map(str::to_owned)).collect()
    }
}

impl Caller {
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Option<Vec<u8>>,
    ) -> Reply {
        let mut request = self
            .client
            .request(method.clone(), format!("{}{path}", self.base))
            .header("accept-language", self.language);
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if let Some(body) = body {
            if !headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
                request = request.header("content-type", "application/json");
            }
            request = request.body(body);
        }
        let response = request.send().await.expect("an answer");
        Reply {
            status: response.status(),
            headers: response.headers().clone(),
            bytes: response.bytes().await.expect("a body").to_vec(),
            asked: format!("{method} {path}"),
        }
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(Method::GET, path, &[], None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Reply {
        self.send(Method::POST, path, &[], Some(body.to_string().into_bytes())).await
    }

    /// A transition of whatever version it is now.
    pub async fn act(&self, path: &str, body: Value) -> Reply {
        let body = Some(body.to_string().into_bytes());
        self.send(Method::POST, path, &[("if-match", "*")], body).await
    }

    /// A change of the version that `tag` names.
    pub async fn patch(&self, path: &str, tag: &str, change: Value) -> Reply {
        let change = Some(change.to_string().into_bytes());
        self.send(Method::PATCH, path, &[("if-match", tag)], change).await
    }
}
