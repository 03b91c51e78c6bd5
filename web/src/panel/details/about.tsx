/** What the session is: agent, model, repository, the people, and its ids. */
import type { Person, SessionView } from "@agent-coordinator/client";
import { Plain, Time } from "~/ui/index.ts";
import { Id } from "./sandbox.tsx";
import { Fact, Rows, Section } from "./section.tsx";

export type About = Pick<
  SessionView,
  | "agent"
  | "model"
  | "permissions"
  | "repository"
  | "createdBy"
  | "createdAt"
  | "agentReady"
  | "runningPromptId"
  | "turns"
>;

export function AboutSession({
  sessionId,
  about,
  people,
}: {
  sessionId: string;
  about: About;
  people: Person[];
}) {
  const { agent, model, permissions, repository, createdBy, createdAt, agentReady, runningPromptId } = about;
  return (
    <>
      <Section title="Session">
        <Rows>
          <Fact name="Agent">
            <Plain text={[agent, agentReady?.version].filter(Boolean).join(" ")} limit={100} />
            {agentReady?.resumed && (
              <span className="text-small text-muted">its conversation was continued</span>
            )}
          </Fact>
          <Fact name="Model">
            <Plain text={model} limit={200} />
          </Fact>
          <Fact name="Permissions">
            {permissions === "ask" ? "It asks before commands and edits" : "It works without asking"}
          </Fact>
          {repository && (
            <Fact name="Repository">
              <Plain text={repository.url} limit={300} />
              {repository.ref && (
                <span className="text-muted">
                  at <Plain text={repository.ref} limit={200} />
                </span>
              )}
            </Fact>
          )}
          {createdAt && (
            <Fact name="Started">
              <Time at={createdAt} />
              {createdBy && (
                <span>
                  by <Plain text={createdBy.name ?? createdBy.user_id} limit={100} />
                </span>
              )}
            </Fact>
          )}
          <Fact name="Id">
            <Id id={sessionId} label="Copy session id" />
          </Fact>
          {runningPromptId && (
            <Fact name="Running prompt">
              <Id id={runningPromptId} label="Copy prompt id" />
            </Fact>
          )}
        </Rows>
      </Section>
      <People people={people} turns={about.turns} />
    </>
  );
}

function People({ people, turns }: { people: Person[]; turns: SessionView["turns"] }) {
  const wrote = new Map<string, { name: string; prompts: number }>();
  for (const { author } of turns) {
    const before = wrote.get(author.user_id);
    wrote.set(author.user_id, { name: author.name ?? author.user_id, prompts: (before?.prompts ?? 0) + 1 });
  }
  const here = new Set(people.map((person) => person.user_id));
  for (const person of people)
    if (!wrote.has(person.user_id)) wrote.set(person.user_id, { name: person.name, prompts: 0 });
  if (wrote.size === 0) return null;
  return (
    <Section title="People">
      <ul className="flex flex-col gap-0.5">
        {[...wrote].slice(0, 50).map(([id, { name, prompts }]) => (
          <li key={id} className="flex items-center gap-2">
            <span className="min-w-0 flex-1">
              <Plain text={name} limit={100} truncate />
            </span>
            <span className="shrink-0 text-small text-muted">
              {[
                here.has(id) && "here now",
                prompts > 0 && `${prompts} ${prompts === 1 ? "prompt" : "prompts"}`,
              ]
                .filter(Boolean)
                .join(" · ")}
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
