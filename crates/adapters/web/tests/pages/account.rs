//! How people come in, and what they see of themselves.

use actix_web::{http::StatusCode, test::TestRequest};
use lodge_access::{Role, SecretKind};
use lodge_services::OneTimeCodes as _;
use lodge_testkit::{PlainProofs, builders::a_secret};

use crate::{
    browser::{Answer, Browser},
    gateway::{House, Plan},
};

const PASSWORD: &str = "seven brown otters";
const ADA: [(&str, &str); 4] = [
    ("organisation", "Engines"),
    ("name", "Ada"),
    ("email", "ada@example.org"),
    ("password", PASSWORD),
];

/// Somebody who has just opened an account.
async fn signed_up(house: &House) -> Browser<'_> {
    let browser = Browser::at(house);
    let entered = browser.post("/app/signup", &ADA).await;
    assert_eq!(entered.location().path(), "/app/dashboard");
    browser
}

/// Sends a form of `page` with its token.
async fn send(browser: &Browser<'_>, page: &Answer, path: &str, more: &[(&str, &str)]) -> Answer {
    let csrf = page.field("csrf");
    let mut all = vec![("csrf", csrf.as_str())];
    all.extend(more);
    browser.post(path, &all).await
}

#[actix_web::test]
async fn somebody_opens_an_account_signs_out_and_comes_back_to_where_they_were() {
    let house = House::built(Plan::ordinary()).await;
    let browser = signed_up(&house).await;
    let page = browser.get("/app/account").await;
    assert_eq!(page.status, StatusCode::OK, "{}", page.body);
    assert!(page.body.contains("<bdi>Engines</bdi> <span class=\"quiet\">owner</span>"));
    assert_eq!(page.header("cache-control"), "no-store");
    let out = send(&browser, &page, "/app/logout", &[]).await;
    assert_eq!(out.location().path(), "/app/login");
    assert_eq!(browser.n_cookies(), 0);

    let turned = browser.get("/app/members?after=x").await;
    assert_eq!(turned.location().path(), "/app/login");
    assert_eq!(turned.parameter("returnTo").as_deref(), Some("/app/members?after=x"));
    let login = browser.get(turned.header("location")).await;
    let form = [("email", "ada@example.org"), ("password", PASSWORD)];
    let mut back = form.to_vec();
    let return_to = login.field("returnTo");
    back.push(("returnTo", &return_to));
    let entered = browser.post("/app/login", &back).await;
    assert_eq!(entered.header("location"), "/app/members?after=x");
    let cookie = entered.header("set-cookie");
    assert!(cookie.starts_with("__Host-sid=sggus_"), "{cookie}");
    assert!(
        cookie.ends_with("; Path=/; Max-Age=604800; HttpOnly; SameSite=Lax; Secure"),
        "{cookie}"
    );
    let again = browser.get("/app/login?returnTo=/app/account").await;
    assert_eq!(again.header("location"), "/app/account", "whoever is in goes on");
}

#[actix_web::test]
async fn nobody_is_led_to_another_site() {
    let house = House::built(Plan::ordinary()).await;
    let browser = signed_up(&house).await;
    for foreign in
        ["https://evil.example", "//evil.example", "/\\evil.example", "/%09/evil.example"]
    {
        let path = format!("/app/login?returnTo={foreign}");
        let answer = browser.get(&path).await;
        let gone = answer.location();
        assert_eq!(gone.host_str(), Some("gate.example"), "{foreign}");
    }
    let stranger = Browser::at(&house);
    let form =
        [("email", "ada@example.org"), ("password", PASSWORD), ("returnTo", "//evil.example")];
    let entered = stranger.post("/app/login", &form).await;
    assert_eq!(entered.header("location"), "/app/dashboard");
}

#[actix_web::test]
async fn what_is_wrong_stands_above_the_form_which_keeps_what_was_typed() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    let mut form = ADA.to_vec();
    form[3] = ("password", "password123");
    let refused = browser.post("/app/signup", &form).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("everybody tries first"), "{}", refused.body);
    assert!(refused.body.contains("value=\"Engines\"") && !refused.body.contains("password123"));
    let wrong = [("email", "<b>@example.org"), ("password", "no")];
    let refused = browser.post("/app/login", &wrong).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(refused.body.contains("the e-mail address or the password is wrong"));
    assert!(!refused.body.contains("<b>"), "{}", refused.body);
    for _ in 0..5 {
        browser.post("/app/login", &wrong).await;
    }
    let slow = browser.post("/app/login", &wrong).await;
    assert_eq!((slow.status, slow.header("retry-after")), (StatusCode::TOO_MANY_REQUESTS, "1"));
}

#[actix_web::test]
async fn where_strangers_are_not_let_in_the_page_says_what_to_do() {
    let house = House::built(Plan { closed: true, ..Plan::ordinary() }).await;
    let browser = Browser::at(&house);
    for answer in [browser.get("/app/signup").await, browser.post("/app/signup", &ADA).await] {
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(answer.body.contains("GITLODGE_SIGNUP=open"), "{}", answer.body);
    }
    assert!(!browser.get("/app/login").await.body.contains("/app/signup"));
}

#[actix_web::test]
async fn customers_have_no_accounts() {
    let house = House::built(Plan::ordinary()).await;
    let browser = Browser::at(&house);
    for path in ["/app/customer/signup", "/app/customer/login"] {
        assert_eq!(browser.get(path).await.status, StatusCode::GONE);
        assert_eq!(browser.post(path, &[]).await.status, StatusCode::GONE);
    }
    for path in ["/app/developer/signup", "/app/developer/login"] {
        assert_eq!(browser.get(path).await.status, StatusCode::OK);
    }
}

#[actix_web::test]
async fn another_site_cannot_send_our_forms() {
    let house = House::built(Plan::ordinary()).await;
    let browser = signed_up(&house).await;
    let page = browser.get("/app/account").await;
    let form = [("csrf", page.field("csrf")), ("new", "nine blue whales".to_owned())];
    let post = || TestRequest::post().uri("/app/account/password").set_form(&form);
    for header in [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
    ] {
        let answer = browser.send(post().insert_header(header)).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{header:?}");
        let login = TestRequest::post().uri("/app/login").set_form(ADA).insert_header(header);
        assert_eq!(browser.send(login).await.status, StatusCode::FORBIDDEN, "{header:?}");
    }
    let by_passkey = TestRequest::post().uri("/app/login/passkey").set_form([("ticket", "0")]);
    assert_eq!(browser.send(by_passkey).await.status, StatusCode::FORBIDDEN);
    let by_passkey = TestRequest::post().uri("/app/login/passkey").set_form([("ticket", "0")]);
    let ours = browser.send(by_passkey.insert_header(("sec-fetch-site", "same-origin"))).await;
    assert_ne!(ours.status, StatusCode::FORBIDDEN);
    for forged in ["", "0", &"0".repeat(64)] {
        let answer = browser.post("/app/logout", &[("csrf", forged)]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{forged}");
    }
    // The token of another session is none.
    let other = Browser::at(&house);
    other.post("/app/login", &[("email", "ada@example.org"), ("password", PASSWORD)]).await;
    let theirs = other.get("/app/account").await.field("csrf");
    assert_eq!(
        browser.post("/app/logout", &[("csrf", &theirs)]).await.status,
        StatusCode::FORBIDDEN
    );
    assert_eq!(browser.get("/app/account").await.status, StatusCode::OK);
}

#[actix_web::test]
async fn a_picture_on_another_site_signs_nobody_out() {
    let house = House::built(Plan::ordinary()).await;
    let browser = signed_up(&house).await;
    let link = |headers: &[(&'static str, &'static str)]| {
        headers
            .iter()
            .fold(TestRequest::get().uri("/app/logout"), |it, header| it.insert_header(*header))
    };
    for headers in [
        &[("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "navigate")][..],
        &[("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "no-cors")],
        &[("sec-fetch-site", "none")],
        &[],
    ] {
        let asked = browser.send(link(headers)).await;
        assert_eq!(asked.status, StatusCode::OK, "{headers:?}");
        assert!(asked.body.contains("<h1>Sign out?</h1>"));
    }
    assert_eq!(browser.get("/app/account").await.status, StatusCode::OK);
    let meant = [("sec-fetch-site", "same-origin"), ("sec-fetch-mode", "navigate")];
    assert_eq!(browser.send(link(&meant)).await.location().path(), "/app/login");
    assert_eq!(browser.get("/app/account").await.location().path(), "/app/login");
}

#[actix_web::test]
async fn a_stolen_cookie_is_worth_nothing_after_signing_out_or_in_again() {
    let house = House::built(Plan::ordinary()).await;
    let browser = signed_up(&house).await;
    let thief = browser.thief();
    assert_eq!(thief.get("/app/account").await.status, StatusCode::OK);
    browser.post("/app/login", &[("email", "ada@example.org"), ("password", PASSWORD)]).await;
    assert_eq!(thief.get("/app/account").await.location().path(), "/app/login");
    let thief = browser.thief();
    let page = browser.get("/app/account").await;
    send(&browser, &page, "/app/logout", &[]).await;
    assert_eq!(thief.get("/app/account").await.location().path(), "/app/login");
}

#[actix_web::test]
async fn an_authenticator_app_is_set_up_used_and_removed() {
    let house = House::built(Plan::ordinary()).await;
    let browser = signed_up(&house).await;
    let page = browser.get("/app/account").await;
    let enrol = "/app/account/authenticator";
    let wrong = send(&browser, &page, enrol, &[("password", "wrong password")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    let shown = send(&browser, &page, enrol, &[("password", PASSWORD)]).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.body);
    assert!(shown.body.contains("<svg class=\"qr\"") && !shown.body.contains("style="));
    let key = shown.body.split("<code class=\"secret\">").nth(1).unwrap();
    let key = key.split('<').next().unwrap().replace(' ', "");
    let code = code(&house, &key);
    let codes =
        send(&browser, &shown, "/app/account/authenticator/confirm", &[("code", &code)]).await;
    assert_eq!(codes.body.matches("<li><code>").count(), 10, "{}", codes.body);
    let recovery = codes.body.split("<li><code>").nth(1).unwrap().split('<').next().unwrap();

    let other = Browser::at(&house);
    let form = [("email", "ada@example.org"), ("password", PASSWORD), ("returnTo", "/app/account")];
    let second = other.post("/app/login", &form).await;
    assert_eq!((second.status, other.n_cookies()), (StatusCode::OK, 0), "{}", second.body);
    let (ticket, back) = (second.field("ticket"), second.field("returnTo"));
    let step = |code: &str| {
        vec![
            ("ticket".to_owned(), ticket.clone()),
            ("returnTo".to_owned(), back.clone()),
            ("code".to_owned(), code.to_owned()),
        ]
    };
    let post = |form| TestRequest::post().uri("/app/login/code").set_form(form);
    let wrong = other.send(post(step(&code))).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "the first code was used");
    assert_eq!(wrong.field("ticket"), ticket);
    let forged = other.post("/app/login/code", &[("ticket", "x"), ("code", recovery)]).await;
    assert_eq!(forged.status, StatusCode::UNPROCESSABLE_ENTITY);
    let entered = other.send(post(step(recovery))).await;
    assert_eq!(entered.header("location"), "/app/account");

    let page = other.get("/app/account").await;
    assert!(page.body.contains("<strong>9</strong> recovery codes"), "{}", page.body);
    let remove = "/app/account/authenticator/remove";
    let removed = send(&other, &page, remove, &[("password", PASSWORD)]).await;
    let said = other.get(removed.header("location")).await;
    assert!(said.body.contains("The authenticator app is removed."), "{}", said.body);
}

fn code(house: &House, text: &str) -> String {
    let digits = text.chars().filter_map(|it| "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".find(it));
    let bits = digits.fold(String::new(), |bits, it| bits + &format!("{it:05b}"));
    let key: Vec<u8> =
        (0..20).map(|n| u8::from_str_radix(&bits[8 * n..8 * n + 8], 2).unwrap()).collect();
    let step = house.gateway.clock.now().as_seconds() / 30;
    format!("{:06}", PlainProofs.code(&key, step.try_into().unwrap()))
}

#[actix_web::test]
async fn an_owner_invites_somebody_new_who_joins_and_is_removed() {
    let house = House::built(Plan { closed: false, ..Plan::ordinary() }).await;
    let browser = signed_up(&house).await;
    let page = browser.get("/app/members").await;
    assert!(page.body.contains("Nobody is invited at the moment."), "{}", page.body);
    let form = [("email", "bob@example.org"), ("role", "developer")];
    let made = send(&browser, &page, "/app/members/invite", &form).await;
    let link = made.body.split("https://gate.example").nth(1).unwrap().split('<').next().unwrap();
    assert!(link.starts_with("/app/join/sggin_"), "{link}");
    assert!(!browser.get("/app/members").await.body.contains("sggin_"), "it is shown once");

    let wrong = browser.get(link).await;
    assert!(
        wrong.body.contains("You are signed in as <bdi>ada@example.org</bdi>"),
        "{}",
        wrong.body
    );
    let bob = Browser::at(&house);
    let join = bob.get(link).await;
    assert!(
        join.body.contains("Join <bdi>Engines</bdi>") && join.body.contains("Choose a password")
    );
    let short = bob.post(link, &[("password", "short"), ("name", "Bob")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    let joined = bob.post(link, &[("password", "nine blue whales"), ("name", "Bob")]).await;
    assert_eq!(joined.location().path(), "/app/dashboard");
    assert_eq!(bob.get(link).await.status, StatusCode::GONE);
    let theirs = bob.get("/app/members").await;
    assert!(
        theirs.body.contains("Leave the organisation") && !theirs.body.contains("Invite somebody")
    );

    let page = browser.get("/app/members").await;
    let user =
        house.gateway.storage.read().await.unwrap().users().find_by_email("bob@example.org").await;
    let user = user.unwrap().unwrap().id;
    let role =
        send(&browser, &page, &format!("/app/members/{user}/role"), &[("role", "viewer")]).await;
    assert_eq!(role.parameter("done").as_deref(), Some("role"));
    let members = browser.get("/app/members").await;
    assert!(members.body.contains("viewer since"), "{}", members.body);
    let removed = send(&browser, &page, &format!("/app/members/{user}/remove"), &[]).await;
    assert_eq!(removed.parameter("done").as_deref(), Some("removed"));
    assert_eq!(bob.get("/app/members").await.location().path(), "/app/account");
    let alone = bob.get("/app/account").await;
    assert!(alone.body.contains("You belong to no organisation."), "{}", alone.body);
}

#[actix_web::test]
async fn somebody_with_an_account_joins_by_signing_in() {
    let house = House::built(Plan::ordinary()).await;
    let ada = signed_up(&house).await;
    let owner =
        house.gateway.open_developer_session("developer1@acme.example", None).await.unwrap();
    let visitor = house.gateway.visitor(owner.session.expose()).await.unwrap();
    let invited = house.gateway.invite(&visitor, "ada@example.org", Role::Viewer).await.unwrap();
    let link = format!("/app/join/{}", invited.secret.expose());
    let stranger = Browser::at(&house).get(&link).await;
    assert!(stranger.body.contains("Sign in as ada@example.org"), "{}", stranger.body);
    let page = ada.get(&link).await;
    let joined = send(&ada, &page, &format!("{link}/accept"), &[]).await;
    let said = ada.get(joined.header("location")).await;
    assert!(said.body.contains("<bdi>Organisation 1</bdi> <span class=\"quiet\">viewer</span>"));
    assert_eq!(ada.get(&link).await.status, StatusCode::GONE);
}

#[actix_web::test]
async fn a_password_is_set_by_a_link_once() {
    let house = House::built(Plan::ordinary()).await;
    let browser = signed_up(&house).await;
    let secret = house.gateway.make_password_link("Ada@example.org").await.unwrap().unwrap();
    let link = format!("/app/password/{}", secret.expose());
    let stranger = Browser::at(&house);
    let page = stranger.get(&link).await;
    assert!(page.body.contains("<bdi>ada@example.org</bdi>"), "{}", page.body);
    let short = stranger.post(&link, &[("password", "short")]).await;
    assert_eq!(short.status, StatusCode::UNPROCESSABLE_ENTITY);
    let set = stranger.post(&link, &[("password", "nine blue whales")]).await;
    assert_eq!(set.location().path(), "/app/login");
    assert_eq!(stranger.get(&link).await.status, StatusCode::GONE);
    assert_eq!(
        stranger.post(&link, &[("password", "ten red squirrels")]).await.status,
        StatusCode::GONE
    );
    assert_eq!(browser.get("/app/account").await.location().path(), "/app/login", "sessions ended");
    let form = [("email", "ada@example.org"), ("password", "nine blue whales")];
    assert_eq!(stranger.post("/app/login", &form).await.location().path(), "/app/dashboard");
    let never = format!("/app/password/{}", a_secret(SecretKind::PasswordLink, 9).expose());
    assert_eq!(stranger.get(&never).await.status, StatusCode::GONE);
}
