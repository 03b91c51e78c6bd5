/** Asks before one leaves. */
import { useMutation } from "@tanstack/react-query";
import { coordinator } from "~/data/index.ts";
import { switchOrganisation } from "~/shell/switch-organisation.ts";
import { Confirm, plain, toast } from "~/ui/index.ts";
import type { EndingProps } from "./Endings.tsx";

export function Leaving({ organisation, onClose }: EndingProps) {
  const leave = useMutation({
    mutationFn: () => coordinator.orgs.leave(organisation.id),
    onSuccess: () => switchOrganisation(undefined),
    onError: (error) => {
      toast.error(error, { title: "You are still a member" });
      onClose();
    },
  });
  return (
    <Confirm
      open
      onOpenChange={(open) => !open && onClose()}
      title={`Leave ${plain(organisation.name, 80)}?`}
      description="Only an invitation brings you back. Your API keys of it are revoked at once."
      action="Leave"
      busy={leave.isPending || leave.isSuccess}
      onConfirm={() => leave.mutate()}
    />
  );
}
