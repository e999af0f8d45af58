//! What every storage must do. A case takes a fresh storage; the macro
//! [`storage_contract`](crate::storage_contract!) makes each case a test.
#![expect(
    clippy::missing_errors_doc,
    clippy::missing_panics_doc,
    reason = "a case panics when the contract is broken, and passes on what the storage says"
)]

pub mod access;
pub mod accounts;
pub mod activity;
pub mod actors;
pub mod administration;
pub mod approved;
pub mod apps;
pub mod audit;
pub mod callers;
pub mod connections;
pub mod courses;
pub mod credentials;
pub mod customers;
pub mod entrances;
pub mod events;
mod facts;
pub mod flag_decisions;
pub mod intake;
pub mod jobs;
pub mod logins;
pub mod passkeys;
pub mod people;
mod racers;
pub mod reports;
pub mod sources;
pub mod sweep;
pub mod teams;
pub mod tokens;
pub mod usage;
pub mod usage_sums;
pub mod webhooks;
pub mod work;

use std::sync::Arc;

use lodge_storage::{Storage, StorageError};
use racers::race;

/// What a case begins with.
pub type Fresh = Arc<dyn Storage>;
/// What a case ends with.
pub type Outcome = Result<(), StorageError>;

/// Makes a test of every case.
///
/// `$fresh` gives a storage with up-to-date tables, and what must live as long
/// as it, for example the folder that it is in.
#[macro_export]
macro_rules! storage_contract {
    ($fresh:expr) => {
        $crate::storage_contract! { @cases $fresh;
            people {
                organisations_and_developers_come_back_as_they_were
                a_session_comes_back_and_ends_once
                customers_and_accounts_come_back_as_they_were
                what_is_not_there_is_none
                a_taken_address_is_a_duplicate
                one_address_is_taken_once_however_many_ask
                a_second_vouched_customer_of_a_reference_is_a_duplicate
                a_reference_that_stood_in_a_url_finds_nobody
                a_customer_is_renamed
                nothing_belongs_to_what_is_not_there
                nothing_belongs_to_another_organisation
            }
            accounts {
                members_come_in_pages_and_each_once
                a_member_changes_and_leaves
                an_organisation_is_held_by_one_at_a_time
                a_person_is_held_by_one_at_a_time
                a_session_is_seen_entered_and_listed
                the_other_sessions_of_a_person_end_together
                nobody_who_is_not_there_logs_in_or_belongs
            }
            entrances {
                a_password_is_replaced
                a_hash_is_replaced_once_and_only_where_it_is_the_known_one
                an_authenticator_comes_back_and_takes_each_step_once
                a_recovery_code_is_used_once_however_many_ask
                an_invitation_to_join_comes_back_and_ends_once
                a_password_link_is_taken_once_and_replaces_the_one_before
                of_two_attempts_to_log_in_the_second_sees_the_first
            }
            passkeys {
                a_passkey_comes_back_is_renamed_and_removed
                a_credential_belongs_to_one_person_however_many_ask
                of_two_answers_with_one_count_one_is_taken
                a_device_that_does_not_count_is_taken_each_time
                a_challenge_is_answered_once_however_many_ask
            }
            apps {
                an_app_comes_back_as_it_was
                an_update_writes_everything_but_the_birth
                an_unknown_app_is_not_updated
                apps_of_an_organisation_come_in_pages_oldest_first
            }
            connections {
                accounts_come_oldest_first
                accounts_come_in_pages_of_one_organisation_or_of_all
                an_account_changes_what_may_change_and_nothing_else
                an_account_is_connected_once_however_many_ask
                an_account_is_known_by_its_id_and_not_by_its_name
            }
            credentials {
                credentials_come_back_as_they_were_and_once
                of_two_refreshes_one_counts
                a_turn_to_refresh_is_had_by_one_at_a_time
                a_turn_ends_with_new_credentials_or_is_given_back
                credentials_are_removed
            }
            customers {
                a_session_of_a_customer_comes_back_and_changes
                a_session_of_a_customer_ends_once_and_for_ever
                receipts_come_back_newest_first
                a_version_of_an_approval_has_one_receipt
                the_active_approvals_of_a_customer_come_newest_first
                who_has_the_same_account_and_reference_is_found
                the_journal_of_a_customer_is_found_and_added_up
                idle_accounts_of_strangers_are_found
                a_sweep_takes_strangers_whose_accounts_are_gone
            }
            logins {
                a_login_comes_back_and_is_taken_once_however_many_ask
                a_login_that_has_expired_is_not_taken
                data_keys_come_back_and_are_counted
                a_data_key_is_made_once_however_many_ask
                a_data_key_is_wrapped_again_only_as_it_was_seen
                no_credential_login_or_key_belongs_to_what_is_not_there
            }
            access {
                an_approval_comes_back_as_it_was
                an_approval_has_exactly_the_repositories_of_its_last_update
                an_unknown_approval_is_not_updated
                an_approval_without_its_account_is_an_orphan
                taking_back_an_app_takes_back_what_is_pending_and_active
                an_invitation_is_taken_once_however_many_ask
                an_invitation_that_has_expired_is_not_taken
                a_pushed_request_is_taken_once_however_many_ask
                a_pushed_request_that_has_expired_is_not_taken
                a_visit_comes_back_and_ends_once_however_many_ask
                a_nonce_is_claimed_once_however_many_ask
                a_code_comes_back_and_is_used_once_however_many_ask
            }
            approved {
                repositories_that_are_approved_come_in_pages
            }
            tokens {
                a_token_comes_back_as_it_was
                a_second_token_with_the_same_digest_is_a_duplicate
                a_refresh_token_is_exchanged_once_however_many_ask
                a_token_that_was_taken_back_is_not_exchanged
                a_token_is_taken_back_once_and_keeps_its_time
                a_family_is_taken_back_together
                tokens_of_an_approval_and_of_an_app_are_taken_back
            }
            sweep {
                a_sweep_takes_what_has_ended_and_no_more_than_asked
                a_sweep_takes_what_nobody_answered_and_whoever_came_in_vain
                a_sweep_leaves_what_was_given_and_what_something_belongs_to
            }
            events {
                a_subscription_comes_back_as_it_was_and_changes
                the_subscriptions_of_an_app_come_in_pages_without_ended_ones
                a_webhook_is_kept_once_however_many_come
                webhooks_are_claimed_by_one_however_many_ask
                a_claim_that_is_not_settled_can_be_claimed_again
                a_webhook_that_was_given_up_waits_again
                events_come_back_as_they_were_and_are_settled
                events_are_claimed_when_their_time_has_come
                what_is_done_is_forgotten_and_nothing_else
                nothing_is_kept_for_a_subscription_that_is_not_there
            }
            courses {
                a_course_comes_back_as_it_was_and_changes_once
                a_course_is_held_by_one_at_a_time
                a_code_is_taken_once_in_whatever_case
                courses_come_in_pages_in_every_order
                courses_of_a_person_are_those_they_are_something_in
                a_course_goes_with_everything_in_it
                staff_comes_back_changes_and_leaves
            }
            callers {
                a_personal_token_comes_back_and_ends_once
                an_answer_is_reserved_once_however_many_ask
            }
            teams {
                a_team_comes_back_and_its_name_and_place_are_its_own
                members_join_and_leave_within_their_course
                a_student_comes_back_and_is_one_in_the_course
                what_a_student_goes_by_is_theirs_and_is_forgotten
                projects_come_back_in_pages_of_what_is_meant
            }
            intake {
                a_hook_comes_back_as_it_was_and_changes
                a_secret_opens_one_hook
                a_former_secret_is_nobody_elses_until_it_ends
                of_two_rotations_at_once_none_loses_a_secret
                hooks_come_in_pages_and_go
                a_delivery_comes_back_as_it_was_with_its_parcel
                a_delivery_is_kept_once_however_many_come
                what_came_before_is_told_by_its_first_id
                deliveries_are_claimed_by_one_however_many_ask
                a_try_that_does_not_end_is_made_again_by_another
                who_was_overtaken_settles_nothing
                a_try_that_fails_waits_and_is_noted
                the_last_activity_is_the_latest_in_whatever_order_it_is_noted
                the_newest_deliveries_that_are_meant_come_first_in_pages
                what_has_ended_can_wait_again_once
                a_dead_letter_that_is_discarded_is_ignored
                whatever_happens_the_numbers_add_up
                numbers_of_a_unit_that_is_undone_are_undone
                what_has_ended_is_forgotten_and_stays_counted
                what_is_replayed_meanwhile_is_not_forgotten
                what_was_taken_up_before_has_another_turn
                many_are_settled_together_but_those_of_others
                the_oldest_that_waits_is_known
                a_repository_is_found_in_every_course_that_has_it
            }
            activity {
                every_fact_comes_back_as_it_was
                what_is_told_is_merged_with_what_is_known
                whoever_tells_at_once_is_heard
                many_facts_are_told_at_once
                facts_come_newest_first_in_pages_of_what_is_meant
                commits_that_nobody_has_read_come_newest_first
                facts_go_with_their_project_team_and_course
            }
            actors {
                people_are_there_once_with_all_that_was_told
                who_was_erased_is_found_among_others
                nothing_is_kept_again_of_who_was_erased
            }
            sources {
                a_course_has_several_sources
                one_field_of_a_source_is_written_and_no_other
                sources_whose_time_has_come_are_due
                sources_that_fail_do_not_keep_others_waiting
                how_far_a_project_is_kept_up_comes_back
            }
            webhooks {
                a_project_has_one_webhook
                of_two_changes_to_the_webhook_of_a_project_one_counts
            }
            reports {
                a_report_comes_back_with_its_body_and_goes
                a_large_report_comes_back_as_it_was
                a_name_of_a_report_is_taken_once_in_an_organisation
                reports_come_newest_first_in_pages_of_what_is_meant
                a_report_is_of_a_course_and_of_its_teams
                reports_go_with_their_team_and_course
                the_reports_of_a_course_are_removed
                the_oldest_reports_are_removed_and_no_more_than_asked
            }
            flag_decisions {
                a_flag_has_the_decision_that_came_last
                decisions_come_by_team_and_flag
                a_flag_is_of_a_team_of_its_course
                decisions_about_flags_go_with_their_team_and_course
            }
            administration {
                an_admin_key_comes_back_and_ends_once
                grants_come_back_in_pages_of_what_is_meant
                of_two_changes_to_the_firewall_one_counts
                organisations_come_in_pages
                apps_and_tokens_come_in_pages_of_what_is_meant
            }
            jobs {
                a_job_comes_back_as_it_was_from_its_birth_to_its_end
                a_key_waits_once_however_many_ask
                a_running_job_that_gives_up_its_key_makes_room
                a_job_is_undone_with_what_it_belongs_to
                every_job_is_got_once_however_many_race
                urgent_jobs_come_first_and_then_the_oldest
                organisations_take_turns
                turns_are_those_of_a_line
                a_stale_fence_changes_nothing
                a_job_ends_once_however_many_end_it
                a_job_that_is_not_wanted_is_held_until_it_ends
                a_waiting_job_is_withdrawn_or_claimed_and_not_both
                jobs_come_in_pages_of_what_is_meant
                lines_are_counted
                ended_jobs_are_forgotten_with_what_they_told
                a_turn_is_taken_once_however_many_ask
            }
            audit {
                an_entry_comes_back_as_it_was
                a_chain_grows_at_its_end_and_in_pages
                an_entry_that_is_not_the_next_is_a_conflict
                a_chain_is_never_forked_however_many_append
                an_entry_is_undone_with_its_unit
                the_newest_entries_come_first_in_pages
            }
            usage {
                a_row_comes_back_as_it_was
                a_batch_can_be_sent_again
                the_newest_rows_come_first_in_pages
                an_empty_batch_changes_nothing
                a_filter_leaves_what_all_its_parts_mean
                a_row_is_found_by_its_request_in_its_own_organisation
                a_summary_adds_up_what_its_filter_means
            }
            usage_sums {
                sums_are_those_of_the_rows_however_they_came
                pages_are_the_rows_of_their_filter_and_no_others
            }
            work {
                it_says_what_it_is
                connections_are_counted
                a_dropped_unit_of_work_is_undone
                a_cancelled_unit_of_work_is_undone
                a_unit_of_work_sees_its_own_changes
                many_units_of_work_can_be_dropped
                a_unit_that_reads_refuses_changes
                a_unit_that_reads_is_not_delayed_and_sees_one_state
                two_units_do_not_lose_each_others_changes
                after_a_duplicate_the_unit_goes_on
                a_commit_never_answers_for_work_that_is_lost
                the_access_version_grows_with_the_commit_only
                the_access_version_counts_every_commit
                a_second_migration_has_nothing_to_do
            }
        }
    };
    (@cases $fresh:expr; $($part:ident { $($case:ident)+ })+) => {$(
        mod $part {
            use super::*;
            $(
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn $case() -> $crate::storage_contract::Outcome {
                    let (storage, _kept) = $fresh;
                    $crate::storage_contract::$part::$case(std::sync::Arc::new(storage)).await
                }
            )+
        }
    )+};
}
