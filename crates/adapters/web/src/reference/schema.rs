//! Schemas as a table of fields.

use serde_json::Value;

use super::{
    document::{Document, items, members, text},
    prose::Prose,
};

/// How many steps a table goes into nested objects and lists. Schemas may
/// contain themselves.
const DEEPEST: usize = 8;
const MOST_FIELDS: usize = 200;

/// One field of a body.
pub(super) struct Field<'a> {
    /// Its path: `data[].owner.name`.
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) required: bool,
    pub(super) description: Prose<'a>,
}

/// Every field of `schema`, with those of nested objects below it.
pub(super) fn fields<'a>(document: Document<'a>, schema: &'a Value) -> Vec<Field<'a>> {
    let mut found = Vec::new();
    collect(document, schema, "", 0, &mut found);
    found
}

fn collect<'a>(
    document: Document<'a>,
    schema: &'a Value,
    path: &str,
    depth: usize,
    found: &mut Vec<Field<'a>>,
) {
    if depth >= DEEPEST {
        return;
    }
    let schema = inner(document, schema);
    for part in items(schema.get("allOf")) {
        collect(document, part, path, depth + 1, found);
    }
    if let Some(item) = schema.get("items") {
        collect(document, item, &format!("{path}[]"), depth + 1, found);
    }
    let required = items(schema.get("required"));
    for (name, property) in members(schema.get("properties")) {
        if found.len() >= MOST_FIELDS {
            return;
        }
        let name_here = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        let target = document.resolve(property);
        let description = text(property, "description").or_else(|| text(target, "description"));
        found.push(Field {
            name: name_here.clone(),
            kind: kind(document, property),
            required: required.iter().any(|it| it.as_str() == Some(name)),
            description: Prose::of(description),
        });
        collect(document, property, &name_here, depth + 1, found);
    }
}

/// The schema itself, behind references and behind “this or null”.
fn inner<'a>(document: Document<'a>, schema: &'a Value) -> &'a Value {
    let schema = document.resolve(schema);
    let mut others = choices(schema).iter().filter(|it| !is_null(it));
    match (others.next(), others.next()) {
        (Some(only), None) => document.resolve(only),
        _ => schema,
    }
}

fn choices(schema: &Value) -> &[Value] {
    items(schema.get("oneOf").or_else(|| schema.get("anyOf")))
}

fn is_null(schema: &Value) -> bool {
    text(schema, "type") == Some("null")
}

/// A schema's type in words: `string or null`, `list of integer`,
/// `one of: public, private`.
pub(super) fn kind<'a>(document: Document<'a>, schema: &'a Value) -> String {
    described(document, schema, 0)
}

fn described<'a>(document: Document<'a>, schema: &'a Value, depth: usize) -> String {
    // A list of lists of lists … of itself would have no end.
    if depth > 8 { "value".to_owned() } else { named(document, document.resolve(schema), depth) }
}

fn named<'a>(document: Document<'a>, schema: &'a Value, depth: usize) -> String {
    let values: Vec<_> = items(schema.get("enum")).iter().filter_map(Value::as_str).collect();
    if !values.is_empty() {
        return format!("one of: {}", values.join(", "));
    }
    let choices = choices(schema);
    if !choices.is_empty() {
        return joined(choices.iter().map(|it| described(document, it, depth + 1)));
    }
    let types: Vec<_> = match schema.get("type") {
        Some(Value::String(one)) => vec![one.as_str()],
        several => items(several).iter().filter_map(Value::as_str).collect(),
    };
    if types.is_empty() {
        let known = schema.get("properties").or_else(|| schema.get("allOf"));
        return if known.is_some() { "object" } else { "value" }.to_owned();
    }
    joined(types.into_iter().map(|it| match (it, schema.get("items")) {
        ("array", Some(item)) => format!("list of {}", described(document, item, depth + 1)),
        ("array", None) => "list".to_owned(),
        ("string", _) if text(schema, "format") == Some("date-time") => "instant".to_owned(),
        (other, _) => other.to_owned(),
    }))
}

/// `null` comes last, and nothing twice.
fn joined(kinds: impl Iterator<Item = String>) -> String {
    let mut all: Vec<_> = kinds.collect();
    all.sort_by_key(|it| it == "null");
    all.dedup();
    all.join(" or ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn kind_of(schema: &Value) -> String {
        let root = json!({"S": {"type": "string"}});
        kind(Document::new(&root), schema)
    }

    #[test]
    fn a_type_is_said_in_words() {
        assert_eq!(kind_of(&json!({"type": ["null", "string"]})), "string or null");
        assert_eq!(
            kind_of(&json!({"oneOf": [{"type": "null"}, {"$ref": "#/S"}]})),
            "string or null"
        );
        assert_eq!(kind_of(&json!({"type": "array", "items": {"$ref": "#/S"}})), "list of string");
        assert_eq!(kind_of(&json!({"enum": ["a", "b"]})), "one of: a, b");
        assert_eq!(kind_of(&json!({"$ref": "#/nowhere"})), "value");
        assert_eq!(kind_of(&json!(7)), "value");
    }

    #[test]
    fn a_schema_that_contains_itself_has_a_table_with_an_end() {
        let root = json!({"Tree": {"properties": {
            "name": {"type": "string"},
            "below": {"type": "array", "items": {"$ref": "#/Tree"}},
        }}});
        let names: Vec<_> = fields(Document::new(&root), &root["Tree"])
            .into_iter()
            .map(|it| format!("{} ({})", it.name, it.kind))
            .collect();
        assert_eq!(names.len(), DEEPEST);
        assert_eq!(names[0], "below (list of object)");
        assert_eq!(names[2], "below[].below[].below (list of object)");
        let circle = json!({"L": {"type": "array", "items": {"$ref": "#/L"}}});
        assert!(fields(Document::new(&circle), &circle["L"]).is_empty());
        assert!(kind(Document::new(&circle), &circle["L"]).ends_with("value"));
    }
}
