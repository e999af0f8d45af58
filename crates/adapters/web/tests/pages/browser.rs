//! A browser with a cookie jar.

use std::{cell::RefCell, collections::BTreeMap};

use actix_web::{
    App,
    http::{StatusCode, header},
    test::{TestRequest, call_service, init_service, read_body},
};
use url::Url;

use crate::gateway::House;

/// What came back.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: header::HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |it| it.to_str().unwrap())
    }

    /// Where the browser is sent.
    pub(crate) fn location(&self) -> Url {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.body);
        let location = self.header("location");
        Url::parse("https://gate.example").unwrap().join(location).unwrap()
    }

    /// A parameter of where the browser is sent.
    pub(crate) fn parameter(&self, name: &str) -> Option<String> {
        let location = self.location();
        let found = location.query_pairs().find(|(known, _)| known == name);
        found.map(|(_, value)| value.into_owned())
    }

    /// The value of a hidden field.
    pub(crate) fn field(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let (_, rest) = self.body.split_once(&start).unwrap();
        rest.split('"').next().unwrap().to_owned()
    }

    /// The values of the boxes of that name.
    pub(crate) fn boxes(&self, name: &str) -> Vec<String> {
        let start = format!("name=\"{name}\" value=\"");
        let pieces = self.body.split(&start).skip(1);
        pieces.map(|it| it.split('"').next().unwrap().to_owned()).collect()
    }
}

/// One browser that looks at one house.
pub(crate) struct Browser<'a> {
    house: &'a House,
    jar: RefCell<BTreeMap<String, String>>,
}

impl<'a> Browser<'a> {
    pub(crate) fn at(house: &'a House) -> Self {
        Self { house, jar: RefCell::default() }
    }

    /// The same browser with a cookie that it was given before.
    pub(crate) fn with_cookie(self, name: &str, value: &str) -> Self {
        self.jar.borrow_mut().insert(name.to_owned(), value.to_owned());
        self
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(TestRequest::get().uri(path)).await
    }

    pub(crate) async fn post(&self, path: &str, form: &[(&str, &str)]) -> Answer {
        self.send(TestRequest::post().uri(path).set_form(form)).await
    }

    pub(crate) async fn send(&self, request: TestRequest) -> Answer {
        let cookies: Vec<_> =
            self.jar.borrow().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let request = request.insert_header((header::COOKIE, cookies.join("; ")));
        let service = init_service(App::new().configure(self.house.pages())).await;
        let response = call_service(&service, request.to_request()).await;
        let (status, headers) = (response.status(), response.headers().clone());
        for cookie in headers.get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            if cookie.contains("Max-Age=0;") {
                self.jar.borrow_mut().remove(name);
            } else {
                self.jar.borrow_mut().insert(name.to_owned(), value.to_owned());
            }
        }
        let body = String::from_utf8(read_body(response).await.to_vec()).unwrap();
        Answer { status, headers, body }
    }

    /// Another browser with a copy of every cookie.
    pub(crate) fn thief(&self) -> Self {
        Self { house: self.house, jar: self.jar.clone() }
    }

    pub(crate) fn n_cookies(&self) -> usize {
        self.jar.borrow().len()
    }

    /// Opens the consent page by an invitation.
    pub(crate) async fn invited(&self) -> Answer {
        self.open(&[]).await
    }

    /// Opens the consent page by an invitation, with `more` parameters.
    pub(crate) async fn open(&self, more: &[(&str, &str)]) -> Answer {
        let token = self.house.invitation("Customer 1", "To show what changed.").await;
        let mut all = vec![("connect_token", token.as_str())];
        all.extend(more);
        let begun = self.get(&self.house.authorize(&all)).await;
        assert_eq!(begun.location().path(), "/oauth/authorize");
        let page = self.get(begun.header("location")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        page
    }

    /// Sends the form of `page` with these fields.
    pub(crate) async fn approve(&self, page: &Answer, fields: &[(&str, &str)]) -> Answer {
        let (transaction, csrf) = (page.field("transaction"), page.field("csrf"));
        let mut all = vec![("transaction", transaction.as_str()), ("csrf", csrf.as_str())];
        all.extend(fields);
        self.post("/oauth/authorize/approve", &all).await
    }
}
