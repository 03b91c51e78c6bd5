/** A new session: what to work on, with which agent and model, and the first prompt. */
import { useNavigate } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";
import { coordinator, keys, refresh, useAgents, useModels } from "~/data/index.ts";
import { usePageTitle } from "~/shell/title.ts";
import { Button, ErrorNote, Field, Kbd, Select } from "~/ui/index.ts";
import { emptyDraft, isAddress, type SessionDraft, toCreate } from "./draft.ts";
import { Examples } from "./Examples.tsx";
import { FirstPrompt } from "./FirstPrompt.tsx";
import { ModelField } from "./ModelField.tsx";
import { modelChoices, NoKey } from "./models.tsx";
import { Permissions } from "./Permissions.tsx";
import { RepositoryField } from "./RepositoryField.tsx";
import { rememberChoice, rememberedChoice } from "./remembered.ts";
import { SetUp } from "./SetUp.tsx";

export function StartPage() {
  const [draft, setDraft] = useState<SessionDraft>(() => ({ ...emptyDraft(), ...rememberedChoice() }));
  const [error, setError] = useState<unknown>(null);
  const [busy, setBusy] = useState(false);
  const [tried, setTried] = useState(false);
  const navigate = useNavigate();
  const models = useModels();
  const agents = useAgents();
  const change = (part: Partial<SessionDraft>) => setDraft((old) => ({ ...old, ...part }));

  const agentNames = agents.data ?? [];
  const agent = draft.agent || (agentNames.find(({ available }) => available)?.name ?? "");
  const problems = {
    repository:
      draft.url.trim() && !isAddress(draft.url)
        ? "Give the full address, for example https://github.com/owner/name.git"
        : null,
    model: draft.model ? null : "Choose a model.",
    agent: agent || agents.isPending ? null : "No agent can be used: this server has none installed.",
    prompt: draft.prompt.trim() || !draft.files.length ? null : "Say what is to be done with the files.",
  };

  const start = async () => {
    setTried(true);
    if (Object.values(problems).some(Boolean) || !agent || busy) return;
    setBusy(true);
    setError(null);
    try {
      const handle = await coordinator.sessions.create(toCreate({ ...draft, agent }));
      rememberChoice(draft);
      refresh(keys.sessions);
      await navigate({ to: "/sessions/$id", params: { id: handle.id } });
    } catch (refusal) {
      setError(refusal);
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void start();
  };
  usePageTitle("New session");
  const { choices, onlyDemo } = modelChoices(models.data);

  return (
    <div className="min-h-0 flex-1 overflow-y-auto">
      <form
        onSubmit={submit}
        aria-label="New session"
        className="mx-auto flex w-full max-w-2xl flex-col gap-5 px-4 py-8 md:px-8"
      >
        <header>
          <h1 className="text-[20px] font-semibold">New session</h1>
          <p className="mt-0.5 text-muted">
            The agent works in a sandbox of its own. You watch, answer and steer, and take the work when it is
            good.
          </p>
        </header>
        <FirstPrompt
          text={draft.prompt}
          files={draft.files}
          error={tried ? problems.prompt : null}
          onText={(prompt) => change({ prompt })}
          onFiles={(files) => change({ files })}
          onSubmit={() => void start()}
        />
        {!draft.prompt && (
          <Examples
            onPick={({ prompt, demo }) => change({ prompt, ...(demo ? { model: "demo/scripted" } : {}) })}
          />
        )}
        <RepositoryField draft={draft} onChange={change} error={tried ? problems.repository : null} />
        <SetUp draft={draft} onChange={change} />
        <div className="grid gap-4 sm:grid-cols-2">
          <ModelField
            value={draft.model}
            choices={choices}
            error={tried ? problems.model : null}
            onChange={(model) => change({ model })}
          />
          <Field label="Agent" error={tried ? problems.agent : null}>
            {(tie) => (
              <Select
                {...tie}
                value={agent}
                placeholder={agents.isPending ? "Loading" : "None is installed"}
                onChange={(name) => change({ agent: name })}
                options={agentNames.map(({ name, version, available, reason }) => ({
                  value: name,
                  label: name,
                  hint: version ?? undefined,
                  disabledReason: available ? null : (reason ?? "Not installed on this server"),
                }))}
              />
            )}
          </Field>
        </div>
        {onlyDemo && <NoKey hidden={!models.data} />}
        <Permissions value={draft.permissions} onChange={(permissions) => change({ permissions })} />
        {error ? <ErrorNote error={error} /> : null}
        <div className="flex flex-wrap items-center gap-3">
          <Button variant="primary" type="submit" busy={busy}>
            Start session
          </Button>
          <span className="text-small text-muted pointer-coarse:hidden">
            <Kbd keys="Mod Enter" /> in the prompt starts too
          </span>
        </div>
      </form>
    </div>
  );
}
