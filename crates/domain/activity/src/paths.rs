//! Files that nobody of a team wrote: generated, built, or brought in.
//!
//! The rules are those that GitHub's linguist documents for what it leaves out
//! of statistics, with build output, and without the names that students give
//! to folders of their own (`cache`, `test`).
//!
//! Source: <https://github.com/github-linguist/linguist/blob/main/docs/overrides.md>,
//! its `vendor.yml` and `generated.rb`.

/// Folders, wherever they stand.
const FOLDERS: &[&str] = &[
    // What package managers fetch.
    "node_modules",
    "bower_components",
    "jspm_packages",
    "third_party",
    "third-party",
    "thirdparty",
    "3rdparty",
    "carthage",
    ".yarn",
    ".pnp",
    "site-packages",
    ".venv",
    "venv",
    ".bundle",
    ".cargo-vendor",
    "godeps",
    ".m2",
    // What tools build.
    "_build",
    "deriveddata",
    "__pycache__",
    ".gradle",
    ".next",
    ".nuxt",
    ".svelte-kit",
    ".parcel-cache",
    ".pytest_cache",
    ".mypy_cache",
    ".tox",
    ".ipynb_checkpoints",
    "htmlcov",
    ".nyc_output",
    "cmakefiles",
    ".dart_tool",
    "__generated__",
    // What editors keep.
    ".idea",
    ".vscode",
    ".vs",
    ".settings",
    ".fleet",
    ".metadata",
    "nbproject",
    "xcuserdata",
];

/// Folders at the root of a repository.
const AT_ROOT: &[&str] = &["deps", "dependencies", "extern", "coverage"];

/// Folders at the root of a repository, or of a module that stands there. Deeper
/// they are names that people give to packages of their own.
const NEAR_ROOT: &[&str] =
    &["vendor", "vendors", "external", "pods", "dist", "build", "out", "obj"];

/// Folders at the root that hold what people write, and are no modules.
const SOURCES: &[&str] = &[
    "src", "app", "lib", "libs", "java", "kotlin", "main", "source", "sources", "test", "tests",
    "internal", "pkg", "cmd",
];

/// Files of exactly these names at the root of a repository.
const NAMES_AT_ROOT: &[&str] = &["configure"];

/// A folder directly in another: each alone is a name that people use.
const PAIRS: &[(&str, &str)] = &[
    ("target", "classes"),
    ("target", "test-classes"),
    ("target", "debug"),
    ("target", "release"),
    ("target", "generated-sources"),
    ("target", "surefire-reports"),
    ("bin", "debug"),
    ("bin", "release"),
    (".mvn", "wrapper"),
    ("gradle", "wrapper"),
];

/// Files of exactly these names.
const NAMES: &[&str] = &[
    // Lock files.
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "bun.lockb",
    "deno.lock",
    "cargo.lock",
    "composer.lock",
    "gemfile.lock",
    "poetry.lock",
    "pdm.lock",
    "uv.lock",
    "pipfile.lock",
    "conda-lock.yml",
    "go.sum",
    "gopkg.lock",
    "glide.lock",
    "podfile.lock",
    "cartfile.resolved",
    "package.resolved",
    "mix.lock",
    "rebar.lock",
    "pubspec.lock",
    "flake.lock",
    "gradle.lockfile",
    "packages.lock.json",
    "paket.lock",
    "cabal.project.freeze",
    "stack.yaml.lock",
    ".terraform.lock.hcl",
    "module.bazel.lock",
    // Wrappers and what configure scripts come from.
    "gradlew",
    "gradlew.bat",
    "mvnw",
    "mvnw.cmd",
    "config.guess",
    "config.sub",
    "aclocal.m4",
    "libtool.m4",
    "ltmain.sh",
    ".pnp.cjs",
    ".pnp.loader.mjs",
    "cmakecache.txt",
    // What systems and editors leave behind.
    ".ds_store",
    "thumbs.db",
    "desktop.ini",
    ".project",
    ".classpath",
];

/// How names end.
const ENDINGS: &[&str] = &[
    // Written by compilers, bundlers and generators of code.
    ".min.js",
    ".min.mjs",
    ".min.css",
    "-min.js",
    "-min.css",
    ".bundle.js",
    ".chunk.js",
    ".js.map",
    ".mjs.map",
    ".css.map",
    ".d.ts.map",
    ".pb.go",
    ".pb.gw.go",
    "_grpc.pb.go",
    ".pb.cc",
    ".pb.h",
    "_pb2.py",
    "_pb2_grpc.py",
    "_pb2.pyi",
    "_pb.js",
    "_pb.d.ts",
    ".pb.swift",
    ".pbobjc.h",
    ".pbobjc.m",
    ".designer.cs",
    ".g.cs",
    ".g.i.cs",
    ".g.dart",
    ".freezed.dart",
    ".gr.dart",
    ".generated.ts",
    ".generated.js",
    ".generated.cs",
    ".generated.go",
    "_generated.go",
    ".gen.go",
    ".xcworkspacedata",
    ".xcuserstate",
    ".nib",
    ".pbxproj",
    ".snap",
    // Built.
    ".class",
    ".o",
    ".obj",
    ".a",
    ".so",
    ".dll",
    ".dylib",
    ".exe",
    ".pyc",
    ".pyo",
    ".jar",
    ".war",
    ".pdb",
    ".wasm",
    ".log",
    // Kept by editors.
    ".iml",
    ".suo",
    ".swp",
    ".swo",
];

/// Somebody of the team may have written the file at `path`, as Git writes it
/// (`/` between the parts): it is neither generated nor brought in. Letters
/// count in either case.
pub fn is_authored(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let (folders, name) = path.rsplit_once('/').unwrap_or(("", &path));
    let folders: Vec<&str> = folders.split('/').collect();
    let pairs = folders.iter().zip(folders.iter().skip(1));
    let is_near_root = match folders.as_slice() {
        [first, ..] if NEAR_ROOT.contains(first) => true,
        [first, second, ..] => NEAR_ROOT.contains(second) && !SOURCES.contains(first),
        _ => false,
    };
    let is_foreign = NAMES.contains(&name)
        || is_near_root
        || NAMES_AT_ROOT.contains(&path.as_str())
        || ENDINGS.iter().any(|ending| name.len() > ending.len() && name.ends_with(ending))
        || folders.iter().any(|it| FOLDERS.contains(it))
        || folders.first().is_some_and(|it| AT_ROOT.contains(it))
        || pairs.into_iter().any(|(one, other)| PAIRS.contains(&(*one, *other)));
    !is_foreign
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_people_write_is_theirs() {
        for path in [
            "src/main.rs",
            "README.md",
            "build.gradle",
            "vendor.rs",
            "src/cache/lru.go",
            "src/main/java/sk/school/shop/vendor/Vendor.java",
            "src/main/kotlin/out/Printer.kt",
            "src/build/Plan.cs",
            "app/vendor/Supplier.php",
            "app/dist/page.tsx",
            "lib/external/api.dart",
            "server/src/external/Bank.java",
            "internal/build/house.go",
            "java/obj/Thing.java",
            "cmd/to_string.go",
            "models/admin.user",
            "scripts/configure",
            "test/dist.py",
            "src/target/mod.rs",
            "bin/run.sh",
            "src/coverage/report.py",
            "package.json",
            "go.mod",
            "min.js",
            ".gitlab-ci.yml",
            ".github/workflows/test.yml",
        ] {
            assert!(is_authored(path), "{path}");
        }
    }

    #[test]
    fn what_tools_write_or_fetch_is_not() {
        for path in [
            "package-lock.json",
            "web/Package-Lock.json",
            "Cargo.lock",
            "node_modules/left-pad/index.js",
            "web/vendor/jquery.js",
            "Vendor/lib.c",
            "vendor/a/b/c.go",
            "build/main.txt",
            "Client/obj/project.assets.json",
            "ios/Pods/Manifest.txt",
            "configure",
            "web/dist/app.js",
            "static/jquery.min.js",
            "api/user.pb.go",
            "api/user_pb2.py",
            "app/build/classes/A.class",
            "target/classes/A.txt",
            "service/target/debug/build.txt",
            "bin/Debug/App.txt",
            ".idea/workspace.xml",
            ".vscode/settings.json",
            "project.iml",
            "deps/zlib/zlib.c",
            "gradlew",
            "src/__pycache__/a.txt",
        ] {
            assert!(!is_authored(path), "{path}");
        }
    }

    proptest! {
        #[test]
        fn case_does_not_count(path: String) {
            prop_assert_eq!(is_authored(&path), is_authored(&path.to_ascii_uppercase()));
        }
    }
}
