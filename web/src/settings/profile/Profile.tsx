/** Who is signed in, and the password. */
import { useMutation } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { coordinator, keys, refresh, useMe } from "~/data/index.ts";
import { Badge, Button, ErrorNote, Field, Input, Plain, Skeleton } from "~/ui/index.ts";
import { Section } from "../Section.tsx";

const SHORTEST = 12;

export function Profile() {
  const me = useMe();
  return (
    <Section title="Profile" about="Who you are here, and how you sign in.">
      {me.data ? (
        <>
          <dl className="grid grid-cols-[8rem_1fr] gap-y-1.5 rounded-control border border-line px-3.5 py-3">
            <dt className="text-muted">E-mail</dt>
            <dd className="min-w-0">
              <Plain text={me.data.user.email} />
            </dd>
            <dt className="text-muted">Organisation</dt>
            <dd className="flex flex-wrap items-center gap-2">
              <Plain text={me.data.organisation.slug} />
              <Badge>{me.data.role}</Badge>
            </dd>
          </dl>
          <Password hasOne={Boolean(me.data.has_password)} email={me.data.user.email} />
        </>
      ) : me.error ? (
        <ErrorNote error={me.error} />
      ) : (
        <Skeleton className="h-20" />
      )}
    </Section>
  );
}

function Password({ hasOne, email }: { hasOne: boolean; email: string }) {
  const [current, setCurrent] = useState("");
  const [password, setPassword] = useState("");
  const [again, setAgain] = useState("");
  const [tried, setTried] = useState(false);
  const save = useMutation({
    mutationFn: () =>
      coordinator.auth.setPassword({ password, ...(current ? { current_password: current } : {}) }),
    onSuccess: () => {
      setCurrent("");
      setPassword("");
      setAgain("");
      setTried(false);
      refresh(keys.me);
    },
  });
  const short = password.length < SHORTEST ? `At least ${SHORTEST} characters.` : null;
  const differs = password === again ? null : "The two are not the same.";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (!short && !differs) save.mutate();
  };
  return (
    <form
      onSubmit={submit}
      aria-label="Password"
      className="flex max-w-md flex-col gap-4 rounded-control border border-line px-3.5 py-3.5"
    >
      <div>
        <h2 className="font-semibold">{hasOne ? "Change the password" : "Set a password"}</h2>
        <p className="text-muted">
          {hasOne
            ? "Your other browsers are signed out when it changes."
            : "You came in by a link that works once. With a password you can come back without another one."}
        </p>
      </div>
      <input type="text" name="username" autoComplete="username" value={email} readOnly hidden />
      {hasOne && (
        <Field label="Current password" hint="Not needed within 15 minutes of signing in by a link.">
          {(tie) => (
            <Input
              {...tie}
              type="password"
              autoComplete="current-password"
              value={current}
              onChange={(e) => setCurrent(e.target.value)}
            />
          )}
        </Field>
      )}
      <Field
        label="New password"
        error={tried ? short : null}
        hint={`At least ${SHORTEST} characters; a few words are best.`}
      >
        {(tie) => (
          <Input
            {...tie}
            type="password"
            autoComplete="new-password"
            value={password}
            onChange={(e) => setPassword(e.target.value)}
          />
        )}
      </Field>
      <Field label="The same again" error={tried ? differs : null}>
        {(tie) => (
          <Input
            {...tie}
            type="password"
            autoComplete="new-password"
            value={again}
            onChange={(e) => setAgain(e.target.value)}
          />
        )}
      </Field>
      {save.error && <ErrorNote error={save.error} />}
      <div className="flex items-center gap-3">
        <Button variant="primary" type="submit" busy={save.isPending}>
          {hasOne ? "Change password" : "Set password"}
        </Button>
        <span role="status" className="text-ok">
          {save.isSuccess && !password ? "Saved." : ""}
        </span>
      </div>
    </form>
  );
}
