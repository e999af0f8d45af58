//! Patches keep their form.

use super::reviewed;

#[test]
fn a_masked_patch_has_the_same_lines_with_the_same_marks() {
    let patch = "@@ -1,4 +1,5 @@\n # settings\n-password: \"hunter2\"\n+password: \"hunter3\"\n+api_key: a1b2c3d4e5f6\n user: me\n\\ No newline at end of file";
    assert_eq!(
        reviewed(patch),
        "@@ -1,4 +1,5 @@\n # settings\n-password: \"‹masked:password:…›\"\n+password: \"‹masked:password:…›\"\n\
         +api_key: ‹masked:secret:…›\n user: me\n\\ No newline at end of file"
    );
}

#[test]
fn a_value_on_the_line_after_its_name_is_masked_behind_the_mark() {
    assert_eq!(
        reviewed("+const password =\n+    \"hunter2\";\n"),
        "+const password =\n+    \"‹masked:password:…›\";\n"
    );
}

#[test]
fn combined_diffs_keep_both_marks() {
    assert_eq!(
        reviewed("@@@ -1,1 -1,1 +1,1 @@@\n- password=hunter2\n++password=hunter3\n"),
        "@@@ -1,1 -1,1 +1,1 @@@\n- password=‹masked:password:…›\n++password=‹masked:password:…›\n"
    );
}
