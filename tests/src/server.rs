//! A gateway in a process of its own.

use std::{
    io::{BufRead as _, BufReader, Read},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{Arc, Mutex, PoisonError},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};

use crate::{binary, client::Client};

/// How long a start may take on a busy machine; a second is usual.
const PATIENCE: Duration = Duration::from_mins(1);

/// How to start a gateway.
pub struct Setup {
    command: Command,
}

impl Setup {
    /// On free ports, over the data folder `data`.
    ///
    /// # Errors
    ///
    /// When there is no binary.
    pub fn new(data: &Path) -> anyhow::Result<Self> {
        let mut command = binary::gitlodge()?;
        command.args(["serve", "--listen=127.0.0.1:0", "--admin-listen=127.0.0.1:0", "--data"]);
        command.arg(data);
        Ok(Self { command })
    }

    /// Serves the repositories in `folder`.
    #[must_use]
    pub fn repositories(mut self, folder: &Path) -> Self {
        self.command.arg("--repositories").arg(folder);
        self
    }

    /// One more argument.
    #[must_use]
    pub fn with(mut self, argument: &str) -> Self {
        self.command.arg(argument);
        self
    }

    /// One more variable of the environment.
    #[must_use]
    pub fn variable(mut self, name: &str, value: &str) -> Self {
        self.command.env(name, value);
        self
    }

    /// No file that it writes grows beyond so many bytes: for it the disk is
    /// full then. In steps of 512 bytes.
    #[must_use]
    pub fn file_size_limit(mut self, bytes: u64) -> Self {
        // `ulimit -f` counts in 512 bytes (POSIX). A process that ignores
        // SIGXFSZ is told, instead of being ended.
        let script = "trap '' XFSZ; ulimit -f \"$1\"; shift; exec \"$@\"";
        let mut limited = Command::new("sh");
        limited.args(["-c", script, "sh", &(bytes / 512).to_string()]);
        limited.arg(self.command.get_program()).args(self.command.get_args());
        for (name, value) in self.command.get_envs() {
            match value {
                Some(value) => limited.env(name, value),
                None => limited.env_remove(name),
            };
        }
        self.command = limited;
        self
    }

    /// Starts it, and waits until it listens.
    ///
    /// # Errors
    ///
    /// When it ends before it listens, with what it said.
    pub fn start(self) -> anyhow::Result<Server> {
        let mut server = self.start_worker()?;
        server.url = server.wait_for_line("listening on ")?;
        Ok(server)
    }

    /// The same, of one that listens for the operator only.
    ///
    /// # Errors
    ///
    /// When it ends before it listens, with what it said.
    pub fn start_worker(mut self) -> anyhow::Result<Server> {
        let mut child = self
            .command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .context("`gitlodge serve` cannot be started")?;
        let output = Heard::listen(child.stdout.take());
        let log = Heard::listen(child.stderr.take());
        let mut server =
            Server { child, output, log, url: String::new(), admin_url: String::new() };
        server.admin_url = server.wait_for_line("admin on ")?;
        Ok(server)
    }
}

/// A running gateway. It is killed when it is dropped.
pub struct Server {
    child: Child,
    output: Heard,
    log: Heard,
    /// Where apps and browsers reach it.
    pub url: String,
    /// Where the operator reaches it.
    pub admin_url: String,
}

/// A gateway that was told to stop, and did.
pub struct Stopped {
    /// How it ended.
    pub status: ExitStatus,
    /// How long that took.
    pub took: Duration,
    /// All that it printed.
    pub output: String,
    /// All that it logged.
    pub log: String,
}

impl Server {
    /// A client without cookies or token.
    pub fn client(&self) -> Client {
        Client::new(&self.url)
    }

    /// Host and port of the public listener.
    pub fn address(&self) -> &str {
        self.url.trim_start_matches("http://")
    }

    /// What it has printed so far.
    pub fn output(&self) -> String {
        self.output.text()
    }

    /// Waits for a printed line that begins with `start`; gives the rest of it.
    ///
    /// # Errors
    ///
    /// When the line does not come.
    pub fn wait_for_line(&mut self, start: &str) -> anyhow::Result<String> {
        let began = Instant::now();
        loop {
            // Asked first: what a dead process printed is complete then.
            let ended = self.child.try_wait()?;
            let text = self.output.text();
            let mut lines = text.split_inclusive('\n').filter(|it| it.ends_with('\n'));
            if let Some(rest) = lines.find_map(|it| it.trim().strip_prefix(start)) {
                return Ok(rest.to_owned());
            }
            if let Some(status) = ended {
                bail!("the gateway ended ({status}) without `{start}`:\n{text}{}", self.log.text());
            }
            ensure!(began.elapsed() < PATIENCE, "no `{start}` came:\n{text}{}", self.log.text());
            thread::sleep(Duration::from_millis(5));
        }
    }

    /// Sends SIGTERM, and does not wait.
    ///
    /// # Errors
    ///
    /// When there is nobody to send it to.
    pub fn terminate(&self) -> anyhow::Result<()> {
        // The shell's own `kill`: small systems have no program of that name.
        let sent = Command::new("sh")
            .args(["-c", "kill -TERM \"$1\"", "sh", &self.child.id().to_string()])
            .status()
            .context("`sh` cannot be started")?;
        ensure!(sent.success(), "SIGTERM cannot be sent");
        Ok(())
    }

    /// Waits for the end after [`Server::terminate`].
    ///
    /// # Errors
    ///
    /// When it does not come within `limit`.
    pub fn wait(mut self, limit: Duration) -> anyhow::Result<Stopped> {
        let began = Instant::now();
        let status = loop {
            if let Some(status) = self.child.try_wait()? {
                break status;
            }
            ensure!(began.elapsed() < limit, "it still runs after {limit:?}:\n{}", self.log.text());
            thread::sleep(Duration::from_millis(2));
        };
        let took = began.elapsed();
        Ok(Stopped { status, took, output: self.output.all(), log: self.log.all() })
    }

    /// Tells it to stop, and waits until it has.
    ///
    /// # Errors
    ///
    /// When it does not stop, or says that it failed.
    pub fn stop(self) -> anyhow::Result<Stopped> {
        self.terminate()?;
        let stopped = self.wait(Duration::from_secs(30))?;
        ensure!(stopped.status.success(), "it ended with {}:\n{}", stopped.status, stopped.log);
        Ok(stopped)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // One that has ended already cannot be killed, and need not be.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// What a stream of a process has said.
struct Heard {
    text: Arc<Mutex<String>>,
    reader: Option<JoinHandle<()>>,
}

impl Heard {
    fn listen(stream: Option<impl Read + Send + 'static>) -> Self {
        let text = Arc::new(Mutex::new(String::new()));
        let heard = Arc::clone(&text);
        let reader = stream.map(|stream| {
            thread::spawn(move || {
                let mut lines = BufReader::new(stream);
                let mut line = Vec::new();
                while lines.read_until(b'\n', &mut line).is_ok_and(|it| it > 0) {
                    let mut heard = heard.lock().unwrap_or_else(PoisonError::into_inner);
                    heard.push_str(&String::from_utf8_lossy(&line));
                    line.clear();
                }
            })
        });
        Self { text, reader }
    }

    fn text(&self) -> String {
        self.text.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Everything, after the process has ended.
    fn all(&mut self) -> String {
        if let Some(reader) = self.reader.take() {
            // A reader does not panic; if one did, what it heard is there.
            let _ = reader.join();
        }
        self.text()
    }
}
