// The same as the example `jobs` of lodge-server, done by graphile-worker:
// `rate JOBS CONCURRENCY LOCAL_QUEUE` and `pickup JOBS`. LOCAL_QUEUE 0 is without batches.
import { Logger, makeWorkerUtils, run } from "graphile-worker";

const [mode, jobs, concurrency, localQueue] = process.argv.slice(2);
const count = Number(jobs);
const connectionString = process.env.BENCH_URL;
const logger = new Logger(() => (level, message) => level === "error" && console.error(message));

const utils = await makeWorkerUtils({ connectionString, logger });
await utils.migrate();

// As its own benchmark has it: a connection for each job at once and one more.
function preset(size) {
    const worker = { connectionString, maxPoolSize: Number(concurrency) + 1 };
    if (!size) return { worker };
    const batches = { localQueue: { size, refetchDelay: { durationMs: 10 } }, completeJobBatchDelay: 0, failJobBatchDelay: 0 };
    return { worker: { ...worker, ...batches } };
}

if (mode === "rate") {
    for (let asked = 0; asked < count; asked += 1000) {
        const specs = Array.from({ length: Math.min(1000, count - asked) }, () => ({ identifier: "nothing", payload: {} }));
        await utils.addJobs(specs);
    }
    let done = 0, finish;
    const all = new Promise(resolve => { finish = resolve; });
    const began = process.hrtime.bigint();
    const runner = await run({
        concurrency: Number(concurrency), noHandleSignals: true, logger,
        preset: preset(Number(localQueue)),
        taskList: { nothing: () => { if (++done === count) finish(); } },
    });
    await all;
    // Stopping writes the last ends.
    await runner.stop();
    const seconds = Number(process.hrtime.bigint() - began) / 1e9;
    console.log(JSON.stringify({ jobs: count, jobs_per_s: count / seconds }));
} else {
    let began;
    const runner = await run({
        connectionString, concurrency: 8, noHandleSignals: true, logger,
        taskList: { nothing: () => began(process.hrtime.bigint()) },
    });
    const waits = [];
    for (let n = 0; n < count; n += 1) {
        await new Promise(resolve => setTimeout(resolve, 40));
        const start = new Promise(resolve => { began = resolve; });
        const asked = process.hrtime.bigint();
        await utils.addJob("nothing", {});
        waits.push(Number((await start) - asked) / 1e6);
    }
    await runner.stop();
    waits.sort((a, b) => a - b);
    console.log(JSON.stringify({ jobs: count, p50_ms: waits[Math.floor(count / 2)] }));
}
await utils.release();
process.exit(0);
