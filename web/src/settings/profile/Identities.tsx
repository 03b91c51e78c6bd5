/** Accounts elsewhere that sign in here: link one, and take it away again. Nothing where the server knows none. */
import type { IdentityInfo, SignInProvider } from "@agent-coordinator/client";
import { useMutation } from "@tanstack/react-query";
import { useSearch } from "@tanstack/react-router";
import { Notice } from "~/account/notice.tsx";
import { providerTrouble } from "~/account/provider-trouble.ts";
import { accountKeys, useIdentities, useWays } from "~/data/account.ts";
import { coordinator } from "~/data/index.ts";
import { Button, Plain, plain, Time, toast } from "~/ui/index.ts";
import { Removal } from "../Removal.tsx";
import { Rows } from "../Rows.tsx";
import { Block } from "./Block.tsx";
import { type ProviderRow, providerRows } from "./provider-rows.ts";

export function Identities() {
  const { providers } = useWays();
  const trouble = providerTrouble(useSearch({ from: "/app/settings/$section" }).trouble);
  const query = useIdentities(providers.length > 0);
  if (providers.length === 0) return null;
  return (
    <Block title="Sign-in providers" about="Accounts that you have elsewhere and can sign in with here.">
      {trouble && <Notice title={trouble.title}>{trouble.text}</Notice>}
      <Rows
        label="Sign-in providers"
        query={{ ...query, data: query.data && providerRows(providers, query.data) }}
        keyOf={(row) => row.key}
        row={(row) => <Row row={row} />}
        empty={null}
      />
    </Block>
  );
}

function Row({ row: { provider, name, identity } }: { row: ProviderRow }) {
  return (
    <>
      <div className="min-w-0 flex-1 basis-32">
        <p className="font-medium">{plain(name, 60)}</p>
        {identity ? <Linked identity={identity} /> : <p className="text-small text-muted">not linked</p>}
      </div>
      {identity ? (
        <Removal
          verb="Unlink"
          name={plain(name, 60)}
          description="It signs you in here no more. Your account there stays as it is."
          action="Unlink"
          remove={() => coordinator.auth.unlinkIdentity(identity.id)}
          touches={[accountKeys.identities]}
        />
      ) : (
        provider && <LinkIt provider={provider} />
      )}
    </>
  );
}

function Linked({ identity }: { identity: IdentityInfo }) {
  const who = identity.email ?? identity.name;
  return (
    <p className="text-small text-muted">
      {who && (
        <>
          <Plain text={who} limit={120} /> ·{" "}
        </>
      )}
      linked <Time at={identity.linked_at} /> ·{" "}
      {identity.last_used_at ? (
        <>
          used <Time at={identity.last_used_at} />
        </>
      ) : (
        "never used"
      )}
    </p>
  );
}

/** The provider asks on its own page, and sends the browser back here. */
function LinkIt({ provider }: { provider: SignInProvider }) {
  const link = useMutation({
    mutationFn: () => coordinator.auth.linkProvider(provider.id, { return_to: "/settings/profile" }),
    onSuccess: ({ url }) => location.assign(url),
    onError: (error) => toast.error(error, { title: `${plain(provider.name, 60)} was not linked` }),
  });
  return (
    <Button
      size="small"
      busy={link.isPending || link.isSuccess}
      onClick={() => link.mutate()}
      aria-label={`Link ${plain(provider.name, 60)}`}
    >
      Link
    </Button>
  );
}
