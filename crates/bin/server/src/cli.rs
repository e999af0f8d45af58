//! The command line. Every option has an environment variable.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::demo::CHOICES;

/// One gate to every Git host: apps read the repositories that their customers
/// approved, through one API, behind a firewall.
#[derive(Debug, Parser)]
#[command(name = "gitlodge", version, arg_required_else_help = true, max_term_width = 100)]
#[command(after_help = "Try it:  gitlodge serve --demo\nDocumentation is served at /docs/api.")]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the gateway
    Serve(Box<ServeOptions>),
    /// Bring the database up to date, and stop
    Migrate(DataOptions),
    /// What only the operator may do
    #[command(subcommand)]
    Admin(AdminCommand),
    /// Named keys for programs of the administrator
    #[command(subcommand)]
    AdminKey(AdminKeyCommand),
    /// The audit trail
    #[command(subcommand)]
    Audit(AuditCommand),
    /// Look at the master keys, or rotate them
    #[command(subcommand)]
    Keys(KeysCommand),
    /// Make a copy of everything that is kept, look at one, or go back to one
    #[command(subcommand)]
    Backup(BackupCommand),
    /// Say what is wrong with this installation, and how to mend it
    Doctor(Box<DoctorOptions>),
    /// Print the `OpenAPI` 3.1 document
    Openapi,
    /// Print a page of the documentation that is made from the code
    #[command(hide = true)]
    Docs {
        /// Which page
        page: DocsPage,
    },
}

/// A page that is made from the code.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum DocsPage {
    /// docs/errors.md
    Errors,
}

/// Where the data is.
#[derive(Clone, Debug, Args)]
pub(crate) struct DataOptions {
    /// Folder of the embedded database and of the keys; made when absent
    #[arg(long, env = "GITLODGE_DATA", value_name = "DIR", default_value = ".gitlodge")]
    pub(crate) data: PathBuf,

    /// `PostgreSQL` to use in the place of the embedded database
    /// (for example `postgresql://gitlodge@localhost/gitlodge`)
    #[arg(long, env = "GITLODGE_DATABASE_URL", value_name = "URL", hide_env_values = true)]
    pub(crate) database_url: Option<String>,

    /// Master keys, `k1:<base64url of 32 bytes>`, newest first; a file `keys`
    /// in the data folder when absent
    #[arg(
        env = "GITLODGE_MASTER_KEYS",
        long = "master-keys",
        value_name = "KEYS",
        hide_env_values = true,
        hide_short_help = true
    )]
    pub(crate) master_keys: Option<String>,
}

/// Where the ends of the audit trail are written down.
#[derive(Clone, Debug, Args)]
pub(crate) struct CheckpointOptions {
    /// File of signed checkpoints, best on another machine's disk; lines are
    /// added at its end
    #[arg(long, env = "GITLODGE_AUDIT_CHECKPOINTS", value_name = "FILE", hide_short_help = true)]
    pub(crate) audit_checkpoints: Option<PathBuf>,

    /// File of the key that signs them; `checkpoint-key` in the data folder
    /// when absent
    #[arg(long, env = "GITLODGE_AUDIT_KEY", value_name = "FILE", hide_short_help = true)]
    pub(crate) audit_key: Option<PathBuf>,
}

/// What this process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ProcessRole {
    /// Everything
    All,
    /// Serve, and do no jobs
    Api,
    /// Do jobs, and serve the admin listener only
    Worker,
}

/// What is done beside requests.
#[derive(Clone, Debug, Args)]
pub(crate) struct JobOptions {
    /// What this process does: any number of either share one `PostgreSQL`
    #[arg(
        long,
        env = "GITLODGE_ROLE",
        value_enum,
        value_name = "ROLE",
        default_value_t = ProcessRole::All
    )]
    pub(crate) role: ProcessRole,

    /// Jobs that run at once in this process
    #[arg(
        long,
        env = "GITLODGE_JOBS_AT_ONCE",
        value_name = "N",
        default_value_t = 8,
        value_parser = clap::value_parser!(u16).range(1..=1_000),
        hide_short_help = true
    )]
    pub(crate) jobs_at_once: u16,

    /// Seconds after which others take the jobs of a process that died
    #[arg(
        long,
        env = "GITLODGE_JOB_LEASE",
        value_name = "SECONDS",
        default_value_t = 30,
        value_parser = clap::value_parser!(u16).range(2..=600),
        hide_short_help = true
    )]
    pub(crate) job_lease: u16,
}

/// How to run.
#[derive(Clone, Debug, Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a switch of the command line")]
pub(crate) struct ServeOptions {
    /// Show what it can do: a data folder with a few real repositories, a demo
    /// app, and lines to copy
    #[arg(long, env = "GITLODGE_DEMO")]
    pub(crate) demo: bool,

    /// Imitate these Git hosts over the demo's repositories, so that accounts
    /// can be connected without having any; repeat, or separate by commas
    #[arg(
        long,
        env = "GITLODGE_SIMULATE",
        value_name = "HOST",
        value_delimiter = ',',
        value_parser = CHOICES,
        requires = "demo"
    )]
    pub(crate) simulate: Vec<String>,

    /// Serve the sandbox for developers at /testapp; the demo always does
    #[arg(long, env = "GITLODGE_TESTAPP")]
    pub(crate) testapp: bool,

    /// Where apps and browsers reach it; port 0 takes a free one and says which
    #[arg(long, env = "GITLODGE_LISTEN", value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    pub(crate) listen: String,

    /// Where only the operator reaches it: metrics and health
    #[arg(
        long,
        env = "GITLODGE_ADMIN_LISTEN",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8081"
    )]
    pub(crate) admin_listen: String,

    /// Folder of repositories to serve as the host `local`
    #[arg(long, env = "GITLODGE_REPOSITORIES", value_name = "DIR")]
    pub(crate) repositories: Option<PathBuf>,

    /// The Git hosts, and how this installation is registered there; see
    /// docs/hosts.md
    #[arg(long, env = "GITLODGE_HOSTS", value_name = "FILE")]
    pub(crate) hosts: Option<PathBuf>,

    #[command(flatten)]
    pub(crate) data: DataOptions,

    /// The address that browsers see, when a proxy stands in front
    /// (for example `https://git.example.com`)
    #[arg(long, env = "GITLODGE_PUBLIC_URL", value_name = "URL")]
    pub(crate) public_url: Option<String>,

    /// Requests a second that one token may make, in bursts of ten seconds'
    /// worth; 0 for no limit
    #[arg(long, env = "GITLODGE_RATE_LIMIT", value_name = "N", default_value = "50")]
    pub(crate) rate_limit: String,

    /// Requests a second for tokens and for the consent page that one address
    /// may make, and one app, in bursts of ten seconds' worth; 0 for no limit
    #[arg(
        long,
        env = "GITLODGE_OAUTH_RATE_LIMIT",
        value_name = "N",
        default_value = "20",
        hide_short_help = true
    )]
    pub(crate) oauth_rate_limit: String,

    /// Whether strangers may open accounts: `open` or `closed`; open on a loopback
    /// address and closed elsewhere when absent
    #[arg(long, env = "GITLODGE_SIGNUP", value_enum, value_name = "WHO", hide_short_help = true)]
    pub(crate) signup: Option<SignUps>,

    /// Proxies that stand in front, as addresses or networks, whose
    /// `X-Forwarded-For` is believed; repeat, or separate by commas
    #[arg(
        long,
        env = "GITLODGE_TRUSTED_PROXIES",
        value_name = "NETWORK",
        value_delimiter = ',',
        hide_short_help = true
    )]
    pub(crate) trusted_proxies: Vec<String>,

    /// Further file patterns that never leave; repeat, or separate by commas
    #[arg(long, env = "GITLODGE_BLOCKED_PATHS", value_name = "PATTERN", value_delimiter = ',')]
    pub(crate) blocked_paths: Vec<String>,

    /// Origins whose pages may read answers (CORS); repeat, or separate by
    /// commas
    #[arg(
        long,
        env = "GITLODGE_CORS_ORIGINS",
        value_name = "ORIGIN",
        value_delimiter = ',',
        hide_short_help = true
    )]
    pub(crate) cors_origins: Vec<String>,

    /// Serves /metrics on the public listener, too, to whoever brings this
    /// token
    #[arg(
        long,
        env = "GITLODGE_METRICS_TOKEN",
        value_name = "TOKEN",
        hide_env_values = true,
        hide_short_help = true
    )]
    pub(crate) metrics_token: Option<String>,

    /// A first admin key, for everything, until there are named ones
    /// (`gitlodge admin-key create`); at least 32 bytes
    #[arg(
        long,
        env = "SGG_ADMIN_API_KEY",
        value_name = "KEY",
        hide_env_values = true,
        hide_short_help = true
    )]
    pub(crate) admin_api_key: Option<String>,

    /// A course token: its bearer teaches every course, until people have
    /// tokens of their own; at least 32 bytes
    #[arg(
        long,
        env = "TEACHER_API_TOKEN",
        value_name = "TOKEN",
        hide_env_values = true,
        hide_short_help = true
    )]
    pub(crate) teacher_api_token: Option<String>,

    /// What GitLab proves deliveries to courses with, where no hook was made for
    /// them; at least 24 bytes
    #[arg(
        long,
        env = "GITLODGE_GITLAB_WEBHOOK_SECRET",
        value_name = "SECRET",
        hide_env_values = true,
        hide_short_help = true
    )]
    pub(crate) gitlab_webhook_secret: Option<String>,

    /// The operator's own token at the host `gitlab`: courses are brought in with
    /// it where no connection is named. It needs the scope `read_api`, and `api`
    /// to make webhooks
    #[arg(
        long,
        env = "GITLAB_TOKEN",
        value_name = "TOKEN",
        hide_env_values = true,
        hide_short_help = true
    )]
    pub(crate) gitlab_token: Option<String>,

    /// Where the host `gitlab` is, where the file of hosts has none: the vendor's
    /// own when absent
    #[arg(long, env = "GITLAB_URL", value_name = "URL", hide_short_help = true)]
    pub(crate) gitlab_url: Option<String>,

    /// Takes admin keys on the admin listener only
    #[arg(long, env = "GITLODGE_ADMIN_ONLY", hide_short_help = true)]
    pub(crate) admin_only: bool,

    #[command(flatten)]
    pub(crate) jobs: JobOptions,

    #[command(flatten)]
    pub(crate) checkpoints: CheckpointOptions,

    /// Seconds between the moment that `/health/ready` says no and the last new
    /// connection, so that balancers notice that this process ends
    #[arg(
        long,
        env = "GITLODGE_DRAIN",
        value_name = "SECONDS",
        default_value_t = 0,
        value_parser = clap::value_parser!(u16).range(0..=300),
        hide_short_help = true
    )]
    pub(crate) drain: u16,

    /// Where traces go (OTLP over HTTP)
    /// (for example `http://localhost:4318/v1/traces`)
    #[arg(long, env = "GITLODGE_OTLP_ENDPOINT", value_name = "URL", hide_short_help = true)]
    pub(crate) otlp_endpoint: Option<String>,

    /// What is logged, as `tracing` filters it (for example `info,lodge_store=debug`)
    #[arg(
        long,
        env = "GITLODGE_LOG",
        value_name = "FILTER",
        default_value = "warn,gitlodge=info,actix_http=off",
        hide_short_help = true
    )]
    pub(crate) log: String,

    /// How it is logged
    #[arg(
        long,
        env = "GITLODGE_LOG_FORMAT",
        value_enum,
        default_value_t = LogFormat::Text,
        hide_short_help = true
    )]
    pub(crate) log_format: LogFormat,

    /// Without firewall, limiter and journal, to measure what they cost; on
    /// loopback addresses only
    #[arg(long, hide = true)]
    pub(crate) unsafe_without_policies: bool,

    /// Without revalidation and coalescing, to measure how many questions to
    /// hosts they save
    #[arg(long, hide = true)]
    pub(crate) ask_hosts_every_time: bool,
}

/// Whether strangers may open accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum SignUps {
    /// Everybody may
    Open,
    /// Whoever has an invitation
    Closed,
}

/// How it is logged.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(crate) enum LogFormat {
    /// For people
    Text,
    /// For programs
    Json,
}

/// Where links lead.
#[derive(Clone, Debug, Args)]
pub(crate) struct LinkOptions {
    /// The address that browsers see
    #[arg(
        long,
        env = "GITLODGE_PUBLIC_URL",
        value_name = "URL",
        default_value = "http://127.0.0.1:8080"
    )]
    pub(crate) public_url: String,
}

/// What only the operator may do.
#[derive(Debug, Subcommand)]
pub(crate) enum AdminCommand {
    /// Open a developer's session, after adding the developer if need be; it
    /// is printed as JSON and lives for a day. A developer without a password
    /// also gets a link to set one
    Create {
        /// The developer's address
        #[arg(long)]
        email: String,
        /// The organisation that a developer who is not there yet shall own: one
        /// of this name to which nobody belongs, or a new one
        #[arg(long)]
        tenant: Option<String>,
        #[command(flatten)]
        links: LinkOptions,
        #[command(flatten)]
        data: DataOptions,
    },
    /// Print a link with which somebody sets a new password, good for a day and
    /// once; the links before it end
    ResetPassword {
        /// The person's address
        email: String,
        /// Forget the authenticator app, the passkeys and the recovery codes,
        /// too: for somebody who has lost them. The password so far and all
        /// sessions end at once
        #[arg(long)]
        forget_authenticator: bool,
        #[command(flatten)]
        links: LinkOptions,
        #[command(flatten)]
        data: DataOptions,
    },
    /// Take a customer's approval back, with every token under it; a running
    /// gateway refuses its next read
    Revoke {
        /// The approval, `authz_…`, as tokens and connect sessions name it
        authorization: String,
        #[command(flatten)]
        data: DataOptions,
    },
}

/// Named keys, sent in the header `x-admin-api-key`.
#[derive(Debug, Subcommand)]
pub(crate) enum AdminKeyCommand {
    /// Make a key; it is printed once, as JSON
    Create {
        /// What it is for
        name: String,
        /// What it may do, for example `tenants:read`; repeat, or separate by
        /// commas
        #[arg(long, required = true, value_name = "SCOPE", value_delimiter = ',')]
        scope: Vec<String>,
        /// How long it lives: at most 366 days
        #[arg(long, value_name = "DAYS", default_value = "90d")]
        expires: String,
        #[command(flatten)]
        data: DataOptions,
    },
    /// List the keys, ended ones too
    List {
        #[command(flatten)]
        data: DataOptions,
    },
    /// Take a key back at once
    Revoke {
        /// The key's id, `adminkey_…`
        id: String,
        #[command(flatten)]
        data: DataOptions,
    },
}

/// The audit trail: a chain of entries for each organisation.
#[derive(Debug, Subcommand)]
pub(crate) enum AuditCommand {
    /// Say whether the trail is what was written: notices what was changed,
    /// deleted, put in another order, and, with checkpoints, a missing end
    Verify {
        #[command(flatten)]
        checkpoints: CheckpointOptions,
        #[command(flatten)]
        data: DataOptions,
    },
    /// Print the trail as lines of JSON, oldest first
    Export {
        /// One organisation, `tenant_…`, or `installation`; all when absent
        #[arg(long)]
        tenant: Option<String>,
        #[command(flatten)]
        data: DataOptions,
    },
}

/// Master keys seal cursors, and wrap the keys that seal the tokens of accounts.
#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Say which master keys there are, and what each has wrapped
    Status(DataOptions),
    /// Put a new master key in the place of the newest, and wrap everything
    /// again; running gateways notice by themselves. It can be broken off, and
    /// run again
    Rotate(DataOptions),
}

/// A backup is a folder. The master keys are not in it: keep them elsewhere.
#[derive(Debug, Subcommand)]
pub(crate) enum BackupCommand {
    /// Copy the database, while gateways run or not. `PostgreSQL` is copied by
    /// its own `pg_dump`
    Create {
        /// The folder to make; there must be nothing yet
        #[arg(long, value_name = "DIR")]
        out: PathBuf,
        #[command(flatten)]
        data: DataOptions,
    },
    /// Say whether a backup is what was written, and whether the master keys
    /// of the data folder open it
    Verify {
        /// The backup
        #[arg(value_name = "BACKUP")]
        from: PathBuf,
        /// Leave out what needs the master keys
        #[arg(long)]
        without_keys: bool,
        #[command(flatten)]
        data: DataOptions,
    },
    /// Verify a backup and put it into a data folder, or a `PostgreSQL`
    /// database, that holds nothing yet but the master keys
    Restore {
        /// The backup
        #[arg(value_name = "BACKUP")]
        from: PathBuf,
        /// Restore, although the master keys are not there yet
        #[arg(long)]
        without_keys: bool,
        #[command(flatten)]
        data: DataOptions,
    },
}

/// What to look at: what `gitlodge serve` would be started with.
#[derive(Clone, Debug, Args)]
pub(crate) struct DoctorOptions {
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,

    #[command(flatten)]
    pub(crate) serve: ServeOptions,
}
