/** The agent asks whether it may do something: what exactly, and three answers. The given one stays, with who gave it. */
import type { PermissionEntry } from "@agent-coordinator/client";
import { Check, ShieldQuestionMark, X } from "lucide-react";
import { type ReactNode, useState } from "react";
import { Button, cx, Kbd, plain, Time } from "~/ui/index.ts";
import { LongText } from "../markdown/long-text.tsx";
import { type Reply, useSource } from "../source.ts";
import { Person } from "../transcript/person.tsx";
import { usePermissionKeys } from "./keys.ts";

export function Permission({ entry }: { entry: PermissionEntry }) {
  return entry.resolved ? <Answered entry={entry} /> : <Asked entry={entry} />;
}

function Asked({ entry }: { entry: PermissionEntry }) {
  const { actions } = useSource();
  const [sent, setSent] = useState<Reply | null>(null);
  const [rejecting, setRejecting] = useState(false);
  const [message, setMessage] = useState("");
  const reply = async (how: Reply): Promise<void> => {
    if (sent !== null) return;
    setSent(how);
    const words = how === "reject" ? message.trim() : "";
    const done = await actions.permission(entry.permissionId, how, words === "" ? undefined : words);
    // The event that resolves it takes this away; a failure gives the buttons back.
    if (!done) setSent(null);
  };
  const keys = usePermissionKeys(entry.permissionId, {
    once: () => void reply("once"),
    always: () => void reply("always"),
    reject: () => void reply("reject"),
  });
  return (
    <section
      aria-label="Permission"
      className="my-1.5 rounded-control border border-warn/50 bg-warn-soft px-3.5 py-3"
    >
      <div className="flex items-start gap-2">
        <ShieldQuestionMark aria-hidden className="mt-0.5 size-4 shrink-0 text-warn" />
        <div className="min-w-0 flex-1">
          <p className="font-medium">Allow {toolWords(entry.tool)}?</p>
          <What entry={entry} />
        </div>
      </div>
      {rejecting && (
        <form
          className="mt-3"
          onSubmit={(event) => {
            event.preventDefault();
            void reply("reject");
          }}
        >
          <label className="block text-small text-muted">
            What should it do instead?
            <input
              // biome-ignore lint/a11y/noAutofocus: the person has just asked for this field
              autoFocus
              value={message}
              maxLength={2000}
              onChange={(event) => setMessage(event.target.value)}
              onKeyDown={(event) => {
                if (event.key !== "Escape") return;
                event.stopPropagation();
                setRejecting(false);
              }}
              className="mt-1 block h-8 w-full rounded-control border border-line-strong bg-bg px-2.5 text-base text-text max-md:h-10 max-md:text-[16px]"
            />
          </label>
        </form>
      )}
      <div className="mt-3 flex flex-wrap items-center gap-2">
        {rejecting ? (
          <>
            <Button
              variant="danger"
              busy={sent === "reject"}
              disabled={sent !== null}
              onClick={() => void reply("reject")}
            >
              Reject
            </Button>
            <Button variant="ghost" disabled={sent !== null} onClick={() => setRejecting(false)}>
              Back
            </Button>
          </>
        ) : (
          <>
            <Button
              variant="primary"
              busy={sent === "once"}
              disabled={sent !== null}
              onClick={() => void reply("once")}
            >
              Allow once <Hint show={keys} letter="y" />
            </Button>
            <Button busy={sent === "always"} disabled={sent !== null} onClick={() => void reply("always")}>
              Allow always <Hint show={keys} letter="a" />
            </Button>
            <Button
              variant="danger"
              busy={sent === "reject"}
              disabled={sent !== null}
              onClick={() => void reply("reject")}
            >
              Reject <Hint show={keys} letter="n" />
            </Button>
            <Button variant="ghost" disabled={sent !== null} onClick={() => setRejecting(true)}>
              Say what instead
            </Button>
          </>
        )}
      </div>
    </section>
  );
}

function Hint({ show, letter }: { show: boolean; letter: string }) {
  return show ? (
    <span aria-hidden className="pointer-coarse:hidden">
      <Kbd keys={letter} />
    </span>
  ) : null;
}

function What({ entry }: { entry: PermissionEntry }) {
  const details = rows(entry.details);
  const patterns = entry.patterns.filter((pattern) => pattern !== titleOf(entry));
  return (
    <div className="mt-1 flex flex-col gap-1.5">
      {entry.title !== "" && <LongText text={titleOf(entry)} className="font-mono text-[12.5px]" />}
      {patterns.length > 0 && (
        <p className="text-small text-muted">
          “Allow always” covers{" "}
          {patterns.slice(0, 12).map((pattern, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: patterns have no other name
            <span key={at}>
              {at > 0 && ", "}
              <code className="rounded border border-line bg-bg px-1 text-text [overflow-wrap:anywhere]">
                {plain(pattern, 300)}
              </code>
            </span>
          ))}
          {patterns.length > 12 && ` and ${patterns.length - 12} more`}
        </p>
      )}
      {details.length > 0 && (
        <details className="text-small">
          <summary className="w-fit text-muted hover:text-text max-md:py-2">Details</summary>
          <dl className="mt-1 grid max-h-64 grid-cols-[auto_minmax(0,1fr)] gap-x-3 gap-y-1 overflow-auto">
            {details.map(([name, value]) => (
              <div key={name} className="contents">
                <dt className="text-muted">{plain(name, 60)}</dt>
                <dd>
                  <LongText text={value} className="font-mono" />
                </dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </div>
  );
}

function Answered({ entry }: { entry: PermissionEntry }) {
  const allowed = entry.reply === "once" || entry.reply === "always";
  const Icon = allowed ? Check : X;
  return (
    <p className="flex items-start gap-1.5 py-1.5 text-base text-muted">
      <Icon
        aria-hidden
        className={cx(
          "mt-[3px] size-3.5 shrink-0",
          allowed ? "text-ok" : entry.reply === "reject" ? "text-bad" : "text-muted",
        )}
      />
      <span title={plain(entry.title, 400)} className="min-w-0 flex-1 truncate">
        {entry.by !== null && (
          <>
            <Person author={entry.by} />{" "}
          </>
        )}
        {words(entry)} <bdi className="font-mono text-[0.92em] text-text">{plain(titleOf(entry), 300)}</bdi>
        {entry.message !== null && entry.message !== "" && (
          <span dir="auto">: “{plain(entry.message, 500)}”</span>
        )}
        {entry.cause !== null && <> ({causeWords(entry.cause)})</>}
      </span>
      <Time at={entry.at} short className="shrink-0 text-small" />
    </p>
  );
}

/** "bash: ls" says what the card says already. */
function titleOf(entry: PermissionEntry): string {
  const said = `${entry.tool}: `;
  return (entry.title.startsWith(said) ? entry.title.slice(said.length) : entry.title) || entry.tool;
}

function words(entry: PermissionEntry): ReactNode {
  const start = entry.by === null;
  if (entry.reply === "once") return start ? "Allowed once:" : "allowed once:";
  if (entry.reply === "always") return start ? "Allowed always:" : "allowed always:";
  if (entry.reply === "reject" && entry.cause === null) return start ? "Rejected:" : "rejected:";
  return "Not answered:";
}

export function causeWords(cause: string): string {
  if (cause === "turn_ended") return "the turn ended first";
  if (cause === "sandbox_gone") return "the sandbox was gone first";
  return plain(cause.replaceAll("_", " "), 80);
}

const TOOLS: Record<string, string> = {
  bash: "running this command",
  edit: "changing this file",
  write: "writing this file",
  webfetch: "fetching this address",
  read: "reading this file",
  external_directory: "working outside the workspace",
};

function toolWords(tool: string): string {
  return (Object.hasOwn(TOOLS, tool) ? TOOLS[tool] : undefined) ?? `“${plain(tool, 60)}”`;
}

function rows(details: unknown): [string, string][] {
  if (typeof details !== "object" || details === null) return [];
  return Object.entries(details)
    .filter(([, value]) => value !== null && value !== "")
    .slice(0, 40)
    .map(([name, value]) => [name, typeof value === "string" ? value : JSON.stringify(value, null, 1)]);
}
