//! The members of an organisation.

use actix_web::HttpResponse;
use askama::Template;
use lodge_access::{Act, Invitation, Membership, Role, User};
use lodge_gateway::{
    Visitor,
    people::{InviteError, MemberError},
};
use serde::Deserialize;

use super::{
    log_out::Nothing,
    told::{Told, shown},
};
use crate::{
    answer,
    dashboard::{
        frame::{Frame, Place},
        told::day,
    },
    problem::Problem,
    session::{Away, CheckedForm, SignedIn},
};

/// How many members a page has.
const A_PAGE: usize = 50;

#[derive(Template)]
#[template(path = "account/members.html")]
struct MembersPage<'a> {
    frame: Frame,
    problem: Option<&'a str>,
    tenant: String,
    link: Option<Link>,
    members: Vec<MemberView>,
    next: Option<String>,
    may_manage: bool,
    roles: Vec<&'static str>,
    choices: Vec<(&'static str, &'static str)>,
    invitations: Vec<InvitationView>,
    email: &'a str,
}

/// An invitation that was made just now.
struct Link {
    email: String,
    url: String,
}

struct MemberView {
    id: String,
    name: String,
    email: String,
    role: &'static str,
    since: String,
    here: bool,
    may_change: bool,
    may_remove: bool,
}

impl MemberView {
    fn new(visitor: &Visitor, (membership, user): (Membership, User)) -> Self {
        let here = user.id == visitor.user.id;
        let may =
            visitor.role.may(Act::ManageMembers) && visitor.role.may(membership.role.given_by());
        Self {
            id: user.id.to_string(),
            name: user.name.unwrap_or_else(|| user.email.clone()),
            email: user.email,
            role: membership.role.name(),
            since: day(membership.created_at),
            here,
            may_change: may,
            may_remove: may || here,
        }
    }
}

struct InvitationView {
    id: String,
    email: String,
    role: &'static str,
    until: String,
}

impl From<Invitation> for InvitationView {
    fn from(it: Invitation) -> Self {
        let (id, until) = (it.id.to_string(), day(it.expires_at));
        Self { id, email: it.email, role: it.role.name(), until }
    }
}

/// Another role.
#[derive(Deserialize)]
pub(crate) struct RoleForm {
    role: String,
}

/// Somebody to be invited.
#[derive(Deserialize)]
pub(crate) struct InviteForm {
    email: String,
    role: String,
}

/// The page.
pub(crate) async fn show(who: SignedIn) -> Result<HttpResponse, Away> {
    Ok(shown(&page(&who, None, "").await?))
}

async fn page<'a>(
    who: &SignedIn,
    problem: Option<&'a str>,
    email: &'a str,
) -> Result<MembersPage<'a>, Away> {
    let SignedIn { site, visitor, csrf, request } = who;
    let gateway = &site.gateway;
    let query = request.query_string();
    let after = query.strip_prefix("after=").and_then(|it| it.parse().ok());
    let said = match query {
        "done=role" => Some("The member has another role now."),
        "done=removed" => Some("The member is removed."),
        "done=withdrawn" => Some("The invitation is withdrawn."),
        _ => None,
    };
    let mut members = gateway.members(visitor, after, A_PAGE + 1).await?;
    let more = members.len() > A_PAGE;
    members.truncate(A_PAGE);
    let next = members.last().filter(|_| more).map(|(_, user)| user.id.to_string());
    let may_manage = visitor.role.may(Act::ManageMembers);
    let invitations =
        if may_manage { gateway.invitations(visitor).await.map_err(broken)? } else { Vec::new() };
    let organisations = gateway.organisations(&visitor.memberships).await?;
    let tenant = organisations.into_iter().find(|(_, it)| it.id == visitor.tenant);
    let given = || Role::ALL.into_iter().filter(|it| visitor.role.may(it.given_by()));
    Ok(MembersPage {
        frame: Frame { said, ..Frame::new(&visitor.user, csrf, Place::Members) },
        problem,
        tenant: tenant.map(|(_, it)| it.name).unwrap_or_default(),
        link: None,
        members: members.into_iter().map(|it| MemberView::new(visitor, it)).collect(),
        next,
        may_manage,
        roles: given().map(Role::name).collect(),
        choices: given().map(|it| (it.name(), it.meaning())).collect(),
        invitations: invitations.into_iter().map(InvitationView::from).collect(),
        email,
    })
}

/// What the page itself does not allow, and so does not offer.
fn broken(error: InviteError) -> Problem {
    match error {
        InviteError::Storage(error) => error.into(),
        other => Problem::broken(&other),
    }
}

/// Makes a link for somebody.
pub(crate) async fn invite(ask: CheckedForm<InviteForm>) -> Result<HttpResponse, Away> {
    let CheckedForm { who, form } = ask;
    let role = Role::parse(&form.role).unwrap_or(Role::Viewer);
    let told = match who.site.gateway.invite(&who.visitor, &form.email, role).await {
        Ok(invited) => {
            let url = format!("{}/app/join/{}", who.site.issuer, invited.secret.expose());
            let link = Some(Link { email: invited.invitation.email, url });
            return Ok(shown(&MembersPage { link, ..page(&who, None, "").await? }));
        }
        Err(InviteError::Storage(error)) => return Err(error.into()),
        Err(error @ InviteError::Denied(_)) => Told::denied(&error),
        Err(error) => Told::correct(&error),
    };
    Ok(told.page(&page(&who, Some(&told.text), &form.email).await?))
}

/// Gives a member another role.
pub(crate) async fn change_role(ask: CheckedForm<RoleForm>) -> Result<HttpResponse, Away> {
    let CheckedForm { who, form } = ask;
    let role =
        Role::parse(&form.role).ok_or_else(|| Problem::unreadable("there is no such role"))?;
    let Some(user) = segment(&who, "userId") else { return Ok(back("")) };
    match who.site.gateway.change_role(&who.visitor, user, role).await {
        Ok(()) => Ok(back("?done=role")),
        Err(error) => refused(&who, error).await,
    }
}

/// Removes a member, or lets one go.
pub(crate) async fn remove(ask: CheckedForm<Nothing>) -> Result<HttpResponse, Away> {
    let who = ask.who;
    let Some(user) = segment(&who, "userId") else { return Ok(back("")) };
    match who.site.gateway.remove_member(&who.visitor, user).await {
        Ok(()) if user == who.visitor.user.id => Ok(answer::see_other("/app/account").finish()),
        Ok(()) => Ok(back("?done=removed")),
        Err(error) => refused(&who, error).await,
    }
}

/// Withdraws an invitation; one that is gone is as good as withdrawn.
pub(crate) async fn withdraw(ask: CheckedForm<Nothing>) -> Result<HttpResponse, Away> {
    let who = ask.who;
    let Some(id) = segment(&who, "invitationId") else { return Ok(back("")) };
    match who.site.gateway.withdraw_invitation(&who.visitor, id).await {
        Ok(()) | Err(InviteError::NotFound) => Ok(back("?done=withdrawn")),
        Err(InviteError::Storage(error)) => Err(error.into()),
        Err(error) => {
            let told = Told::denied(&error);
            Ok(told.page(&page(&who, Some(&told.text), "").await?))
        }
    }
}

async fn refused(who: &SignedIn, error: MemberError) -> Result<HttpResponse, Away> {
    let told = match error {
        MemberError::Denied(_) => Told::denied(&error),
        MemberError::NotFound | MemberError::LastOwner => Told::correct(&error),
        MemberError::Storage(error) => return Err(error.into()),
    };
    Ok(told.page(&page(who, Some(&told.text), "").await?))
}

fn segment<T: std::str::FromStr>(who: &SignedIn, name: &str) -> Option<T> {
    who.request.match_info().get(name)?.parse().ok()
}

fn back(query: &str) -> HttpResponse {
    answer::see_other(&format!("/app/members{query}")).finish()
}
