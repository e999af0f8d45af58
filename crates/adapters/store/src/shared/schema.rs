//! The tables, as `migrations/` makes them in both dialects.

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use super::super::super::Id;

    tenants (id) {
        id -> Id,
        name -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use super::super::super::Id;

    users (id) {
        id -> Id,
        email -> Text,
        name -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use super::super::super::Id;

    memberships (tenant_id, user_id) {
        tenant_id -> Id,
        user_id -> Id,
        role -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use super::super::super::Id;

    sessions (id) {
        id -> Id,
        digest -> Binary,
        user_id -> Id,
        tenant_id -> Nullable<Id>,
        agent -> Nullable<Text>,
        created_at -> BigInt,
        seen_at -> BigInt,
        expires_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use super::super::super::Id;

    passwords (user_id) {
        user_id -> Id,
        hash -> Text,
        updated_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use super::super::super::Id;

    authenticators (user_id) {
        user_id -> Id,
        tenant_id -> Id,
        sealed_key -> Text,
        confirmed_at -> Nullable<BigInt>,
        last_step -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::Binary;
    use super::super::super::Id;

    recovery_codes (user_id, digest) {
        user_id -> Id,
        digest -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use super::super::super::Id;

    passkeys (user_id, id) {
        user_id -> Id,
        id -> Id,
        credential -> Binary,
        public_key -> Binary,
        counter -> BigInt,
        transports -> Text,
        backup -> Text,
        name -> Text,
        created_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary};

    answered_challenges (digest) {
        digest -> Binary,
        expires_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use super::super::super::Id;

    invitations (tenant_id, id) {
        tenant_id -> Id,
        id -> Id,
        digest -> Binary,
        email -> Text,
        role -> Text,
        invited_by -> Id,
        created_at -> BigInt,
        expires_at -> BigInt,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable};
    use super::super::super::Id;

    password_links (digest) {
        digest -> Binary,
        user_id -> Id,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary};

    throttles (subject) {
        subject -> Binary,
        attempts -> BigInt,
        last_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Nullable, Text};
    use super::super::super::Id;

    apps (tenant_id, id) {
        tenant_id -> Id,
        id -> Id,
        owner_id -> Id,
        name -> Text,
        description -> Nullable<Text>,
        redirect_uris -> Text,
        embed_origins -> Text,
        default_permissions -> Text,
        require_pkce -> Bool,
        created_at -> BigInt,
        updated_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
        revision -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable};
    use super::super::super::Id;

    app_secrets (tenant_id, client_id, position) {
        tenant_id -> Id,
        client_id -> Id,
        position -> BigInt,
        digest -> Binary,
        created_at -> BigInt,
        expires_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Nullable, Text};
    use super::super::super::Id;

    customers (tenant_id, id) {
        tenant_id -> Id,
        id -> Id,
        client_id -> Id,
        reference -> Nullable<Text>,
        name -> Nullable<Text>,
        vouched -> Bool,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use super::super::super::Id;

    connections (tenant_id, id) {
        tenant_id -> Id,
        id -> Id,
        customer_id -> Id,
        provider -> Text,
        account -> Text,
        status -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
        kind -> Text,
        host_account -> Text,
        scopes -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use super::super::super::Id;

    credentials (tenant_id, connection_id) {
        tenant_id -> Id,
        connection_id -> Id,
        access -> Text,
        expires_at -> Nullable<BigInt>,
        refresh -> Nullable<Text>,
        refresh_expires_at -> Nullable<BigInt>,
        generation -> BigInt,
        updated_at -> BigInt,
        lease_id -> Nullable<Id>,
        lease_until -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use super::super::super::Id;

    login_attempts (tenant_id, digest) {
        tenant_id -> Id,
        digest -> Binary,
        customer_id -> Id,
        transaction_id -> Id,
        browser -> Binary,
        provider -> Text,
        mode -> Text,
        verifier -> Nullable<Text>,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use super::super::super::Id;

    data_keys (tenant_id, number) {
        tenant_id -> Id,
        number -> BigInt,
        wrapped -> Text,
        master -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use super::super::super::Id;

    authorizations (tenant_id, id) {
        tenant_id -> Id,
        id -> Id,
        client_id -> Id,
        customer_id -> Id,
        state -> Text,
        state_at -> Nullable<BigInt>,
        purpose -> Nullable<Text>,
        account_permissions -> Text,
        expires_at -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
        revision -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use super::super::super::Id;

    authorization_connections (tenant_id, authorization_id, position) {
        tenant_id -> Id,
        authorization_id -> Id,
        position -> BigInt,
        connection_id -> Id,
        provider -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use super::super::super::Id;

    authorization_repositories (tenant_id, authorization_id, position) {
        tenant_id -> Id,
        authorization_id -> Id,
        position -> BigInt,
        connection_id -> Id,
        provider -> Text,
        repository_id -> Text,
        full_name -> Text,
        permissions -> Text,
        expires_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable};
    use super::super::super::Id;

    connect_sessions (tenant_id, id) {
        tenant_id -> Id,
        id -> Id,
        digest -> Binary,
        client_id -> Id,
        customer_id -> Id,
        authorization_id -> Id,
        created_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use super::super::super::Id;

    pushed_requests (tenant_id, digest) {
        tenant_id -> Id,
        digest -> Binary,
        client_id -> Id,
        parameters -> Text,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use super::super::super::Id;

    transactions (tenant_id, id) {
        tenant_id -> Id,
        id -> Id,
        browser -> Binary,
        client_id -> Id,
        customer_id -> Id,
        authorization_id -> Id,
        redirect_uri -> Text,
        state -> Nullable<Text>,
        scope -> Text,
        challenge -> Nullable<Binary>,
        created_at -> BigInt,
        expires_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        answer -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable};
    use super::super::super::Id;

    customer_sessions (tenant_id, digest) {
        tenant_id -> Id,
        digest -> Binary,
        client_id -> Id,
        customer_id -> Id,
        created_at -> BigInt,
        expires_at -> BigInt,
        ended_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use super::super::super::Id;

    receipts (tenant_id, id) {
        tenant_id -> Id,
        id -> Id,
        client_id -> Id,
        customer_id -> Id,
        authorization_id -> Id,
        version -> BigInt,
        change -> Text,
        at -> BigInt,
        document -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use super::super::super::Id;

    nonces (tenant_id, client_id, nonce) {
        tenant_id -> Id,
        client_id -> Id,
        nonce -> Text,
        expires_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use super::super::super::Id;

    codes (tenant_id, digest) {
        tenant_id -> Id,
        digest -> Binary,
        client_id -> Id,
        authorization_id -> Id,
        redirect_uri -> Text,
        challenge -> Nullable<Binary>,
        permissions -> Text,
        family_id -> Id,
        issued_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use super::super::super::Id;

    tokens (tenant_id, id) {
        tenant_id -> Id,
        id -> Id,
        digest -> Binary,
        kind -> Text,
        client_id -> Id,
        authorization_id -> Nullable<Id>,
        family_id -> Id,
        issued_by -> Text,
        permissions -> Text,
        issued_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::BigInt;

    access_version (id) {
        id -> BigInt,
        version -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use super::super::super::Id;

    usage (tenant_id, request_id) {
        tenant_id -> Id,
        request_id -> Id,
        at -> BigInt,
        client_id -> Id,
        token_id -> Id,
        authorization_id -> Nullable<Id>,
        customer_id -> Nullable<Id>,
        connection_id -> Nullable<Id>,
        provider -> Nullable<Text>,
        repository_id -> Nullable<Text>,
        endpoint -> Text,
        status -> BigInt,
        error_code -> Nullable<Text>,
        duration -> BigInt,
        upstream_calls -> BigInt,
        items -> BigInt,
        bytes -> BigInt,
        withheld -> BigInt,
        masked -> BigInt,
        upstream_confirmed -> BigInt,
        upstream_shared -> BigInt,
        upstream_waited -> BigInt,
        scope -> Nullable<Text>,
        rules -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use super::super::super::Id;

    usage_sums (tenant_id, hours, start, client_id, endpoint, provider) {
        tenant_id -> Id,
        hours -> BigInt,
        start -> BigInt,
        client_id -> Id,
        endpoint -> Text,
        provider -> Text,
        requests -> BigInt,
        errors -> BigInt,
        items -> BigInt,
        bytes -> BigInt,
        withheld -> BigInt,
        masked -> BigInt,
        upstream_calls -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use super::super::super::Id;

    usage_repositories (tenant_id, client_id, start, provider, repository_id) {
        tenant_id -> Id,
        start -> BigInt,
        client_id -> Id,
        provider -> Text,
        repository_id -> Text,
        requests -> BigInt,
        errors -> BigInt,
        items -> BigInt,
        bytes -> BigInt,
        withheld -> BigInt,
        masked -> BigInt,
        upstream_calls -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::BigInt;
    use super::super::super::Id;

    usage_durations (tenant_id, client_id, start, step) {
        tenant_id -> Id,
        start -> BigInt,
        client_id -> Id,
        step -> BigInt,
        requests -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};
    use super::super::super::Id;

    subscriptions (tenant_id, id) {
        tenant_id -> Id,
        id -> Id,
        client_id -> Id,
        authorization_id -> Id,
        connection_id -> Id,
        provider -> Text,
        repository_id -> Text,
        callback_url -> Text,
        events -> Text,
        state -> Text,
        sealed_secret -> Text,
        hook_digest -> Binary,
        sealed_hook_secret -> Text,
        hook_ids -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Text};
    use super::super::super::Id;

    inbox (tenant_id, id) {
        tenant_id -> Id,
        id -> Id,
        subscription_id -> Id,
        key -> Binary,
        sealed -> Text,
        state -> Text,
        attempts -> BigInt,
        next_at -> BigInt,
        received_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use super::super::super::Id;

    outbox (tenant_id, id) {
        tenant_id -> Id,
        id -> Id,
        subscription_id -> Id,
        event -> Text,
        body -> Text,
        state -> Text,
        attempts -> BigInt,
        next_at -> BigInt,
        last_status -> Nullable<BigInt>,
        last_problem -> Nullable<Text>,
        created_at -> BigInt,
        delivered_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Text};
    use super::super::super::Id;

    courses (tenant_id, id) {
        tenant_id -> Id,
        id -> Id,
        code -> Text,
        code_key -> Text,
        name -> Text,
        name_key -> Text,
        search_key -> Text,
        academic_year -> Text,
        semester -> Text,
        time_zone -> Text,
        auto_sync -> Bool,
        settings -> Text,
        state -> Text,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use super::super::super::Id;

    course_staff (tenant_id, course_id, user_id) {
        tenant_id -> Id,
        course_id -> Id,
        user_id -> Id,
        role -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Nullable, Text};
    use super::super::super::Id;

    teams (tenant_id, id) {
        tenant_id -> Id,
        id -> Id,
        course_id -> Id,
        name -> Text,
        name_key -> Text,
        locked -> Bool,
        host -> Nullable<Text>,
        remote_id -> Nullable<Text>,
        web_url -> Nullable<Text>,
        state -> Text,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use super::super::super::Id;

    students (tenant_id, id) {
        tenant_id -> Id,
        id -> Id,
        course_id -> Id,
        number -> Nullable<Text>,
        name -> Text,
        name_key -> Text,
        search_key -> Text,
        email -> Nullable<Text>,
        user_id -> Nullable<Id>,
        state -> Text,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt};
    use super::super::super::Id;

    team_members (tenant_id, team_id, student_id) {
        tenant_id -> Id,
        team_id -> Id,
        student_id -> Id,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{Text};
    use super::super::super::Id;

    student_identities (tenant_id, course_id, kind, host, value_key) {
        tenant_id -> Id,
        course_id -> Id,
        kind -> Text,
        host -> Text,
        value_key -> Text,
        student_id -> Id,
        value -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use super::super::super::Id;

    projects (tenant_id, id) {
        tenant_id -> Id,
        id -> Id,
        course_id -> Id,
        team_id -> Id,
        name -> Text,
        name_key -> Text,
        search_key -> Text,
        host -> Text,
        remote_id -> Text,
        web_url -> Nullable<Text>,
        state -> Text,
        revision -> BigInt,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use super::super::super::Id;

    personal_tokens (tenant_id, id) {
        tenant_id -> Id,
        id -> Id,
        user_id -> Id,
        name -> Text,
        digest -> Binary,
        scopes -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        last_used_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};

    kept_answers (key) {
        key -> Binary,
        request -> Binary,
        sealed -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(connections, customers);
diesel::table! {
    use diesel::sql_types::{BigInt, Binary};
    use super::super::super::Id;

    audit_heads (tenant_id) {
        tenant_id -> Id,
        size -> BigInt,
        hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use super::super::super::Id;

    audit (tenant_id, sequence) {
        tenant_id -> Id,
        sequence -> BigInt,
        id -> Id,
        at -> BigInt,
        actor -> Text,
        action -> Text,
        subject -> Nullable<Text>,
        reason -> Nullable<Text>,
        network -> Nullable<Text>,
        request_id -> Nullable<Id>,
        outcome -> Text,
        hash -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use super::super::super::Id;

    admin_keys (id) {
        id -> Id,
        name -> Text,
        digest -> Binary,
        scopes -> Text,
        created_at -> BigInt,
        expires_at -> BigInt,
        last_used_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use super::super::super::Id;

    grants (tenant_id, id) {
        tenant_id -> Id,
        id -> Id,
        client_id -> Id,
        connection_id -> Id,
        authorization_id -> Id,
        reason -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    firewall_settings (id) {
        id -> BigInt,
        version -> BigInt,
        suspended_until -> Nullable<BigInt>,
        patterns -> Text,
        changed_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Nullable, Text};
    use super::super::super::Id;

    jobs (tenant_id, id) {
        tenant_id -> Id,
        id -> Id,
        course_id -> Nullable<Id>,
        kind -> Text,
        payload -> Text,
        key -> Nullable<Text>,
        queue -> Text,
        state -> Text,
        run_at -> BigInt,
        attempts -> BigInt,
        attempts_most -> BigInt,
        fence -> BigInt,
        lease_owner -> Nullable<Text>,
        lease_until -> Nullable<BigInt>,
        cancelling -> Bool,
        progress -> Nullable<Text>,
        sequence -> BigInt,
        problem -> Nullable<Text>,
        created_by -> Text,
        created_at -> BigInt,
        started_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use super::super::super::Id;

    ended_jobs (tenant_id, id) {
        tenant_id -> Id,
        id -> Id,
        course_id -> Nullable<Id>,
        kind -> Text,
        payload -> Text,
        key -> Nullable<Text>,
        queue -> Text,
        state -> Text,
        ended_at -> BigInt,
        attempts -> BigInt,
        attempts_most -> BigInt,
        fence -> BigInt,
        progress -> Nullable<Text>,
        sequence -> BigInt,
        problem -> Nullable<Text>,
        result -> Nullable<Text>,
        created_by -> Text,
        created_at -> BigInt,
        started_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use super::super::super::Id;

    job_events (tenant_id, job_id, sequence) {
        tenant_id -> Id,
        job_id -> Id,
        sequence -> BigInt,
        at -> BigInt,
        kind -> Text,
        told -> Nullable<Text>,
    }
}
diesel::allow_tables_to_appear_in_same_query!(
    course_staff,
    courses,
    projects,
    student_identities,
    students,
    team_members,
    teams,
    users,
);
diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use super::super::super::Id;

    hooks (tenant_id, id) {
        tenant_id -> Id,
        id -> Id,
        name -> Text,
        source -> Text,
        digest -> Binary,
        sealed_secret -> Text,
        previous_digest -> Nullable<Binary>,
        sealed_previous -> Nullable<Text>,
        previous_until -> Nullable<BigInt>,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Binary, Nullable, Text};
    use super::super::super::Id;

    intake (tenant_id, id) {
        tenant_id -> Id,
        id -> Id,
        hook_id -> Nullable<Id>,
        source -> Text,
        kind -> Text,
        event -> Text,
        repository_id -> Nullable<Text>,
        path -> Nullable<Text>,
        project_id -> Nullable<Id>,
        key -> Binary,
        received_at -> BigInt,
        state -> Text,
        reason -> Nullable<Text>,
        ended_at -> Nullable<BigInt>,
        next_at -> BigInt,
        attempts -> BigInt,
        forgiven -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::Text;
    use super::super::super::Id;

    intake_parcels (tenant_id, intake_id) {
        tenant_id -> Id,
        intake_id -> Id,
        sealed -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use super::super::super::Id;

    intake_attempts (tenant_id, intake_id, number) {
        tenant_id -> Id,
        intake_id -> Id,
        number -> BigInt,
        began_at -> BigInt,
        ended_at -> BigInt,
        outcome -> Text,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::BigInt;
    use super::super::super::Id;

    intake_counts (tenant_id, slot) {
        tenant_id -> Id,
        slot -> BigInt,
        received -> BigInt,
        processed -> BigInt,
        ignored -> BigInt,
        dead -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::BigInt;
    use super::super::super::Id;

    project_activity (tenant_id, project_id) {
        tenant_id -> Id,
        project_id -> Id,
        last_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Text};
    use super::super::super::Id;

    facts (tenant_id, project_id, kind, id) {
        tenant_id -> Id,
        project_id -> Id,
        kind -> Text,
        id -> Text,
        at -> BigInt,
        unread -> Bool,
        body -> Text,
    }
}

diesel::table! {
    use diesel::sql_types::{Binary, Bool, Nullable, Text};
    use super::super::super::Id;

    course_actors (tenant_id, course_id, digest) {
        tenant_id -> Id,
        course_id -> Id,
        digest -> Binary,
        host -> Nullable<Text>,
        host_user -> Nullable<Text>,
        username -> Nullable<Text>,
        email -> Nullable<Text>,
        name -> Nullable<Text>,
        erased -> Bool,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Bool, Nullable, Text};
    use super::super::super::Id;

    course_sources (tenant_id, course_id, host, remote_id) {
        tenant_id -> Id,
        course_id -> Id,
        host -> Text,
        remote_id -> Text,
        connection_id -> Nullable<Id>,
        kind -> Text,
        address -> Text,
        auto_sync -> Bool,
        created_at -> BigInt,
        synced_at -> Nullable<BigInt>,
        tried_at -> Nullable<BigInt>,
        failures -> BigInt,
        problem -> Nullable<Text>,
        retry_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use super::super::super::Id;

    project_syncs (tenant_id, project_id) {
        tenant_id -> Id,
        project_id -> Id,
        source -> Text,
        read_since -> Nullable<BigInt>,
        synced_at -> Nullable<BigInt>,
        problem -> Nullable<Text>,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Text};
    use super::super::super::Id;

    project_hooks (tenant_id, project_id) {
        tenant_id -> Id,
        project_id -> Id,
        hook_id -> Id,
        remote_ids -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use super::super::super::Id;

    reports (tenant_id, id) {
        tenant_id -> Id,
        id -> Id,
        course_id -> Id,
        team_id -> Nullable<Id>,
        file_name -> Text,
        format -> Text,
        bytes -> BigInt,
        made_at -> BigInt,
    }
}

diesel::table! {
    use diesel::sql_types::Binary;
    use super::super::super::Id;

    report_bodies (tenant_id, report_id) {
        tenant_id -> Id,
        report_id -> Id,
        body -> Binary,
    }
}

diesel::table! {
    use diesel::sql_types::{BigInt, Nullable, Text};
    use super::super::super::Id;

    flag_decisions (tenant_id, course_id, team_id, flag) {
        tenant_id -> Id,
        course_id -> Id,
        team_id -> Id,
        flag -> Text,
        state -> Text,
        note -> Nullable<Text>,
        decided_by -> Nullable<Id>,
        decided_at -> BigInt,
    }
}

diesel::allow_tables_to_appear_in_same_query!(course_sources, courses);
diesel::allow_tables_to_appear_in_same_query!(project_hooks, projects);
