/** The files of a prompt, fetched back so that it can be sent once more. */
import type { NamedBytes, Turn } from "@agent-coordinator/client";
import { toast } from "~/ui/toast.ts";

/** Null when one of them cannot be had: the person has been told. */
export async function attachmentsOf(
  turn: Turn,
  url: (promptId: string, index: number) => string,
): Promise<NamedBytes[] | null> {
  try {
    return await Promise.all(
      turn.attachments.map(async ({ name, media_type }, at) => {
        const response = await fetch(url(turn.promptId, at));
        if (!response.ok) throw new Error(`“${name}” could not be read back.`);
        return { name, media_type, data: await response.blob() };
      }),
    );
  } catch (error) {
    toast.error(error, { title: "The files of the prompt could not be read back" });
    return null;
  }
}
