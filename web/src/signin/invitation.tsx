/** An invitation: where it leads, and the one step that accepts it. Whoever has no account yet makes one on the way. */

import type { InvitationPreview, Me } from "@agent-coordinator/client";
import { Link, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useEffect, useState } from "react";
import { Failure, isCode, useAttempt } from "../account/attempt.tsx";
import { Notice } from "../account/notice.tsx";
import { accountKeys, usePreview, useWays, useWho } from "../data/account.ts";
import { chooseOrganisation } from "../data/chosen.ts";
import { coordinator, queryClient } from "../data/index.ts";
import { forgetEverything } from "../shell/sign-out.ts";
import { Button, buttonClass, ErrorNote, Plain, plain, Skeleton, toast } from "../ui/index.ts";
import { dropInvitation, heldInvitation, holdInvitation } from "./held.ts";
import { Aside, LINK, Outside } from "./outside.tsx";
import { useToken } from "./token.ts";

/** What each role may, in few words. */
const ROLES: Record<string, string> = {
  owner: "do everything, and decide who else may",
  admin: "set up model providers and environments, and invite others",
  member: "start sessions and work in them",
  viewer: "look at sessions and at what they cost",
};

export function InvitationPage() {
  const { token: fresh } = useToken("/invitation");
  const [held, setHeld] = useState(heldInvitation);
  useEffect(() => {
    if (fresh === null) return;
    holdInvitation(fresh);
    setHeld(fresh);
  }, [fresh]);
  const token = fresh ?? held;
  const preview = usePreview(token);
  const who = useWho();
  const over = isCode(preview.error, "invitation_expired");
  useEffect(() => {
    if (over) dropInvitation();
  }, [over]);

  if (token === null) {
    return (
      <Dead title="Open the link of your invitation">
        The link that you were sent leads here. Open it again, whole.
      </Dead>
    );
  }
  if (over) {
    return (
      <Dead title="This invitation does not work any more">
        It was used, taken back, or is too old; or a part of the link was lost when it was copied. Ask whoever
        invited you for another one.
      </Dead>
    );
  }
  const failed = preview.error ?? who.error;
  if (failed) {
    const again = () => {
      void preview.refetch();
      void who.refetch();
    };
    return (
      <Outside title="Your invitation">
        <ErrorNote error={failed} action={<Button onClick={again}>Try again</Button>} />
      </Outside>
    );
  }
  if (!preview.data || who.data === undefined) {
    return (
      <Outside title="Your invitation">
        <div role="status" aria-label="Loading the invitation" aria-busy className="flex flex-col gap-3">
          <Skeleton className="h-16" />
          <Skeleton className="h-8" />
        </div>
      </Outside>
    );
  }
  return (
    <Outside title={`Join ${plain(preview.data.organisation, 80)}`}>
      <Card preview={preview.data} />
      {who.data ? <Accept me={who.data} token={token} preview={preview.data} /> : <Enter />}
    </Outside>
  );
}

function Card({ preview }: { preview: InvitationPreview }) {
  return (
    <div className="rounded-control border border-line bg-surface px-3.5 py-3">
      <p className="text-pretty">
        You are invited to <Plain text={preview.organisation} className="font-semibold" /> as{" "}
        <span className="font-semibold">{plain(preview.role, 20)}</span>
        {ROLES[preview.role] ? <>: you may {ROLES[preview.role]}.</> : "."}
      </p>
      <p className="mt-1.5 text-small text-muted">
        The invitation works once, until <Until at={preview.expires_at} />.
      </p>
    </div>
  );
}

/** A day that is still to come. */
function Until({ at }: { at: string }) {
  const time = new Date(at);
  if (Number.isNaN(time.getTime())) return null;
  const day = time.toLocaleDateString(undefined, { day: "numeric", month: "long", year: "numeric" });
  return (
    <time dateTime={at} title={time.toLocaleString(undefined, { dateStyle: "full", timeStyle: "short" })}>
      {day}
    </time>
  );
}

/** Nobody is signed in yet. */
function Enter() {
  const ways = useWays();
  const signUp = ways.sign_up !== "closed";
  return (
    <>
      <div className="flex flex-col gap-2">
        {signUp && (
          <Link to="/sign-up" className={`${buttonClass("primary")} w-full`}>
            Make an account
          </Link>
        )}
        <Link
          to="/sign-in"
          search={{ return: "/invitation" }}
          className={`${buttonClass(signUp ? "secondary" : "primary")} w-full`}
        >
          I have an account: sign in
        </Link>
      </div>
      {!signUp && (
        <Aside>
          <p>Without an account, ask whoever runs this server for one: it takes no sign-ups.</p>
        </Aside>
      )}
    </>
  );
}

interface AcceptProps {
  me: Me;
  token: string;
  preview: InvitationPreview;
}

function Accept({ me, token, preview }: AcceptProps) {
  const attempt = useAttempt();
  const leaving = useAttempt();
  const navigate = useNavigate();
  const accept = () =>
    attempt.run(async () => {
      const joined = await coordinator.orgs.invitations.accept(token);
      dropInvitation();
      chooseOrganisation(joined.id);
      // What was read before was read as somebody who did not belong there.
      queryClient.clear();
      toast.ok(`You are a member of ${plain(preview.organisation, 80)}`);
      await navigate({ to: "/", replace: true });
    });
  const signOut = () =>
    leaving.run(async () => {
      await coordinator.auth.signOut();
      forgetEverything();
      await queryClient.invalidateQueries({ queryKey: accountKeys.ways });
      await navigate({ to: "/sign-in", search: { return: "/invitation" } });
    });
  if (isCode(attempt.error, "conflict")) {
    return (
      <>
        <Notice title="You are a member already">
          The invitation is not used up: somebody else may take it.
        </Notice>
        <Link to="/" className={`${buttonClass("primary")} w-full`}>
          Go to your sessions
        </Link>
      </>
    );
  }
  if (isCode(attempt.error, "invitation_expired")) {
    return (
      <Notice title="This invitation does not work any more">
        It was used or taken back in the meantime. Ask whoever invited you for another one.
      </Notice>
    );
  }
  const other = isCode(attempt.error, "forbidden");
  return (
    <>
      {other ? (
        <Notice title="This invitation is for somebody else">
          It was made out to another address than <Plain text={me.user.email} className="font-medium" />. Sign
          in with the account of that address.
        </Notice>
      ) : (
        <>
          <Failure attempt={attempt} />
          <Button variant="primary" busy={attempt.busy} onClick={() => void accept()} className="w-full">
            Accept the invitation
          </Button>
        </>
      )}
      <Failure attempt={leaving} />
      <Aside>
        <p>
          You are signed in as <Plain text={me.user.email} className="font-medium text-text" />.{" "}
          <button type="button" disabled={leaving.busy} onClick={() => void signOut()} className={LINK}>
            Use another account
          </button>
        </p>
      </Aside>
    </>
  );
}

function Dead({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Outside title={title} about={children}>
      <Link to="/" className={`${buttonClass("secondary")} self-start`}>
        Go to the start
      </Link>
    </Outside>
  );
}
