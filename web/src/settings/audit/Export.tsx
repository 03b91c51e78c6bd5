/** The log as a file: what is shown as a table, or the whole chain to be verified elsewhere. */
import type { AuditQuery } from "@agent-coordinator/client";
import { useMutation } from "@tanstack/react-query";
import { Download, FileCheck, Table } from "lucide-react";
import { coordinator } from "~/data/index.ts";
import { download } from "~/panel/download.ts";
import { Button, Menu, MenuItem, toast } from "~/ui/index.ts";

export function Export({ query }: { query: AuditQuery }) {
  const save = useMutation({
    mutationFn: async (format: "csv" | "ndjson") => {
      const stream = format === "csv" ? await coordinator.audit.csv(query) : await coordinator.audit.ndjson();
      // A stream that breaks off fails here: half an export must not look like a whole one.
      const bytes = await new Response(stream).arrayBuffer();
      const type = format === "csv" ? "text/csv" : "application/x-ndjson";
      download(`audit.${format}`, new Blob([bytes], { type }));
    },
    onError: (error) => toast.error(error, { title: "The log was not exported" }),
  });
  return (
    <Menu
      trigger={
        <Button busy={save.isPending}>
          <Download aria-hidden className="size-4" />
          Export
        </Button>
      }
    >
      <MenuItem icon={<Table aria-hidden />} onSelect={() => save.mutate("csv")}>
        Table (CSV)
        <span className="block text-small text-muted">What the filter finds</span>
      </MenuItem>
      <MenuItem icon={<FileCheck aria-hidden />} onSelect={() => save.mutate("ndjson")}>
        Chain (NDJSON)
        <span className="block text-small text-muted">All of it, signed, to be verified</span>
      </MenuItem>
    </Menu>
  );
}
