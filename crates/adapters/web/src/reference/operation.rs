//! The operations of the document, grouped as its tags say.

use serde_json::Value;

use super::{
    curl,
    document::{Document, items, members, text},
    prose::Prose,
    schema::{self, Field},
};

const METHODS: [&str; 7] = ["get", "post", "put", "patch", "delete", "options", "head"];

/// The operations of one tag.
pub(super) struct Group<'a> {
    pub(super) name: &'a str,
    pub(super) anchor: String,
    pub(super) description: Prose<'a>,
    pub(super) operations: Vec<Operation<'a>>,
}

/// One method of one path.
pub(super) struct Operation<'a> {
    pub(super) anchor: String,
    pub(super) method: String,
    pub(super) path: &'a str,
    pub(super) summary: &'a str,
    pub(super) description: Prose<'a>,
    /// Each way to say who calls; one of them is enough.
    pub(super) credentials: Vec<Credential<'a>>,
    pub(super) parameters: Vec<Parameter<'a>>,
    pub(super) body: Option<Body<'a>>,
    pub(super) answers: Vec<Answer<'a>>,
    pub(super) errors: Vec<Answer<'a>>,
    pub(super) curl: String,
}

/// One way to say who calls.
pub(super) struct Credential<'a> {
    pub(super) name: &'a str,
    pub(super) scopes: Vec<&'a str>,
    pub(super) basic: bool,
}

/// One parameter.
pub(super) struct Parameter<'a> {
    pub(super) name: &'a str,
    /// `path`, `query` or `header`.
    pub(super) place: &'a str,
    pub(super) required: bool,
    pub(super) kind: String,
    pub(super) description: Prose<'a>,
}

/// What a request carries.
pub(super) struct Body<'a> {
    pub(super) content_types: Vec<&'a str>,
    pub(super) fields: Vec<Field<'a>>,
}

/// What comes back.
pub(super) struct Answer<'a> {
    pub(super) status: &'a str,
    pub(super) description: Prose<'a>,
    pub(super) fields: Vec<Field<'a>>,
}

/// Every operation, in the order of the tags, then of the paths. One without
/// a tag that the document declares has a group of its own.
pub(super) fn groups<'a>(document: Document<'a>, issuer: &str) -> Vec<Group<'a>> {
    let mut groups: Vec<_> = document
        .items("/tags")
        .iter()
        .filter_map(|tag| Some(group(text(tag, "name")?, text(tag, "description"))))
        .collect();
    for (path, item) in document.members("/paths") {
        for (method, it) in members(Some(item)).filter(|(name, _)| METHODS.contains(name)) {
            let tag = items(it.get("tags")).first().and_then(Value::as_str).unwrap_or("Other");
            let operation = operation(document, issuer, path, method, item, it);
            if let Some(known) = groups.iter_mut().find(|group| group.name == tag) {
                known.operations.push(operation);
            } else {
                let mut other = group(tag, None);
                other.operations.push(operation);
                groups.push(other);
            }
        }
    }
    groups.retain(|it| !it.operations.is_empty());
    groups
}

fn group<'a>(name: &'a str, description: Option<&'a str>) -> Group<'a> {
    let anchor = anchor(&["group", name]);
    Group { name, anchor, description: Prose::of(description), operations: Vec::new() }
}

fn operation<'a>(
    document: Document<'a>,
    issuer: &str,
    path: &'a str,
    method: &str,
    item: &'a Value,
    it: &'a Value,
) -> Operation<'a> {
    let shared = items(item.get("parameters")).iter();
    let parameters = shared.chain(items(it.get("parameters"))).map(|it| document.resolve(it));
    let (errors, answers) = members(it.get("responses"))
        .map(|(status, it)| answer(document, status, document.resolve(it)))
        .partition(|it: &Answer<'_>| it.status.starts_with(['4', '5']));
    let mut operation = Operation {
        anchor: anchor(&[method, path]),
        method: method.to_ascii_uppercase(),
        path,
        summary: text(it, "summary").unwrap_or(path),
        description: Prose::of(text(it, "description")),
        credentials: credentials(document, it),
        parameters: parameters.map(|it| parameter(document, it)).collect(),
        body: it.get("requestBody").map(|it| body(document, document.resolve(it))),
        answers,
        errors,
        curl: String::new(),
    };
    operation.curl = curl::example(&operation, issuer);
    operation
}

fn credentials<'a>(document: Document<'a>, it: &'a Value) -> Vec<Credential<'a>> {
    let own = it.get("security").map(|own| items(Some(own)));
    let ways = own.unwrap_or_else(|| document.items("/security"));
    ways.iter()
        .flat_map(|way| members(Some(way)))
        .map(|(name, scopes)| Credential {
            name,
            scopes: items(Some(scopes)).iter().filter_map(Value::as_str).collect(),
            basic: document.text(&format!("/components/securitySchemes/{name}/scheme"))
                == Some("basic"),
        })
        .collect()
}

fn parameter<'a>(document: Document<'a>, it: &'a Value) -> Parameter<'a> {
    Parameter {
        name: text(it, "name").unwrap_or_default(),
        place: text(it, "in").unwrap_or_default(),
        required: it.get("required").and_then(Value::as_bool).unwrap_or_default(),
        kind: it.get("schema").map(|it| schema::kind(document, it)).unwrap_or_default(),
        description: Prose::of(text(it, "description")),
    }
}

fn body<'a>(document: Document<'a>, it: &'a Value) -> Body<'a> {
    let content_types = members(it.get("content")).map(|(name, _)| name).collect();
    Body { content_types, fields: fields_of_content(document, it) }
}

fn answer<'a>(document: Document<'a>, status: &'a str, it: &'a Value) -> Answer<'a> {
    let description = Prose::of(text(it, "description"));
    Answer { status, description, fields: fields_of_content(document, it) }
}

/// The fields of the first content type: all of them carry the same.
fn fields_of_content<'a>(document: Document<'a>, it: &'a Value) -> Vec<Field<'a>> {
    let schema = members(it.get("content")).find_map(|(_, it)| it.get("schema"));
    schema.map(|it| schema::fields(document, it)).unwrap_or_default()
}

/// A name that can stand behind `#` in an address.
fn anchor(words: &[&str]) -> String {
    let text = words.join("-").to_ascii_lowercase();
    let plain = text.split(|it: char| !it.is_ascii_alphanumeric()).filter(|it| !it.is_empty());
    plain.collect::<Vec<_>>().join("-")
}
