/** Somebody who is signed in and belongs to no organisation: an invitation, or one of their own. */
import { Link, useNavigate } from "@tanstack/react-router";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Failure, refusal, useAttempt } from "../account/attempt.tsx";
import { useWho } from "../data/account.ts";
import { chooseOrganisation } from "../data/chosen.ts";
import { coordinator, queryClient } from "../data/index.ts";
import { isMember } from "../data/queries.ts";
import { forgetEverything } from "../shell/sign-out.ts";
import { Button, buttonClass, ErrorNote, Field, Input, Plain, Skeleton } from "../ui/index.ts";
import { heldInvitation } from "./held.ts";
import { Aside, LINK, Outside } from "./outside.tsx";
import { slugOf } from "./slug.ts";

const TITLE = "You belong to no organisation yet";

export function NowherePage() {
  const who = useWho();
  const navigate = useNavigate();
  const leaving = useAttempt();
  // They belong somewhere after all, or somebody took them in just now.
  const elsewhere = who.data === null || (who.data !== undefined && isMember(who.data));
  useEffect(() => {
    if (elsewhere) void navigate({ to: "/", replace: true });
  }, [elsewhere, navigate]);
  if (who.error) {
    return (
      <Outside title={TITLE}>
        <ErrorNote error={who.error} action={<Button onClick={() => void who.refetch()}>Try again</Button>} />
      </Outside>
    );
  }
  if (!who.data || elsewhere) {
    return (
      <Outside title={TITLE}>
        <div role="status" aria-label="Loading" aria-busy>
          <Skeleton className="h-24" />
        </div>
      </Outside>
    );
  }
  const signOut = () =>
    leaving.run(async () => {
      await coordinator.auth.signOut();
      forgetEverything();
      await navigate({ to: "/sign-in", replace: true });
    });
  return (
    <Outside
      title={TITLE}
      about="Sessions, keys and environments belong to one. Open the invitation that you were sent, or make an organisation of your own."
    >
      {heldInvitation() !== null && (
        <Link to="/invitation" className={`${buttonClass("primary")} w-full`}>
          Look at your invitation
        </Link>
      )}
      <Make />
      <Failure attempt={leaving} />
      <Aside>
        <p>
          You are signed in as <Plain text={who.data.user.email} className="font-medium text-text" />.{" "}
          <button type="button" disabled={leaving.busy} onClick={() => void signOut()} className={LINK}>
            Sign out
          </button>
        </p>
      </Aside>
    </Outside>
  );
}

function Make() {
  const attempt = useAttempt();
  const navigate = useNavigate();
  const [name, setName] = useState("");
  const [own, setOwn] = useState<string | null>(null);
  const field = useRef<HTMLInputElement>(null);
  const slug = own ?? slugOf(name);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!name.trim() || !slug) return field.current?.focus();
    void attempt.run(async () => {
      const made = await coordinator.orgs.create({ name: name.trim(), slug });
      chooseOrganisation(made.id);
      queryClient.clear();
      await navigate({ to: "/", replace: true });
    });
  };
  return (
    <form onSubmit={submit} noValidate aria-label="New organisation" className="flex flex-col gap-4">
      <Field label="Name of the organisation" error={refusal(attempt.error, "name")}>
        {(tie) => (
          <Input
            {...tie}
            ref={field}
            required
            maxLength={100}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        )}
      </Field>
      <Field
        label="Short name"
        hint="For addresses and the command line; it stays as it is."
        error={refusal(attempt.error, "slug")}
      >
        {(tie) => (
          <Input
            {...tie}
            required
            maxLength={63}
            spellCheck={false}
            autoCapitalize="none"
            value={slug}
            onChange={(event) => setOwn(event.target.value)}
          />
        )}
      </Field>
      <Failure
        attempt={attempt}
        fields={["name", "slug"]}
        words={{ conflict: "This short name is taken. Choose another one." }}
      />
      <Button type="submit" variant="primary" busy={attempt.busy} className="w-full">
        Make the organisation
      </Button>
    </form>
  );
}
