//! How an operation is called from a shell.

use super::operation::{Body, Operation};

/// A command that can be copied: path parameters and secrets are shell
/// variables.
pub(super) fn example(operation: &Operation<'_>, issuer: &str) -> String {
    let mut lines = vec!["curl".to_owned()];
    if operation.method != "GET" {
        lines.push(format!("-X {}", operation.method));
    }
    if let Some(credential) = operation.credentials.first() {
        lines.push(if credential.basic {
            r#"-u "$CLIENT_ID:$CLIENT_SECRET""#.to_owned()
        } else {
            format!(r#"-H "authorization: Bearer ${}""#, variable(credential.name))
        });
    }
    if let Some(body) = &operation.body {
        lines.extend(of_body(body));
    }
    lines.push(format!("\"{issuer}{}\"", path(operation.path)));
    lines.join(" \\\n  ")
}

/// The required fields of the top level; the first one when none is.
fn of_body(body: &Body<'_>) -> Vec<String> {
    let top = || body.fields.iter().filter(|it| !it.name.contains(['.', '[']));
    let required: Vec<_> = top().filter(|it| it.required).collect();
    let shown = if required.is_empty() { top().take(1).collect() } else { required };
    if body.content_types.contains(&"application/x-www-form-urlencoded") {
        return shown
            .iter()
            .map(|it| format!("-d {}=\"${}\"", it.name, variable(&it.name)))
            .collect();
    }
    let members: Vec<_> = shown
        .iter()
        .map(|it| {
            let value = match it.kind.as_str() {
                "boolean" => "true",
                "integer" | "number" => "1",
                kind if kind.starts_with("list of") => "[\"…\"]",
                "object" => "{}",
                _ => "\"…\"",
            };
            format!("\"{}\":{value}", it.name)
        })
        .collect();
    vec![
        "-H 'content-type: application/json'".to_owned(),
        format!("-d '{{{}}}'", members.join(",")),
    ]
}

/// `/v1/{repoId}` as `/v1/$REPO_ID`.
fn path(template: &str) -> String {
    let mut pieces = template.split('{');
    let mut path = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (name, rest) = piece.split_once('}').unwrap_or((piece, ""));
        path.push('$');
        path.push_str(&variable(name));
        path.push_str(rest);
    }
    path
}

/// `repoId` and `repo-id` as `REPO_ID`.
fn variable(name: &str) -> String {
    let mut text = String::new();
    for it in name.chars() {
        if it.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(if it.is_ascii_alphanumeric() { it.to_ascii_uppercase() } else { '_' });
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_parameter_becomes_a_shell_variable() {
        assert_eq!(path("/v1/{provider}/{repoId}/diff"), "/v1/$PROVIDER/$REPO_ID/diff");
        assert_eq!(path("/health"), "/health");
    }
}
