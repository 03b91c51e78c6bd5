/** Files for a page: pasted and dropped as a person's clipboard and mouse would. */
import type { Locator } from "@playwright/test";

export interface GivenFile {
  name: string;
  type: string;
  base64: string;
}

const FLAG = [
  "iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAUklEQVR42u3PMQ0AAAgDMCRNCtKRhAQuviY10JrkVXpelYCA",
  "gICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgIDAZQF0lAEt1iIuDAAAAABJRU5ErkJggg==",
].join("");

/** A picture of 64 by 64 points, red in one half and blue in the other. */
export const PICTURE: GivenFile = { name: "flag.png", type: "image/png", base64: FLAG };
export const NOTES: GivenFile = {
  name: "notes.txt",
  type: "text/plain",
  base64: Buffer.from("Größe: three\nfour\n").toString("base64"),
};

export async function paste(target: Locator, file: GivenFile): Promise<void> {
  await target.evaluate((element, given) => {
    const bytes = Uint8Array.from(atob(given.base64), (letter) => letter.charCodeAt(0));
    const data = new DataTransfer();
    data.items.add(new File([bytes], given.name, { type: given.type }));
    element.dispatchEvent(
      new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }),
    );
  }, file);
}

/** Drags over the target; the file is let go when `drop` is called. */
export async function drag(target: Locator, file: GivenFile): Promise<{ drop: () => Promise<void> }> {
  const data = await target.page().evaluateHandle((given) => {
    const bytes = Uint8Array.from(atob(given.base64), (letter) => letter.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], given.name, { type: given.type }));
    return transfer;
  }, file);
  await target.dispatchEvent("dragenter", { dataTransfer: data });
  await target.dispatchEvent("dragover", { dataTransfer: data });
  return { drop: () => target.dispatchEvent("drop", { dataTransfer: data }) };
}
