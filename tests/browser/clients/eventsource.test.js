// The npm package `eventsource`, as it comes: it watches the import of a course
// while the server is killed and started again.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { EventSource } from "eventsource";

import { good } from "../lib/app.js";
import { Gateway } from "../lib/gateway.js";

const TOKEN = "a-token-of-teachers-with-more-than-32-bytes";
/** So many that an import is still under way when the server is killed. */
const TEAMS = 200;
/** What a job tells; each of its last three is the end of it. */
const EVENTS = ["progress", "log", "heartbeat", "done", "failed", "cancelled"];

let folder;
let gateway;
before(async () => {
  folder = await repositories();
  gateway = await Gateway.start({
    // What a process that died was doing is another's after two seconds.
    options: ["--repositories", folder, "--job-lease=2"],
    variables: { TEACHER_API_TOKEN: TOKEN },
  });
});
after(async () => {
  await gateway?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** A folder with `pv/team-001/app.git` and so on, each with a few commits. */
async function repositories() {
  const made = await mkdtemp(join(tmpdir(), "gitlodge-teams-"));
  const path = (n) => join(made, "pv", `team-${String(n).padStart(3, "0")}`, "app.git");
  await mkdir(path(1), { recursive: true });
  execFileSync("git", ["init", "--quiet", "--bare", "--initial-branch=main", path(1)]);
  const commits = [1, 2, 3, 4, 5, 6].map((n) => [
    "commit refs/heads/main",
    `committer Ada Byron <ada@example.com> ${1_700_000_000 + n * 60} +0000`,
    "data 10", "Add a line",
    `M 100644 inline shelves/${n}.txt`,
    "data 5", "line", "", "",
  ].join("\n"));
  execFileSync("git", ["-C", path(1), "fast-import", "--quiet"], { input: commits.join("") });
  for (let n = 2; n <= TEAMS; n += 1) await cp(path(1), path(n), { recursive: true });
  return made;
}

/** What the teacher reads there. */
const read = async (path) => good(await gateway.ask("GET", path, { bearer: TOKEN }));

/** Asks for the import; gives the course's id and the job's path. */
async function beginImport() {
  const json = {
    url: "pv", host: "local", code: "PV-2026", name: "Programming",
    academic_year: "2026/2027", semester: "winter",
  };
  const answer = await gateway.ask("POST", "/api/v1/courses/import/gitlab", { bearer: TOKEN, json });
  const job = answer.headers.get("location");
  const { data } = await good(answer);
  return { job, course: data.course.id };
}

/**
 * Watches a job with the client: what has a place in the job is kept in `told`, and then `heard` is
 * called. `requests` has what each request of the client said to have heard last, and what that
 * was; `closed` is kept when the client comes back no more.
 */
function watch(job, told, heard) {
  const requests = [];
  const source = new EventSource(new URL(`${job}/stream`, gateway.url), {
    // The one thing that a client outside of a browser must say for itself.
    fetch: (url, init) => {
      requests.push({ said: init.headers["Last-Event-ID"], heard: told.at(-1)?.id });
      return fetch(url, { ...init, headers: { ...init.headers, Authorization: `Bearer ${TOKEN}` } });
    },
  });
  for (const name of EVENTS) {
    source.addEventListener(name, ({ lastEventId, data }) => {
      // A heartbeat has no place.
      if (lastEventId !== "") told.push({ name, id: lastEventId, data: JSON.parse(data) });
      heard();
    });
  }
  const closed = new Promise((resolve) => {
    source.addEventListener("error", (error) => {
      if (source.readyState === source.CLOSED) resolve(error.code);
    });
  });
  return { source, requests, closed };
}

test("an import is watched across a kill without a gap", { timeout: 180_000 }, async () => {
  const { job, course } = await beginImport();
  const told = [];
  let inTheMiddle;
  const middle = new Promise((resolve) => { inTheMiddle = resolve; });
  const { source, requests, closed } = watch(job, told, () => {
    const { done, total } = told.at(-1)?.data ?? {};
    if (total && done * 4 >= total) inTheMiddle();
  });
  try {
    await Promise.race([middle, closed]);
    await gateway.kill();
    const before = told.length;
    assert.ok(before > 1, "nothing was told before the kill");
    const early = told.filter((it) => ["done", "failed", "cancelled"].includes(it.name));
    assert.deepEqual(early, [], "the import ended before the kill: it needs more teams");
    await gateway.again();

    // Nobody tells the client to come back, nor that it is over: the server does, with 204.
    assert.equal(await closed, 204);
    assert.equal(source.readyState, source.CLOSED);
    assert.deepEqual(told.map((it) => it.id), told.map((_, n) => String(n + 1)));
    assert.equal(told.at(-1).name, "done", JSON.stringify(told.at(-1)));
    assert.equal(told.filter((it) => it.name === "done").length, 1);
    assert.ok(told.length > before, "nothing was told after the kill");
    // It began, came back where it was, and came back for nothing more.
    assert.ok(requests.length > 2, JSON.stringify(requests));
    assert.deepEqual(requests.map((it) => it.said), requests.map((it) => it.heard));
    assert.deepEqual([requests[0].said, requests.at(-1).said], [undefined, told.at(-1).id]);

    const { data: ended } = await read(job);
    assert.equal(ended.state, "done");
    assert.equal(ended.attempts, 2, "another attempt has ended it");
    assert.equal(String(ended.last_event_id), told.at(-1).id);
    const { data: summary } = await read(`/api/v1/courses/${course}/summary`);
    assert.deepEqual(
      [summary.teams, summary.projects, summary.projects_gone, summary.projects_with_problems],
      [TEAMS, TEAMS, 0, 0],
    );
    assert.ok(summary.last_sync_at, "it was not brought in to its end");
  } finally {
    source.close();
  }
});
