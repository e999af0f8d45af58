//! Each kind of forbidden arrow, on made-up packages.

use super::violations;
use crate::workspace::{Arrow, Member};

fn package(folder: &str, arrows: Vec<Arrow>) -> Member {
    let room = folder.rsplit('/').next().unwrap();
    let name =
        if folder.starts_with("crates/") { format!("lodge-{room}") } else { room.to_owned() };
    Member { name, folder: folder.to_owned(), description: String::new(), arrows }
}

fn ours(to: &str) -> Arrow {
    Arrow { to: to.to_owned(), dev: false, ours: true }
}

fn outside(to: &str) -> Arrow {
    Arrow { to: to.to_owned(), dev: false, ours: false }
}

fn in_tests(arrow: Arrow) -> Arrow {
    Arrow { dev: true, ..arrow }
}

/// What is said about `package` inside a whole house.
fn said_about(package: Member) -> Vec<String> {
    let house = [
        "crates/domain/kernel",
        "crates/ports/storage",
        "crates/app/gateway",
        "crates/adapters/store",
        "crates/adapters/provider-kit",
        "crates/testing/testkit",
    ];
    let mut packages: Vec<Member> = house
        .iter()
        .filter(|it| **it != package.folder)
        .map(|it| self::package(it, Vec::new()))
        .collect();
    packages.push(package);
    violations(&packages)
}

#[test]
fn inner_rings_are_free_to_use() {
    let gateway = package(
        "crates/app/gateway",
        vec![ours("lodge-kernel"), ours("lodge-storage"), outside("tracing")],
    );
    assert_eq!(said_about(gateway), Vec::<String>::new());
}

#[test]
fn a_use_case_must_not_know_an_adapter() {
    let gateway = package("crates/app/gateway", vec![ours("lodge-store")]);
    assert_eq!(
        said_about(gateway),
        ["lodge-gateway (app) → lodge-store: a ring uses only the rings inside it"]
    );
}

#[test]
fn the_domain_must_not_know_a_port() {
    let kernel = package("crates/domain/kernel", vec![ours("lodge-storage")]);
    assert_eq!(
        said_about(kernel),
        ["lodge-kernel (domain) → lodge-storage: a ring uses only the rings inside it"]
    );
}

#[test]
fn adapters_do_not_know_each_other() {
    let web = package("crates/adapters/web", vec![ours("lodge-store")]);
    assert_eq!(
        said_about(web),
        ["lodge-web (adapters) → lodge-store: a ring uses only the rings inside it"]
    );
}

#[test]
fn a_sibling_is_not_allowed_in_tests_either() {
    let web = package("crates/adapters/web", vec![in_tests(ours("lodge-store"))]);
    assert_eq!(said_about(web).len(), 1);
}

#[test]
fn the_domain_takes_no_runtime() {
    let kernel = package("crates/domain/kernel", vec![outside("thiserror"), outside("tokio")]);
    assert_eq!(
        said_about(kernel),
        [
            "lodge-kernel (domain) → tokio: this ring's outside crates are listed, and it is not among them"
        ]
    );
}

#[test]
fn tests_of_the_domain_take_what_they_need() {
    let kernel = package("crates/domain/kernel", vec![in_tests(outside("proptest"))]);
    assert_eq!(said_about(kernel), Vec::<String>::new());
}

#[test]
fn named_exceptions_hold_for_their_crates_only() {
    let http = package("crates/adapters/http-api", vec![ours("lodge-gateway")]);
    let github = package("crates/adapters/provider-github", vec![ours("lodge-provider-kit")]);
    let store = package("crates/adapters/store", vec![ours("lodge-gateway")]);
    assert_eq!(said_about(http), Vec::<String>::new());
    assert_eq!(said_about(github), Vec::<String>::new());
    assert_eq!(said_about(store).len(), 1);
}

#[test]
fn test_support_is_for_tests() {
    let shipped = package("crates/adapters/web", vec![ours("lodge-testkit")]);
    let tested = package("crates/adapters/web", vec![in_tests(ours("lodge-testkit"))]);
    assert_eq!(
        said_about(shipped),
        [
            "lodge-web (adapters) → lodge-testkit: test support is a dev-dependency of product crates only"
        ]
    );
    assert_eq!(said_about(tested), Vec::<String>::new());
}

#[test]
fn end_to_end_tests_and_tasks_see_no_product_crate() {
    for folder in ["tests", "xtask"] {
        let outsider = package(folder, vec![ours("lodge-kernel"), in_tests(ours("lodge-testkit"))]);
        assert_eq!(said_about(outsider).len(), 2, "{folder}");
    }
}

#[test]
fn a_folder_that_is_not_in_the_table_is_refused() {
    let stray = package("crates/common/kernel-extras", Vec::new());
    assert_eq!(said_about(stray), ["lodge-kernel-extras: crates/common/kernel-extras is no ring"]);
}

#[test]
fn a_package_is_named_after_its_folder() {
    let mut web = package("crates/adapters/web", Vec::new());
    web.name = "lodge-pages".to_owned();
    assert_eq!(said_about(web), ["lodge-pages: a package is named after its folder: lodge-web"]);
}

#[test]
fn a_path_out_of_the_workspace_is_refused() {
    let store = package("crates/adapters/store", vec![ours("borrowed-from-next-door")]);
    assert_eq!(
        said_about(store),
        ["lodge-store (adapters) → borrowed-from-next-door: it lies outside the workspace"]
    );
}
