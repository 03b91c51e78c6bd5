/** Takes a thing away that was set: asked first, said when it failed. */
import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { refresh } from "~/data/index.ts";
import { Button, Confirm, plain, toast } from "~/ui/index.ts";

export interface RemovalProps {
  /** What the button says: "Revoke". */
  verb: string;
  /** Of the thing, as the reader of the page hears it: "nightly build". */
  name: string;
  /** What follows from it. */
  description: string;
  /** What the button in the question says: "Revoke key". */
  action: string;
  remove: () => Promise<void>;
  /** Answers of the server that this changes. */
  touches: (readonly string[])[];
}

export function Removal({ verb, name, description, action, remove, touches }: RemovalProps) {
  const [asking, setAsking] = useState(false);
  const removal = useMutation({
    mutationFn: remove,
    onSuccess: () => refresh(...touches),
    onError: (error) => toast.error(error, { title: `${plain(name, 80)} is still there` }),
    onSettled: () => setAsking(false),
  });
  return (
    <>
      <Button size="small" variant="ghost" onClick={() => setAsking(true)} aria-label={`${verb} ${name}`}>
        {verb}
      </Button>
      <Confirm
        open={asking}
        onOpenChange={setAsking}
        title={`${verb} ${name}?`}
        description={description}
        action={action}
        busy={removal.isPending}
        onConfirm={() => removal.mutate()}
      />
    </>
  );
}
