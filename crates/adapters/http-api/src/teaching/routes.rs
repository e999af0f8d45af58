//! The table of the courses: its rows are of the type of [`crate::routes`], and
//! are served, listed and walked with them.

use super::{intake, me};
use crate::routes::{
    Credential::{Teacher, Webhook},
    Route, routes,
};

/// Every route below `/api/v1`.
#[rustfmt::skip]
pub const TEACHING_ROUTES: &[Route] = routes! {
    GET    "/api/v1/users/me"                                  "users.me"                  Teacher => me::handler;
    POST   "/api/v1/webhooks/test"                             "course-hooks.try"          Teacher => intake::try_hook::handler;
    POST   "/api/v1/webhooks/{host}"                           "course-hooks.receive"      Webhook => intake::receive::handler;
    GET    "/api/v1/hooks/"                                    "course-hooks.list"         Teacher => intake::hooks::list;
    POST   "/api/v1/hooks/"                                    "course-hooks.make"         Teacher => intake::hooks::make;
    DELETE "/api/v1/hooks/{hookId}"                            "course-hooks.remove"       Teacher => intake::hooks::remove;
    POST   "/api/v1/hooks/{hookId}/rotate"                     "course-hooks.rotate"       Teacher => intake::hooks::rotate;
    GET    "/api/v1/events/"                                   "course-events.list"        Teacher => intake::events::list_events;
    GET    "/api/v1/events/stats"                              "course-events.stats"       Teacher => intake::events::stats;
    GET    "/api/v1/events/dead-letters"                       "course-events.dead"        Teacher => intake::events::dead_letters;
    DELETE "/api/v1/events/dead-letters/{eventId}"             "course-events.discard"     Teacher => intake::replay::discard;
    POST   "/api/v1/events/replay"                             "course-events.replay-many" Teacher => intake::replay::many;
    GET    "/api/v1/events/{eventId}"                          "course-events.find"        Teacher => intake::events::find_event;
    POST   "/api/v1/events/{eventId}/replay"                   "course-events.replay"      Teacher => intake::replay::one;
};
