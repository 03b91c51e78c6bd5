/** Writes a session's log the way the server would, one call a thing that happens, with times that fit. */
import type { Author, PlanItem, Question, SessionEvent, Tokens } from "@agent-coordinator/client";
import { id } from "../server/ids.ts";

export const ada: Author = { user_id: id("usr", 1), name: "ada@acme.dev" };
export const grace: Author = { user_id: id("usr", 2), name: "grace@acme.dev" };

export interface ToolCall {
  tool: string;
  title?: string;
  input?: unknown;
  output?: string;
  exitCode?: number;
  /** How long it took. */
  ms?: number;
  failed?: boolean;
  diff?: string;
  truncated?: boolean;
}

let sessions = 0;
let prompts = 0;
let parts = 0;

export class Story {
  readonly id: string;
  readonly events: SessionEvent[] = [];
  #now: number;
  #status = "idle";
  #turn: { id: string; started: number } | null = null;

  constructor(
    minutesAgo: number,
    about: {
      title?: string | null;
      repository?: string | null;
      ref?: string;
      agent?: string;
      model?: string;
      permissions?: string;
      by?: Author;
    } = {},
  ) {
    sessions += 1;
    this.id = id("ses", sessions);
    this.#now = Date.now() - minutesAgo * 60_000;
    const url = about.repository === undefined ? "https://github.com/acme/shop" : about.repository;
    this.add("session.created", {
      title: about.title === undefined ? "Fix the rounding of discounts" : about.title,
      agent: about.agent ?? "opencode",
      model: about.model ?? "anthropic/claude-sonnet-4-5",
      permissions: about.permissions ?? "allow",
      ...(url === null ? {} : { repository: about.ref ? { url, ref: about.ref } : { url } }),
      created_by: about.by ?? ada,
    });
  }

  get now(): number {
    return this.#now;
  }

  /** Lets time pass. */
  after(ms: number): this {
    this.#now += ms;
    return this;
  }

  add(type: string, data: Record<string, unknown>, promptId?: string): this {
    const event: SessionEvent = {
      seq: this.events.length + 1,
      type,
      at: new Date(this.#now).toISOString(),
      data,
    };
    if (promptId !== undefined) event.prompt_id = promptId;
    this.events.push(event);
    return this;
  }

  status(
    status: string,
    cause: string,
    message: string,
    next?: { step: string; inMs: number },
    actor = "system",
  ): this {
    const why = {
      cause,
      message,
      actor,
      ...(next ? { next_step: next.step, deadline: new Date(this.#now + next.inMs).toISOString() } : {}),
    };
    this.add("session.status_changed", { status, previous: this.#status, why });
    this.#status = status;
    return this;
  }

  queued(
    text: string,
    more: { author?: Author; position?: number; attachments?: unknown[]; model?: string } = {},
  ): string {
    prompts += 1;
    const prompt = id("pmt", prompts);
    const { author = ada, position = 0, ...rest } = more;
    this.add("prompt.queued", { text, author, position, ...rest }, prompt);
    return prompt;
  }

  /** The sandbox, from the request to the ready agent. `until` stops after a phase. */
  prepare(until: "sandbox" | "clone" | "setup" | "agent" = "agent", resumed = false, generation = 1): this {
    const sandbox_id = id("sbx", sessions * 8 + generation);
    this.status("starting", "sandbox_starting", "A sandbox is being started.", {
      step: "replace_sandbox",
      inMs: 60_000,
    });
    this.add("sandbox.requested", {
      sandbox_id,
      generation,
      provider: "local",
      cause: resumed ? "wake" : "prompt",
    });
    if (until === "sandbox") return this;
    this.after(340).add("sandbox.connected", {
      sandbox_id,
      generation,
      isolation: ISOLATION,
      runner_version: "0.1.0",
      elapsed_ms: 340,
    });
    this.status("starting", "workspace_preparing", "The repository is being cloned.", {
      step: "replace_sandbox",
      inMs: 600_000,
    });
    const phase = (name: string, ms: number, message?: string): void => {
      this.add("workspace.progress", { phase: name, state: "started" });
      this.after(ms).add("workspace.progress", {
        phase: name,
        state: "completed",
        elapsed_ms: ms,
        ...(message ? { message } : {}),
      });
    };
    if (until === "clone") {
      this.add("workspace.progress", { phase: "clone", state: "started" });
      this.after(900).add("workspace.progress", {
        phase: "clone",
        state: "running",
        percent: 42,
        message: "Receiving objects: 42% (5214/12414), 8.1 MiB",
      });
      return this;
    }
    if (!resumed) {
      phase("clone", 2140, "12,414 objects, 19 MiB");
      phase("checkout", 210, "main at 4f1d2ac");
      this.add("environment.detected", { plan: PLAN });
    }
    if (until === "setup") {
      this.status("starting", "workspace_preparing", "The set-up commands run.", {
        step: "replace_sandbox",
        inMs: 600_000,
      });
      this.add("workspace.progress", { phase: "setup", state: "started" });
      this.after(4200).add("workspace.progress", { phase: "setup", state: "running", message: "npm ci" });
      return this;
    }
    if (!resumed) phase("setup", 8410, "npm ci");
    this.add("workspace.progress", { phase: "agent", state: "started" });
    this.after(1320).add("workspace.progress", { phase: "agent", state: "completed", elapsed_ms: 1320 });
    this.add("agent.ready", {
      agent: "opencode",
      version: "1.2.27",
      agent_session_id: "ses_9f",
      resumed,
      elapsed_ms: 1320,
    });
    return this;
  }

  started(promptId: string, model = "anthropic/claude-sonnet-4-5"): this {
    this.add("prompt.started", { model }, promptId);
    this.#turn = { id: promptId, started: this.#now };
    return this.status(
      "running",
      "prompt_running",
      "The agent works on the prompt.",
      { step: "fail_prompt", inMs: 900_000 },
      "agent",
    );
  }

  get turn(): string {
    if (this.#turn === null) throw new Error("no turn runs in this story");
    return this.#turn.id;
  }

  text(text: string, ms = 1800): this {
    parts += 1;
    return this.after(ms).add(
      "message.text",
      { message_id: `msg_${parts}`, part_id: `prt_${parts}`, text },
      this.turn,
    );
  }

  reasoning(text: string, ms = 1400): this {
    parts += 1;
    return this.after(ms).add(
      "message.reasoning",
      { message_id: `msg_${parts}`, part_id: `prt_${parts}`, text },
      this.turn,
    );
  }

  /** Begins; its id. */
  begins(call: ToolCall): string {
    parts += 1;
    const tool_call_id = `call_${parts}`;
    this.after(300).add(
      "tool_call.started",
      {
        tool_call_id,
        tool: call.tool,
        ...(call.title ? { title: call.title } : {}),
        input: call.input ?? {},
      },
      this.turn,
    );
    return tool_call_id;
  }

  tool(call: ToolCall): this {
    const tool_call_id = this.begins(call);
    const ms = call.ms ?? 240;
    this.after(ms);
    this.add(
      "tool_call.completed",
      {
        tool_call_id,
        tool: call.tool,
        status: call.failed ? "failed" : "completed",
        ...(call.title ? { title: call.title } : {}),
        input: call.input ?? {},
        output: call.output ?? "",
        truncated: call.truncated ?? false,
        ...(call.exitCode === undefined ? {} : { exit_code: call.exitCode }),
        duration_ms: ms,
        ...(call.diff ? { diff: call.diff } : {}),
      },
      this.turn,
    );
    return this;
  }

  bash(command: string, output: string, exitCode = 0, ms = 640): this {
    return this.tool({
      tool: "bash",
      title: command,
      input: { command },
      output,
      exitCode,
      ms,
      failed: exitCode !== 0,
    });
  }

  edit(path: string, diff: string): this {
    this.tool({ tool: "edit", title: path, input: { filePath: path }, output: "", diff, ms: 40 });
    return this.add("file.changed", { path }, this.turn);
  }

  plan(items: PlanItem[]): this {
    return this.after(200).add("plan.updated", { items }, this.turn);
  }

  permission(about: { tool: string; title: string; patterns?: string[]; details?: unknown }): string {
    parts += 1;
    const permission_id = `per_${parts}`;
    this.add("permission.requested", { permission_id, patterns: [], details: {}, ...about }, this.turn);
    this.status(
      "waiting",
      "waiting_for_permission",
      "The agent waits for permission to go on.",
      undefined,
      "agent",
    );
    return permission_id;
  }

  question(questions: Question[]): string {
    parts += 1;
    const question_id = `que_${parts}`;
    this.add("question.asked", { question_id, questions }, this.turn);
    this.status("waiting", "waiting_for_answer", "The agent has asked a question.", undefined, "agent");
    return question_id;
  }

  egress(host: string, decision: "allowed" | "denied", reason: string, count = 1, port = 443): this {
    return this.add("egress.decided", { host, port, decision, reason, count }, this.#turn?.id);
  }

  usage(tokens: Tokens, cost: number | null, model = "claude-sonnet-4-5", source = "metered"): this {
    return this.add(
      "usage.recorded",
      { provider: "anthropic", model, tokens, cost_micro_usd: cost, source, duration_ms: 2400 },
      this.turn,
    );
  }

  completed(
    cost: number | null = 41_230,
    tokens: Tokens = { input: 18_420, output: 1_312, cached: 15_100, reasoning: 240 },
  ): this {
    const turn = this.#ends();
    this.add(
      "prompt.completed",
      { tokens, cost_micro_usd: cost, duration_ms: this.#now - turn.started },
      turn.id,
    );
    return this.status("idle", "ready", "The sandbox is ready and waits for a prompt.", {
      step: "hibernate",
      inMs: 600_000,
    });
  }

  failed(
    error: { code: string; message: string; next_step: string; detail?: string },
    cost: number | null = 8_410,
  ): this {
    const turn = this.#ends();
    const tokens = { input: 6_120, output: 310, cached: 0, reasoning: 0 };
    this.add(
      "prompt.failed",
      { error, tokens, cost_micro_usd: cost, duration_ms: this.#now - turn.started },
      turn.id,
    );
    return this;
  }

  cancelled(promptId: string, cause = "cancelled", by: Author | null = ada): this {
    if (this.#turn?.id === promptId) this.#turn = null;
    return this.add("prompt.cancelled", { cause, ...(by ? { by } : {}) }, promptId);
  }

  #ends(): { id: string; started: number } {
    const turn = this.#turn;
    if (turn === null) throw new Error("no turn runs in this story");
    this.#turn = null;
    this.after(400);
    return turn;
  }
}

export const ISOLATION = {
  level: "full",
  namespaces: ["user", "pid", "mount", "ipc", "uts", "net", "cgroup"],
  landlock_abi: 6,
  seccomp: true,
  host_uid: 210_004,
  limits_backend: "cgroup2",
  limits: {
    cpu_milli: 2000,
    disk_bytes: 10_737_418_240,
    memory_bytes: 4_294_967_296,
    pids: 512,
    tmp_bytes: 1_073_741_824,
  },
  memory: "hard",
  pids: "hard",
  cpu: "hard",
  disk: "watched",
};

export const PLAN = {
  package_manager: "npm",
  files_scanned: 412,
  install: ["npm ci"],
  test: ["npm test"],
  start: ["npm run dev"],
  runtimes: [{ name: "node", version: ">=20" }],
  evidence: [
    { file: "package-lock.json", because: "npm's lock file" },
    { file: "package.json", because: "scripts test and dev" },
    { file: ".nvmrc", because: "says 20" },
  ],
};
