//! By which row of the table a request is served.

use actix_web::{HttpRequest, http::Method};

use super::Route;

/// The rows of one path, which every request for it can ask.
pub(super) struct Rows(pub(super) Vec<&'static Route>);

impl Route {
    /// The row that `request` was served by. `None` where the path is no row's.
    pub(crate) fn of(request: &HttpRequest) -> Option<&'static Self> {
        // `HEAD` is answered by the row of `GET`.
        let method = match request.method() {
            &Method::HEAD => "GET",
            other => other.as_str(),
        };
        request.app_data::<Rows>()?.0.iter().find(|it| it.method == method).copied()
    }
}
