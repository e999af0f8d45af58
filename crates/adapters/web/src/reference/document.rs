//! Finding one's way in an `OpenAPI` document.

use serde_json::Value;

/// One document.
#[derive(Clone, Copy)]
pub(super) struct Document<'a>(&'a Value);

impl<'a> Document<'a> {
    pub(super) const fn new(root: &'a Value) -> Self {
        Self(root)
    }

    /// The text at a JSON pointer.
    pub(super) fn text(self, pointer: &str) -> Option<&'a str> {
        self.0.pointer(pointer).and_then(Value::as_str)
    }

    /// The members of the object at a JSON pointer.
    pub(super) fn members(self, pointer: &str) -> impl Iterator<Item = (&'a str, &'a Value)> {
        members(self.0.pointer(pointer))
    }

    /// The items of the list at a JSON pointer.
    pub(super) fn items(self, pointer: &str) -> &'a [Value] {
        items(self.0.pointer(pointer))
    }

    /// What stands where `value` points. References that lead in a circle, or
    /// out of the document, are left as they are.
    pub(super) fn resolve(self, value: &'a Value) -> &'a Value {
        let mut found = value;
        for _ in 0..8 {
            let Some(reference) = text(found, "$ref") else { break };
            let pointer = reference.strip_prefix('#');
            let Some(target) = pointer.and_then(|it| self.0.pointer(it)) else { break };
            found = target;
        }
        found
    }
}

/// The text of a member.
pub(super) fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name).and_then(Value::as_str)
}

/// The members of an object; none of anything else.
pub(super) fn members(value: Option<&Value>) -> impl Iterator<Item = (&str, &Value)> {
    let object = value.and_then(Value::as_object).into_iter().flatten();
    object.map(|(name, value)| (name.as_str(), value))
}

/// The items of a list; none of anything else.
pub(super) fn items(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reference_that_leads_in_a_circle_ends() {
        let root = serde_json::json!({"a": {"$ref": "#/b"}, "b": {"$ref": "#/a"}, "c": 1});
        let document = Document::new(&root);
        assert!(document.resolve(&root["a"]).get("$ref").is_some());
        let good = serde_json::json!({"$ref": "#/c"});
        assert_eq!(Document::new(&root).resolve(&good), 1);
    }
}
