//! What must not leave, at the last door.

use lodge_forge::{DiffFile, FileStatus};
use lodge_gateway::Policies;
use lodge_testkit::builders::local;
use serde_json::json;

use crate::support::{COMMIT, House, Plan, Tested, a_diff, a_diff_file, a_tree_entry};

/// A token that is good in form only.
const TOKEN: &str = "ghp_A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q7r8";
const KEY_LINE: &str = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj";

/// The hunks of a file that holds a token and a key.
fn hunks() -> String {
    let label = "PRIVATE KEY";
    format!(
        "@@ -1,2 +1,6 @@\n fn main() {{\n+    let token = \"{TOKEN}\";\n+-----BEGIN {label}-----\n\
         +{KEY_LINE}\n+-----END {label}-----\n }}\n"
    )
}

/// A commit that touches `.env`, a renamed key, and a file with secrets inside.
async fn a_house(policies: Policies) -> Tested<House> {
    let house = House::built(Plan { policies, ..Plan::default() }).await?;
    let renamed = DiffFile {
        previous_path: Some("deploy/server.key".to_owned()),
        status: FileStatus::Renamed,
        ..a_diff_file("notes.txt", "@@ -1 +1 @@\n-KEEP=1\n+KEEP=2\n")
    };
    let files = vec![
        a_diff_file(".env", "@@ -1 +1 @@\n-PLAIN=hunter\n+PLAIN=tiger\n"),
        renamed,
        a_diff_file("src/main.rs", &hunks()),
    ];
    house.host.script().diff = a_diff(files);
    Ok(house)
}

const ON: Policies = Policies { firewall: true, journal: true };
const OFF: Policies = Policies { firewall: false, journal: true };
const INSIDE: [&str; 8] =
    [TOKEN, KEY_LINE, ".env", "server.key", "notes.txt", "hunter", "tiger", "KEEP"];

fn diff() -> String {
    format!("/commits/{COMMIT}/diff")
}

#[actix_web::test]
async fn a_diff_leaves_without_blocked_files_and_with_its_secrets_masked() -> Tested {
    let house = a_house(ON).await?;
    for path in [diff(), "/pull-requests/7/diff".to_owned()] {
        let answer = house.read_web(&path).await?;
        assert_eq!(answer.status, 200, "{}", answer.text);
        for secret in INSIDE {
            assert!(!answer.text.contains(secret), "{secret} left: {}", answer.text);
        }
        let files = &answer.json["data"]["files"];
        assert_eq!(files.as_array().map(Vec::len), Some(3));
        for withheld in [&files[0], &files[1]] {
            assert_eq!(withheld["patch_state"], "withheld");
            assert_eq!(withheld["patch"], json!(null));
            assert!(withheld["path"].as_str().unwrap_or_default().starts_with("withheld/"));
        }
        assert_eq!(files[2]["patch_state"], "masked");
        let patch = files[2]["patch"].as_str().unwrap_or_default();
        assert_eq!(patch.lines().count(), hunks().lines().count());
        assert!(patch.contains("    let token = \"‹masked:"), "{patch}");
        assert!(patch.contains("+‹masked:private-key:"), "{patch}");
        assert_eq!(answer.json["data"]["totals"]["files"], 3);

        let firewall = &answer.json["firewall"];
        assert_eq!(firewall["masked"], 2, "{firewall}");
        assert_eq!(firewall["withheld"].as_array().map(Vec::len), Some(2), "{firewall}");
        assert_eq!(firewall["withheld"][0]["rule"], "F1");
        let hash = firewall["withheld"][0]["path_hash"].as_str().unwrap_or_default();
        assert_eq!(files[0]["path"], format!("withheld/{hash}"));
    }
    Ok(())
}

#[actix_web::test]
async fn a_patch_leaves_no_more_than_the_json_does() -> Tested {
    let house = a_house(ON).await?;
    let answer = house.read_web(&format!("{}?format=patch", diff())).await?;
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert_eq!(answer.header("content-type"), "text/x-diff; charset=utf-8");
    for secret in INSIDE {
        assert!(!answer.text.contains(secret), "{secret} left: {}", answer.text);
    }
    assert_eq!(answer.text.matches("diff --git a/withheld/").count(), 2, "{}", answer.text);
    let (_, patch) = answer.text.split_once("+++ b/src/main.rs\n").ok_or("no patch")?;
    assert_eq!(patch.lines().count(), hunks().lines().count());
    let row = house.journal.take().pop().ok_or("no row")?;
    assert_eq!((row.withheld, row.masked), (2, 2));
    Ok(())
}

#[actix_web::test]
async fn blocked_names_are_left_out_of_a_tree_and_counted() -> Tested {
    let house = a_house(ON).await?;
    let names = [".env", "README.md", "deploy/id_rsa", "src/main.rs"];
    house.host.script().tree = names.map(a_tree_entry).into();
    let answer = house.read_web("/file-tree?recursive=true").await?;
    let paths: Vec<_> =
        answer.json["data"].as_array().into_iter().flatten().map(|it| it["path"].clone()).collect();
    assert_eq!(paths, ["README.md", "src/main.rs"]);
    assert_eq!(answer.json["firewall"]["withheld"].as_array().map(Vec::len), Some(2));
    assert!(!answer.text.contains("id_rsa"), "{}", answer.text);
    Ok(())
}

#[actix_web::test]
async fn every_listing_is_masked() -> Tested {
    let house = a_house(ON).await?;
    {
        let mut script = house.host.script();
        script.repositories.iter_mut().for_each(|it| it.description = Some(TOKEN.to_owned()));
        script.branches.iter_mut().for_each(|it| it.name = format!("fix/{TOKEN}"));
        script.commits.iter_mut().for_each(|it| it.message = format!("Use {TOKEN}"));
        script.contributors.iter_mut().for_each(|it| it.name = Some(TOKEN.to_owned()));
        script.tags.iter_mut().for_each(|it| it.message = Some(TOKEN.to_owned()));
        script.releases.iter_mut().for_each(|it| it.body = Some(TOKEN.to_owned()));
        script.pull_requests.iter_mut().for_each(|it| it.body = Some(TOKEN.to_owned()));
        script.checks.iter_mut().for_each(|it| it.summary = Some(TOKEN.to_owned()));
        script.deployments.iter_mut().for_each(|it| it.environment = TOKEN.to_owned());
        script.tree = vec![a_tree_entry(&format!("src/{TOKEN}"))];
    }
    for rest in [
        "",
        "/branches",
        "/commits",
        "/contributors",
        "/tags",
        "/releases",
        "/pull-requests",
        "/checks",
        "/deployments",
        "/file-tree",
    ] {
        let answer = house.read_web(rest).await?;
        assert_eq!(answer.status, 200, "{rest}: {}", answer.text);
        assert!(!answer.text.contains(TOKEN), "{rest}: {}", answer.text);
        assert!(answer.json["firewall"]["masked"].as_u64() > Some(0), "{rest}: {}", answer.text);
    }
    let listed = house.read("/v1/repositories").await?;
    assert_eq!(listed.json["firewall"]["masked"], 1, "{}", listed.text);
    assert_eq!(listed.json["data"][0]["provider"], local().as_str());
    Ok(())
}

#[actix_web::test]
async fn it_is_the_firewall_that_holds_it_back() -> Tested {
    let house = a_house(OFF).await?;
    let answer = house.read_web(&format!("{}?format=patch", diff())).await?;
    for secret in INSIDE {
        assert!(answer.text.contains(secret), "{secret} was never there: {}", answer.text);
    }
    Ok(())
}
