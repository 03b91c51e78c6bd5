/** Says on every page that the organisation is going to be erased, and lets an owner take that back. */
import { useMutation } from "@tanstack/react-query";
import { TriangleAlert } from "lucide-react";
import { coordinator } from "../data/coordinator.ts";
import { refreshStanding, useOrganisation } from "../data/organisation.ts";
import { absolute } from "../ui/format.ts";
import { Button, plain, toast } from "../ui/index.ts";

export function ClosingBanner() {
  const organisation = useOrganisation().data;
  const restore = useMutation({
    mutationFn: (id: string) => coordinator.orgs.restore(id),
    onSuccess: async () => {
      await refreshStanding();
      toast.ok("Restored: everything is as it was");
    },
    onError: (error) => toast.error(error, { title: "The organisation was not restored" }),
  });
  if (!organisation?.deletion) return null;
  const { id, name, role, deletion } = organisation;
  const at = Date.parse(deletion.effective_at);
  return (
    <section
      aria-label="The organisation is going to be deleted"
      className="flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b border-bad/40 bg-bad-soft px-4 py-2"
    >
      <TriangleAlert aria-hidden className="size-4 shrink-0 text-bad" />
      <p className="min-w-0 flex-1 basis-64">
        <span className="font-medium">
          {plain(name, 60)} will be erased on{" "}
          <time dateTime={deletion.effective_at} title={absolute(at)}>
            {new Date(at).toLocaleString(undefined, { dateStyle: "long", timeStyle: "short" })}
          </time>
          .
        </span>{" "}
        Until then it can be read and exported{role === "owner" ? "." : ", and an owner can restore it."}
      </p>
      {role === "owner" && (
        <Button size="small" busy={restore.isPending} onClick={() => restore.mutate(id)}>
          Restore
        </Button>
      )}
    </section>
  );
}
