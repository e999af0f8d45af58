//! The table of the courses: its rows are of the type of [`crate::routes`], and
//! are served, listed and walked with them.

use super::{activity, courses, intake, jobs, people, projects, results, students, teams};
use crate::routes::{
    Credential::{Teacher, Webhook},
    Route, routes,
};

/// Every route below `/api/v1`.
#[rustfmt::skip]
pub const TEACHING_ROUTES: &[Route] = routes! {
    GET    "/api/v1/users/me"                                   "users.me"               Teacher => people::me::handler;
    GET    "/api/v1/users/me/tokens"                            "personal-tokens.list"   Teacher => people::tokens::list;
    POST   "/api/v1/users/me/tokens"                            "personal-tokens.make"   Teacher => people::tokens::make;
    DELETE "/api/v1/users/me/tokens/{tokenId}"                  "personal-tokens.end"    Teacher => people::tokens::end;
    GET    "/api/v1/users/"                                     "users.list"             Teacher => people::users::list;
    GET    "/api/v1/users/{userId}"                             "users.find"             Teacher => people::users::find;
    PATCH  "/api/v1/users/{userId}"                             "users.change"           Teacher => people::users::change;
    DELETE "/api/v1/users/{userId}"                             "users.remove"           Teacher => people::users::remove;
    GET    "/api/v1/courses/"                                   "courses.list"           Teacher => courses::list::all;
    POST   "/api/v1/courses/"                                   "courses.create"         Teacher => courses::create::handler;
    POST   "/api/v1/courses/import/json"                        "courses.import"         Teacher => courses::configuration::import;
    GET    "/api/v1/courses/{courseId}"                         "courses.find"           Teacher => courses::list::one;
    PATCH  "/api/v1/courses/{courseId}"                         "courses.change"         Teacher => courses::change::handler;
    DELETE "/api/v1/courses/{courseId}"                         "courses.delete"         Teacher => courses::delete::handler;
    POST   "/api/v1/courses/{courseId}/archive"                 "courses.archive"        Teacher => courses::archive::archive;
    POST   "/api/v1/courses/{courseId}/unarchive"               "courses.unarchive"      Teacher => courses::archive::unarchive;
    POST   "/api/v1/courses/{courseId}/clone"                   "courses.clone"          Teacher => courses::clone::handler;
    GET    "/api/v1/courses/{courseId}/export"                  "courses.export"         Teacher => courses::configuration::export;
    GET    "/api/v1/courses/{courseId}/settings"                "settings.show"          Teacher => courses::settings::show;
    PUT    "/api/v1/courses/{courseId}/settings"                "settings.replace"       Teacher => courses::settings::replace;
    GET    "/api/v1/courses/{courseId}/staff"                   "staff.list"             Teacher => courses::staff::list;
    POST   "/api/v1/courses/{courseId}/staff"                   "staff.put"              Teacher => courses::staff::put;
    DELETE "/api/v1/courses/{courseId}/staff/{userId}"          "staff.remove"           Teacher => courses::staff::remove;
    GET    "/api/v1/courses/{courseId}/roster"                  "roster.export"          Teacher => courses::roster::export;
    POST   "/api/v1/courses/{courseId}/roster"                  "roster.import"          Teacher => courses::roster::import;
    GET    "/api/v1/courses/{courseId}/teams"                   "teams.list"             Teacher => teams::list::all;
    POST   "/api/v1/courses/{courseId}/teams"                   "teams.create"           Teacher => teams::create::handler;
    GET    "/api/v1/teams/{teamId}"                             "teams.find"             Teacher => teams::list::one;
    PATCH  "/api/v1/teams/{teamId}"                             "teams.change"           Teacher => teams::change::change;
    DELETE "/api/v1/teams/{teamId}"                             "teams.delete"           Teacher => teams::change::delete;
    POST   "/api/v1/teams/{teamId}/lock"                        "teams.lock"             Teacher => teams::lock::lock;
    POST   "/api/v1/teams/{teamId}/unlock"                      "teams.unlock"           Teacher => teams::lock::unlock;
    GET    "/api/v1/teams/{teamId}/members"                     "team-members.list"      Teacher => teams::members::list;
    POST   "/api/v1/teams/{teamId}/members"                     "team-members.add"       Teacher => teams::members::add;
    DELETE "/api/v1/teams/{teamId}/members/{studentId}"         "team-members.remove"    Teacher => teams::members::remove;
    GET    "/api/v1/courses/{courseId}/students"                "students.list"          Teacher => students::list::all;
    GET    "/api/v1/students/{studentId}"                       "students.find"          Teacher => students::list::one;
    PATCH  "/api/v1/students/{studentId}"                       "students.change"        Teacher => students::change::handler;
    GET    "/api/v1/students/{studentId}/identities"            "identities.list"        Teacher => students::identities::list;
    POST   "/api/v1/students/{studentId}/identities"            "identities.add"         Teacher => students::identities::add;
    DELETE "/api/v1/students/{studentId}/identities"            "identities.remove"      Teacher => students::identities::remove;
    DELETE "/api/v1/students/{studentId}/personal-data"         "students.erase"         Teacher => students::erase::handler;
    GET    "/api/v1/courses/{courseId}/projects"                "projects.list"          Teacher => projects::list::all;
    POST   "/api/v1/teams/{teamId}/projects"                    "projects.create"        Teacher => projects::create::handler;
    GET    "/api/v1/projects/{projectId}"                       "projects.find"          Teacher => projects::list::one;
    PATCH  "/api/v1/projects/{projectId}"                       "projects.change"        Teacher => projects::change::change;
    DELETE "/api/v1/projects/{projectId}"                       "projects.delete"        Teacher => projects::change::delete;
    GET    "/api/v1/gitlab/parse-url"                           "courses.parse-url"      Teacher => courses::parse_url::get;
    POST   "/api/v1/gitlab/parse-url"                           "courses.parse-url-body" Teacher => courses::parse_url::post;
    POST   "/api/v1/courses/import/gitlab"                      "courses.import-from-host" Teacher => courses::import::handler;
    POST   "/api/v1/courses/{courseId}/sync-all"                "courses.sync"           Teacher => courses::sync::handler;
    GET    "/api/v1/courses/{courseId}/summary"                 "courses.summary"        Teacher => courses::summary::handler;
    GET    "/api/v1/courses/{courseId}/trend"                   "courses.trend"          Teacher => results::trend::handler;
    GET    "/api/v1/courses/{courseId}/alerts"                  "courses.alerts"         Teacher => results::alerts::handler;
    GET    "/api/v1/courses/{courseId}/gradebook"               "courses.gradebook"      Teacher => results::gradebook::handler;
    GET    "/api/v1/teams/{teamId}/compliance"                  "teams.compliance"       Teacher => results::compliance::of_team;
    GET    "/api/v1/teams/{teamId}/flags"                       "teams.flags"            Teacher => results::flags::of_team;
    GET    "/api/v1/telemetry/flags"                            "flags.list"             Teacher => results::flags::list;
    GET    "/api/v1/telemetry/flags/{flagId}"                   "flags.find"             Teacher => results::flags::one;
    PATCH  "/api/v1/telemetry/flags/{flagId}"                   "flags.decide"           Teacher => results::flags::decide;
    GET    "/api/v1/students/{studentId}/compliance"            "students.compliance"    Teacher => results::compliance::of_student;
    POST   "/api/v1/teams/{teamId}/sync"                        "teams.sync"             Teacher => teams::sync::sync;
    POST   "/api/v1/teams/{teamId}/recheck"                     "teams.recheck"          Teacher => teams::sync::recheck;
    GET    "/api/v1/teams/{teamId}/timeline"                    "teams.timeline"         Teacher => activity::team::timeline;
    GET    "/api/v1/teams/{teamId}/contributions"               "teams.contributions"    Teacher => activity::team::contributions;
    GET    "/api/v1/teams/{teamId}/metrics"                     "teams.metrics"          Teacher => activity::team::metrics;
    GET    "/api/v1/teams/{teamId}/events"                      "teams.events"           Teacher => intake::events::of_team;
    GET    "/api/v1/students/{studentId}/activity"              "students.activity"      Teacher => activity::student::activity;
    GET    "/api/v1/students/{studentId}/contributions"         "students.contributions" Teacher => activity::student::contributions;
    GET    "/api/v1/projects/{projectId}/commits"               "projects.commits"       Teacher => activity::list::commits;
    GET    "/api/v1/projects/{projectId}/merge-requests"        "projects.merge-requests" Teacher => activity::list::merge_requests;
    GET    "/api/v1/projects/{projectId}/issues"                "projects.issues"        Teacher => activity::list::issues;
    GET    "/api/v1/projects/{projectId}/pipelines"             "projects.pipelines"     Teacher => activity::list::pipelines;
    POST   "/api/v1/projects/{projectId}/webhook"               "project-hooks.install"  Teacher => projects::webhook::install;
    DELETE "/api/v1/projects/{projectId}/webhook"               "project-hooks.remove"   Teacher => projects::webhook::remove;
    POST   "/api/v1/projects/{projectId}/webhook/rotate"        "project-hooks.rotate"   Teacher => projects::webhook::rotate;
    POST   "/api/v1/projects/{projectId}/webhook/test"          "project-hooks.try"      Teacher => projects::webhook::test;
    GET    "/api/v1/jobs/"                                     "jobs.list"                 Teacher => jobs::list::handler;
    POST   "/api/v1/jobs/rehearsal"                            "jobs.rehearse"             Teacher => jobs::rehearse::handler;
    GET    "/api/v1/jobs/{jobId}"                              "jobs.find"                 Teacher => jobs::find::handler;
    POST   "/api/v1/jobs/{jobId}/cancel"                       "jobs.cancel"               Teacher => jobs::cancel::handler;
    GET    "/api/v1/jobs/{jobId}/stream"                       "jobs.stream"               Teacher => jobs::stream::handler;
    POST   "/api/v1/webhooks/test"                             "course-hooks.try"          Teacher => intake::try_hook::handler;
    POST   "/api/v1/webhooks/{host}"                           "course-hooks.receive"      Webhook => intake::receive::handler;
    GET    "/api/v1/hooks/"                                    "course-hooks.list"         Teacher => intake::hooks::list;
    POST   "/api/v1/hooks/"                                    "course-hooks.make"         Teacher => intake::hooks::make;
    DELETE "/api/v1/hooks/{courseHookId}"                            "course-hooks.remove"       Teacher => intake::hooks::remove;
    POST   "/api/v1/hooks/{courseHookId}/rotate"                     "course-hooks.rotate"       Teacher => intake::hooks::rotate;
    GET    "/api/v1/events/"                                   "course-events.list"        Teacher => intake::events::list_events;
    GET    "/api/v1/events/stats"                              "course-events.stats"       Teacher => intake::events::stats;
    GET    "/api/v1/events/dead-letters"                       "course-events.dead"        Teacher => intake::events::dead_letters;
    DELETE "/api/v1/events/dead-letters/{eventId}"             "course-events.discard"     Teacher => intake::replay::discard;
    POST   "/api/v1/events/replay"                             "course-events.replay-many" Teacher => intake::replay::many;
    GET    "/api/v1/events/{eventId}"                          "course-events.find"        Teacher => intake::events::find_event;
    POST   "/api/v1/events/{eventId}/replay"                   "course-events.replay"      Teacher => intake::replay::one;
};
